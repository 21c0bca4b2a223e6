package graduate.spend;

import graduate.audit.Source;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call without a known cost, or one whose own answer may still come.
 *
 * @param reserved USD
 * @param responded whether its response line is there
 * @param settled USD by its owner's word, before its response; null where it is held
 */
public record OpenCall(
    String id,
    Instant requested,
    Instant deadline,
    Source prompt,
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

  /** The same call, with the greater of what both know. */
  OpenCall and(OpenCall other) {
    return new OpenCall(
        id,
        other.requested,
        other.deadline,
        other.prompt,
        reserved.max(other.reserved),
        responded || other.responded,
        settled != null ? settled : other.settled);
  }

  OpenCall settledAt(BigDecimal usd) {
    return new OpenCall(id, requested, deadline, prompt, reserved, responded, usd);
  }
}
