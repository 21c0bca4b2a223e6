package graduate.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/** Amounts as people read them: three digits that count, at least two decimals. */
final class Usd {
  private Usd() {}

  /** Rounded up, for what may have to be paid. */
  static String up(BigDecimal usd) {
    return show(usd, RoundingMode.CEILING);
  }

  /** Rounded down, for what is left. */
  static String down(BigDecimal usd) {
    return show(usd, RoundingMode.FLOOR);
  }

  /** Rounded to the nearest, for what was paid. */
  static String near(BigDecimal usd) {
    return show(usd, RoundingMode.HALF_UP);
  }

  /** A text as an amount, 0 or more; empty where it is none. */
  static Optional<BigDecimal> read(String text) {
    try {
      return Optional.of(new BigDecimal(text))
          .filter(usd -> usd.signum() >= 0 && Math.abs(usd.scale()) <= 30);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String show(BigDecimal usd, RoundingMode rounding) {
    int whole = Math.max(0, usd.precision() - usd.scale());
    BigDecimal shown =
        whole >= 1 ? usd.setScale(2, rounding) : usd.round(new MathContext(3, rounding));
    shown = shown.stripTrailingZeros();
    String digits = shown.setScale(Math.max(2, shown.scale())).abs().toPlainString();
    return (shown.signum() < 0 ? "-$" : "$") + digits;
  }
}
