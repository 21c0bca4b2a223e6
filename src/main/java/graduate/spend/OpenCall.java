package graduate.spend;

import graduate.audit.LogLine;
import graduate.audit.Source;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call without a known cost, or one whose own answer may still come; or what is left of a batch.
 *
 * @param reserved USD
 * @param calls how many of a batch have no known cost; 0 for a call
 * @param responded whether its response line is there, or its batch is over
 * @param settled USD by its owner's word, before its response; null where it is held
 */
public record OpenCall(
    String id,
    Instant requested,
    Instant deadline,
    Source prompt,
    BigDecimal reserved,
    int calls,
    boolean responded,
    @Nullable BigDecimal settled) {

  /** The call or the batch that the line is about, without a known cost. */
  static OpenCall of(LogLine line, boolean responded) {
    return new OpenCall(
        line.call(),
        line.requested(),
        line.deadline(),
        line.source("prompt"),
        line.reserved(),
        line.field("calls").asInt(),
        responded,
        null);
  }

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
        Math.max(calls, other.calls),
        responded || other.responded,
        settled != null ? settled : other.settled);
  }

  OpenCall settledAt(BigDecimal usd) {
    return new OpenCall(id, requested, deadline, prompt, reserved, calls, responded, usd);
  }

  /** A batch without one of its calls. */
  OpenCall without(BigDecimal usd) {
    BigDecimal left = reserved.subtract(usd).max(BigDecimal.ZERO);
    return new OpenCall(id, requested, deadline, prompt, left, calls - 1, responded, settled);
  }

  /** A batch at another step. */
  OpenCall at(Instant until, boolean over) {
    return new OpenCall(id, requested, until, prompt, reserved, calls, over, settled);
  }
}
