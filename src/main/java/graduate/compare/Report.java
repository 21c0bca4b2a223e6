package graduate.compare;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.compare.Comparison.Call;
import graduate.compare.Comparison.Score;
import graduate.compare.Difference.Row;
import graduate.compare.Difference.Run;
import graduate.compare.Difference.Side;
import graduate.compare.Facts.Fact;
import graduate.text.Visible;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison for a terminal, and for programs. */
public final class Report {
  /** Equal lines shown before and after a difference. */
  private static final int CONTEXT = 2;

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String BOLD = "\u001b[1m";
  private static final String OFF = "\u001b[0m";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ENGLISH);

  /** A name and what stands behind it. */
  record Line(String name, String text) {}

  private final Comparison result;
  private final boolean colour;
  private final StringBuilder out = new StringBuilder();

  private Report(Comparison result, boolean colour) {
    this.result = result;
    this.colour = colour;
  }

  /**
   * The report for a terminal, ending in a newline. Its first line says what came out.
   *
   * @param colour whether to write the escape sequences of a terminal
   */
  public static String text(Comparison result, boolean colour) {
    Report report = new Report(result, colour);
    report.write();
    return report.out.toString();
  }

  /** The report for programs: one object, ending in a newline. */
  public static String json(Comparison result) {
    ObjectNode object = new JsonMapper().createObjectNode();
    Call call = result.answer.call();
    object.put("prompt", result.subject.prompt());
    object.put("answer", call == null ? null : call.id());
    object.put("replay", result.replay());
    object.put("model", call == null ? null : call.model());
    ArrayNode saved = object.putArray("saved");
    for (Score score : result.saved) {
      saved.addObject().put("path", score.path()).put("rougeL", score.rougeL());
    }
    object.putNull("spread");
    if (result.spread != null) {
      object.putArray("spread").add(result.spread.low()).add(result.spread.high());
    }
    object
        .putObject("measures")
        .put("identical", result.identical())
        .put("same_text", result.sameText())
        .put("rougeL", result.rougeL());
    ObjectNode facts = object.putObject("facts");
    add(facts.putArray("missing"), result.facts.missing());
    add(facts.putArray("extra"), result.facts.extra());
    if (result.json.applies()) {
      ObjectNode json = object.putObject("json");
      result.json.missing.forEach(json.putArray("missing")::add);
      result.json.extra.forEach(json.putArray("extra")::add);
      ArrayNode changed = json.putArray("changed");
      result.json.changed.forEach(change -> changed.add(change.path()));
    }
    object.put("verdict", result.verdict());
    return Visible.json(object.toPrettyString()) + "\n";
  }

  private static void add(ArrayNode array, List<Fact> facts) {
    for (Fact fact : facts) {
      array
          .addObject()
          .put("text", fact.text())
          .put("kind", fact.kind().toString())
          .put("context", fact.context());
    }
  }

  /** Where the answers come from, and how alike they are. */
  static List<Line> origin(Comparison result) {
    List<Line> lines = new ArrayList<>(List.of(new Line("new", made(result.answer.call()))));
    for (Score score : result.saved) {
      lines.add(
          new Line("saved", score.path() + ", wording " + Comparison.inWords(score.rougeL())));
    }
    if (result.subject.chatGptModel() != null) {
      lines.add(new Line("", "ChatGPT used " + result.subject.chatGptModel()));
    }
    return lines;
  }

  private static String made(@Nullable Call call) {
    if (call == null) {
      return "from a file";
    }
    String model = call.model() == null ? "model not known" : call.model();
    String replayed = call.replay() ? ", replayed" : "";
    String cost = call.costUsd() == null ? "" : ", $" + call.costUsd().toPlainString();
    double seconds = call.elapsed().toMillis() / 1000.0;
    String took = String.format(Locale.ROOT, "%.1f s", seconds);
    return model
        + replayed
        + ", "
        + TIME.format(call.time())
        + cost
        + ", "
        + took
        + ", call "
        + call.id();
  }

  /** What differs by path; nothing where the answers are not both JSON. */
  static List<Line> json(JsonDiff json) {
    List<Line> lines = new ArrayList<>();
    json.missing.forEach(path -> lines.add(new Line("missing", path)));
    json.extra.forEach(path -> lines.add(new Line("extra", path)));
    for (JsonDiff.Change change : json.changed) {
      String values = change.saved() + " → " + change.fresh();
      lines.add(new Line("changed", change.path() + "  " + values));
    }
    return json.equal() ? List.of(new Line("equal", "")) : lines;
  }

  private void write() {
    line(painted(BOLD, Visible.line(result.subject.prompt())) + ": " + result.headline());
    if (result.failures != null) {
      result.failures.forEach(why -> line(painted(RED, "failed") + " " + Visible.line(why)));
    }
    lines(origin(result));
    section("Facts");
    lines(facts("missing", result.facts.missing()));
    lines(facts("extra", result.facts.extra()));
    lines(List.of(new Line("in both", String.valueOf(result.facts.kept()))));
    if (result.json.applies()) {
      section("JSON");
      lines(json(result.json));
    }
    section("Difference ([-saved-] {+new+})");
    difference();
  }

  private static List<Line> facts(String name, List<Fact> facts) {
    return facts.isEmpty()
        ? List.of(new Line(name, "none"))
        : facts.stream().map(f -> new Line(name, f.text() + "   in: " + f.context())).toList();
  }

  private void difference() {
    if (!result.difference.note().isEmpty()) {
      line("  " + result.difference.note());
    }
    List<Row> rows = result.difference.rows();
    int equal = 0;
    for (int i = 0; i < rows.size(); i++) {
      int from = Math.max(0, i - CONTEXT);
      int to = Math.min(rows.size(), i + CONTEXT + 1);
      if (rows.subList(from, to).stream().allMatch(Row::same)) {
        equal++;
      } else {
        skipped(equal);
        equal = 0;
        line("  " + rows.get(i).runs().stream().map(this::marked).collect(joining()));
      }
    }
    skipped(equal);
  }

  private void skipped(int lines) {
    if (lines > 0) {
      line(String.format(Locale.ROOT, "  (%,d equal line%s)", lines, lines == 1 ? "" : "s"));
    }
  }

  private String marked(Run run) {
    String text = Visible.line(run.text());
    String seen = text.isEmpty() && run.side() != Side.BOTH ? "¶" : text;
    return switch (run.side()) {
      case BOTH -> seen;
      case SAVED -> painted(RED, "[-" + seen + "-]");
      case NEW -> painted(GREEN, "{+" + seen + "+}");
    };
  }

  private void section(String heading) {
    line("");
    line(painted(BOLD, heading));
  }

  private void lines(List<Line> lines) {
    for (Line line : lines) {
      line("  %-9s  %s".formatted(line.name, Visible.line(line.text)).stripTrailing());
    }
  }

  private String painted(String paint, String text) {
    return colour ? paint + text + OFF : text;
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
