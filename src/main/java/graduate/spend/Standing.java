package graduate.spend;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * How a cap stands.
 *
 * @param committed in its window
 * @param ends when the window ends
 */
public record Standing(Cap cap, Committed committed, Optional<Instant> ends) {

  /** What may still be reserved, USD; below zero where the cap is passed. */
  public BigDecimal left() {
    return cap.usd().subtract(committed.spent()).subtract(committed.held());
  }

  /** Whether a call that can cost so much fits; one that costs nothing always does. */
  public boolean holds(BigDecimal worst) {
    return worst.signum() == 0 || worst.compareTo(left()) <= 0;
  }

  /**
   * Makes sure that it fits.
   *
   * @throws CapExceededException where it does not
   */
  public void require(BigDecimal worst) {
    if (!holds(worst)) {
      throw new CapExceededException(worst, this);
    }
  }
}
