package graduate.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

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

  private static String show(BigDecimal usd, RoundingMode rounding) {
    int whole = Math.max(0, usd.precision() - usd.scale());
    BigDecimal shown =
        whole >= 1 ? usd.setScale(2, rounding) : usd.round(new MathContext(3, rounding));
    shown = shown.stripTrailingZeros();
    String digits = shown.setScale(Math.max(2, shown.scale())).abs().toPlainString();
    return (shown.signum() < 0 ? "-$" : "$") + digits;
  }
}
