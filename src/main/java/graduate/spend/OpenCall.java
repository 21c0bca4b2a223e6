package graduate.spend;

import graduate.audit.Source;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call whose cost or end is not known.
 *
 * @param texts the hashes of its prompt and input
 * @param prompt the prompt's path and hash
 * @param reserved USD
 * @param responded whether its response line is there
 * @param settled USD by its owner's word, before its response; null where it is held
 */
public record OpenCall(
    String id,
    Instant requested,
    Instant deadline,
    Source prompt,
    String texts,
    BigDecimal reserved,
    boolean responded,
    @Nullable BigDecimal settled) {

  /** Whether its reservation counts. */
  public boolean held() {
    return settled == null;
  }

  /** Whether it may still be running. */
  public boolean inFlight(Instant now) {
    return !responded && !now.isAfter(deadline);
  }
}
