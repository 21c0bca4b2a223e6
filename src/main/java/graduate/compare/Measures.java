package graduate.compare;

import org.jspecify.annotations.Nullable;

/**
 * How like two answers are. A measure with nothing to count on both sides is null, on one side 0.
 *
 * @param identical whether the raw bytes are the same
 * @param sameText whether only citation marks, line ends, trailing blanks or Unicode forms differ
 * @param rouge1 ROUGE-1 F1, from 0 to 1
 * @param rouge2 ROUGE-2 F1, from 0 to 1
 * @param rougeL ROUGE-L F1, from 0 to 1
 * @param lengthRatio words of the new answer ÷ words of the saved one
 */
record Measures(
    boolean identical,
    boolean sameText,
    @Nullable Double rouge1,
    @Nullable Double rouge2,
    @Nullable Double rougeL,
    @Nullable Double lengthRatio) {

  static Measures between(AnswerText saved, AnswerText fresh) {
    return new Measures(
        saved.raw.equals(fresh.raw),
        saved.clean.equals(fresh.clean),
        Rouge.n(saved.words, fresh.words, 1),
        Rouge.n(saved.words, fresh.words, 2),
        Rouge.l(saved.words, fresh.words),
        ratio(fresh.words.length, saved.words.length));
  }

  private static @Nullable Double ratio(int newWords, int savedWords) {
    if (savedWords == 0) {
      return newWords == 0 ? null : 0.0;
    }
    return (double) newWords / savedWords;
  }
}
