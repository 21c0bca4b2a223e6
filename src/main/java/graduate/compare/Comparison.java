package graduate.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All that can be said of a new answer beside the saved ones; the best match of them decides. */
public final class Comparison {
  /** Failed checks first, then by missing facts, then by wording. */
  static final Comparator<Comparison> WORST_FIRST =
      Comparator.<Comparison, Boolean>comparing(c -> c.verdict == null || c.verdict.pass())
          .thenComparing(c -> -c.facts.missing().size())
          .thenComparing(c -> Objects.requireNonNullElse(c.measures.rougeL(), 1.0));

  final Subject subject;
  final NewAnswer answer;
  final AnswerText text;

  /** Best first; among equals as they were given. */
  final List<Score> saved;

  final @Nullable Spread spread;
  final Measures measures;
  final Facts facts;
  final Shape savedShape;
  final Shape newShape;
  final JsonDiff json;
  final Difference difference;
  private final @Nullable Verdict verdict;

  /**
   * Compares; takes well under a second for two answers of 100,000 words.
   *
   * @throws IllegalArgumentException if there is no saved answer
   */
  public Comparison(Subject subject, NewAnswer answer, List<SavedAnswer> saved, Checks checks) {
    if (saved.isEmpty()) {
      throw new IllegalArgumentException(subject.prompt() + ": no saved answer");
    }
    Vocabulary vocabulary = new Vocabulary();
    this.subject = subject;
    this.answer = answer;
    this.text = new AnswerText(answer.text(), vocabulary);
    this.saved =
        saved.stream().map(each -> score(each, vocabulary)).sorted(bestFirst(text)).toList();
    this.spread = Spread.of(this.saved.stream().map(Score::text).toList());
    AnswerText best = this.saved.get(0).text();
    this.measures = Measures.between(best, text);
    this.facts = Facts.between(best.clean, text.clean);
    this.savedShape = best.shape();
    this.newShape = text.shape();
    this.json = JsonDiff.between(best.clean, text.clean);
    this.difference = Difference.between(best, text);
    this.verdict = checks.judge(measures, spread, facts, json);
  }

  private static Comparator<Score> bestFirst(AnswerText text) {
    return Comparator.comparing(
            Score::rougeL, Comparator.nullsLast(Comparator.<Double>reverseOrder()))
        .thenComparing(score -> !score.text().clean.equals(text.clean))
        .thenComparing(score -> !score.text().raw.equals(text.raw));
  }

  private Score score(SavedAnswer saved, Vocabulary vocabulary) {
    AnswerText its = new AnswerText(saved.text(), vocabulary);
    return new Score(saved.path(), its, Rouge.l(its.words, text.words));
  }

  /** The verdict on the checks, or null where none was asked for. */
  public @Nullable Verdict verdict() {
    return verdict;
  }
}
