package graduate.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A saved answer and how like the new one is to it.
 *
 * @param rougeL ROUGE-L F1, or null where neither has a word
 */
record Score(String path, AnswerText text, @Nullable Double rougeL) {
  /** Two places, rounded down: 1.00 is the whole, and what fails at 0.80 does not read 0.80. */
  static String inWords(@Nullable Double value) {
    return value == null
        ? "n/a"
        : BigDecimal.valueOf(value).setScale(2, RoundingMode.DOWN).toPlainString();
  }
}
