package graduate.spend;

import java.math.BigDecimal;

/**
 * What is gone of a cap.
 *
 * @param spent known costs, USD
 * @param held reservations without a known cost, USD
 * @param calls how many reservations these are
 */
public record Committed(BigDecimal spent, BigDecimal held, int calls) {
  public static final Committed NOTHING = new Committed(BigDecimal.ZERO, BigDecimal.ZERO, 0);

  /** With one call more whose cost is known. */
  public Committed spending(BigDecimal usd) {
    return new Committed(spent.add(usd), held, calls);
  }

  /** With one call more that counts by its reservation. */
  public Committed holding(BigDecimal usd) {
    return holding(usd, 1);
  }

  /** With one that counted by its reservation, and whose cost is known now. */
  public Committed settling(BigDecimal reserved, BigDecimal usd) {
    return new Committed(spent.add(usd), held.subtract(reserved), calls - 1);
  }

  Committed holding(BigDecimal usd, int more) {
    return new Committed(spent, held.add(usd), calls + more);
  }
}
