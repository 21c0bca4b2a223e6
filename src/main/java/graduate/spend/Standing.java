package graduate.spend;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * How a cap stands.
 *
 * @param spent known costs in the window, USD
 * @param held reservations without a known cost, USD
 * @param heldCalls how many
 * @param ends when the window ends
 */
public record Standing(
    Cap cap, BigDecimal spent, BigDecimal held, int heldCalls, Optional<Instant> ends) {

  /** What may still be reserved, USD; below zero where the cap is passed. */
  public BigDecimal left() {
    return cap.usd().subtract(spent).subtract(held);
  }
}
