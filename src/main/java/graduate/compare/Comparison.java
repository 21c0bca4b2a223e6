package graduate.compare;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that can be said of a new answer beside the saved ones; the best match of them decides. */
public final class Comparison {
  /**
   * What both answers answer.
   *
   * @param prompt the prompt's name, as the reports show it
   * @param promptText the prompt as it was sent
   * @param inputText the input as it was sent, or null where there was none
   * @param chatGptModel the model that ChatGPT used, or null where nobody knows
   */
  public record Subject(
      String prompt,
      String promptText,
      @Nullable String inputText,
      @Nullable String chatGptModel) {}

  /** An answer saved from ChatGPT, unchanged, and its file as the reports show it. */
  public record SavedAnswer(String path, String text) {}

  /**
   * The answer that is to be judged.
   *
   * @param call the id of its log lines
   * @param replay whether this is ChatGPT's own saved answer, played back
   * @param origin where it comes from, for people
   */
  public record NewAnswer(
      String text, @Nullable String call, @Nullable String model, boolean replay, String origin) {}

  /** A saved answer and its ROUGE-L F1 with the new one, null where neither has a word. */
  @JsonIncludeProperties({"path", "rougeL"})
  record Score(String path, AnswerText text, @Nullable Double rougeL) {
    String wording() {
      return inWords(rougeL);
    }
  }

  /**
   * How alike the new answer and the best match are.
   *
   * @param identical whether the raw bytes are the same
   * @param sameText whether only citation marks, line ends, trailing blanks or Unicode forms differ
   * @param rougeL the ROUGE-L F1, null where neither has a word
   */
  record Measures(
      boolean identical, @JsonProperty("same_text") boolean sameText, @Nullable Double rougeL) {}

  /** ROUGE-L F1 of the least and of the most like pair of saved answers. */
  record Spread(double low, double high) {}

  final Subject subject;
  final NewAnswer answer;
  final AnswerText text;

  /** Best first; among equals as they were given. */
  final List<Score> saved;

  final Measures measures;
  final @Nullable Spread spread;
  final Facts facts;
  final JsonDiff json;

  final Difference difference;

  /** A line for each check that failed; null where none was asked for. */
  final @Nullable List<String> failures;

  /**
   * Compares with {@code saved}, which are not none; takes some seconds for answers of 100,000
   * words.
   */
  public Comparison(Subject subject, NewAnswer answer, List<SavedAnswer> saved, Checks checks) {
    this.subject = subject;
    this.answer = answer;
    this.text = AnswerText.of(answer.text());
    this.saved = saved.stream().map(this::score).sorted(bestFirst()).toList();
    boolean identical = best().raw().equals(text.raw());
    boolean sameText = best().clean().equals(text.clean());
    this.measures = new Measures(identical, sameText, this.saved.get(0).rougeL());
    this.spread = spread(this.saved.stream().map(score -> score.text().words()).toList());
    this.json = new JsonDiff(best().clean(), text.clean());
    List<String> shown = json.applies() ? json.laidOut() : List.of(best().clean(), text.clean());
    this.facts = Facts.between(shown.get(0), shown.get(1));
    this.difference = new Difference(shown.get(0), shown.get(1));
    this.failures = checks.failures(this);
  }

  private Score score(SavedAnswer saved) {
    AnswerText its = AnswerText.of(saved.text());
    return new Score(saved.path(), its, Lcs.f1(its.words(), text.words()));
  }

  private Comparator<Score> bestFirst() {
    return Comparator.comparing(
            Score::rougeL, Comparator.nullsLast(Comparator.<Double>reverseOrder()))
        .thenComparing(score -> !score.text().clean().equals(text.clean()))
        .thenComparing(score -> !score.text().raw().equals(text.raw()));
  }

  private static @Nullable Spread spread(List<List<String>> saved) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < saved.size(); i++) {
      for (int j = 0; j < i; j++) {
        Double score = Lcs.f1(saved.get(i), saved.get(j));
        if (score != null) {
          scores.add(score);
        }
      }
    }
    return scores.isEmpty() ? null : new Spread(Collections.min(scores), Collections.max(scores));
  }

  /** Whether a check that was asked for failed. */
  public boolean failed() {
    return failures != null && !failures.isEmpty();
  }

  AnswerText best() {
    return saved.get(0).text();
  }

  /** Pass or fail, or null where no check was asked for. */
  @Nullable String verdict() {
    return failures == null ? null : failures.isEmpty() ? "pass" : "fail";
  }

  /** What came out, in one sentence. */
  String headline() {
    String sentence = measures.identical ? "identical, byte for byte" : "the same text";
    if (!measures.sameText) {
      sentence = json.applies() ? "JSON: " + json.inWords() + "; " : "";
      sentence += facts.inWords() + "; " + wording();
    }
    return answer.replay()
        ? "replayed: ChatGPT's own saved answer, proves nothing about the API; " + sentence
        : sentence;
  }

  private String wording() {
    Double score = measures.rougeL;
    if (score == null || spread == null) {
      return score == null ? "no words to compare" : "wording " + inWords(score);
    }
    String as = score < spread.low ? "not as close as" : "as close as";
    String low = inWords(spread.low);
    String high = inWords(spread.high);
    return "wording %s, %s ChatGPT is to itself (%s)"
        .formatted(
            inWords(score),
            score > spread.high ? "closer than" : as,
            low.equals(high) ? low : low + " to " + high);
  }

  /** Two places, rounded down: 1.00 is the whole, and what fails at 0.80 does not read 0.80. */
  static String inWords(@Nullable Double score) {
    return score == null
        ? "n/a"
        : BigDecimal.valueOf(score).setScale(2, RoundingMode.DOWN).toPlainString();
  }
}
