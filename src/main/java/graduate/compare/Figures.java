package graduate.compare;

import graduate.text.Visible;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** The small tables of a report, as the terminal and the page show them: rows of visible text. */
final class Figures {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ENGLISH);

  private Figures() {}

  /** Where both answers come from. */
  static List<List<String>> origin(Comparison result) {
    String used = result.subject.chatGptModel();
    String best = result.saved.size() == 1 ? "" : " (best of " + result.saved.size() + ")";
    String saved = result.saved.get(0).path() + best;
    return List.of(
        List.of("new", Visible.line(newAnswer(result.answer))),
        List.of("saved", Visible.line(used == null ? saved : saved + ", ChatGPT used " + used)));
  }

  private static String newAnswer(NewAnswer answer) {
    List<String> known = new ArrayList<>();
    known.add(answer.model() == null ? "model not known" : answer.model());
    if (answer.replay()) {
      known.add("replayed");
    }
    if (answer.time() != null) {
      known.add(TIME.format(answer.time()));
    }
    if (answer.costUsd() != null) {
      known.add("$" + answer.costUsd().toPlainString());
    }
    if (answer.elapsed() != null) {
      known.add(String.format(Locale.ROOT, "%.1f s", answer.elapsed().toMillis() / 1000.0));
    }
    if (answer.call() != null) {
      known.add("call " + answer.call());
    }
    return String.join(", ", known);
  }

  static List<List<String>> facts(Facts facts) {
    return List.of(
        List.of("missing", list(facts.missing())),
        List.of("extra", list(facts.extra())),
        List.of("in both", String.valueOf(facts.kept())));
  }

  private static String list(List<Fact> facts) {
    return facts.isEmpty() ? "none" : Visible.line(String.join(", ", Facts.texts(facts)));
  }

  /** What differs by path; nothing where the answers are not both JSON. */
  static List<List<String>> json(JsonDiff json) {
    List<List<String>> rows = new ArrayList<>();
    json.missing().forEach(path -> rows.add(List.of("missing", Visible.line(path), "")));
    json.extra().forEach(path -> rows.add(List.of("extra", Visible.line(path), "")));
    for (JsonDiff.Change change : json.changed()) {
      String values = change.saved() + " → " + change.fresh();
      rows.add(List.of("changed", Visible.line(change.path()), Visible.line(values)));
    }
    return json.equal() ? List.of(List.of("equal")) : rows;
  }

  /** What both have of each mark, without those that neither has; and their lengths. */
  static List<List<String>> shape(Comparison result) {
    List<List<String>> rows = new ArrayList<>();
    if (result.newShape.markdown() && !result.savedShape.markdown()) {
      rows.add(List.of("Markdown", "lost in the saved answer, as in copying by selection"));
    } else {
      count(rows, result, "headings", Shape::headings);
      count(rows, result, "list items", Shape::listItems);
      count(rows, result, "tables", Shape::tables);
      count(rows, result, "code blocks", Shape::codeBlocks);
    }
    count(rows, result, "words", Shape::words);
    return rows;
  }

  private static void count(
      List<List<String>> rows, Comparison result, String name, ToIntFunction<Shape> part) {
    int saved = part.applyAsInt(result.savedShape);
    int fresh = part.applyAsInt(result.newShape);
    if (saved + fresh > 0) {
      rows.add(List.of(name, saved == fresh ? saved + " in each" : saved + " → " + fresh));
    }
  }

  static List<List<String>> likeness(Comparison result) {
    Measures measures = result.measures;
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("identical", measures.identical() ? "yes, byte for byte" : "no"));
    rows.add(List.of("same text", measures.sameText() ? "yes" : "no"));
    rows.add(List.of("wording", wording(result)));
    if (result.saved.size() > 1) {
      for (Score score : result.saved) {
        rows.add(List.of("", Score.inWords(score.rougeL()) + " " + Visible.line(score.path())));
      }
    }
    return rows;
  }

  private static String wording(Comparison result) {
    String score = Score.inWords(result.measures.rougeL()) + " (ROUGE-L F1)";
    if (result.saved.size() == 1) {
      return score;
    }
    score += " against the best of " + result.saved.size();
    return result.spread == null
        ? score
        : score + "; they agree with each other at " + result.spread.inWords();
  }

  /** A line for each prompt below a line of names. */
  static List<List<String>> overview(List<Comparison> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "prompt", "checks", "missing", "extra", "JSON", "wording", "ChatGPT itself", "model"));
    for (Comparison result : results) {
      Verdict verdict = result.verdict();
      String model = result.answer.model() == null ? "-" : result.answer.model();
      rows.add(
          List.of(
              Visible.line(result.subject.prompt()),
              verdict == null ? "-" : verdict.pass() ? "pass" : "fail",
              String.valueOf(result.facts.missing().size()),
              String.valueOf(result.facts.extra().size()),
              result.json.applies() ? result.json.inWords() : "-",
              Score.inWords(result.measures.rougeL()),
              result.spread == null ? "-" : result.spread.inWords(),
              result.answer.replay() ? "replayed" : Visible.line(model)));
    }
    return rows;
  }
}
