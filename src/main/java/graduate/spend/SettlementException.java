package graduate.spend;

import graduate.audit.AuditLog;
import java.time.Instant;

/** A call that cannot be settled by hand. */
public final class SettlementException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private SettlementException(String message) {
    super(message);
  }

  static OpenCall require(Balance balance, String call, Instant now) {
    OpenCall held =
        balance.open().stream()
            .filter(c -> c.id().equals(call) && c.held())
            .findFirst()
            .orElseThrow(() -> new SettlementException(call + ": not held. See: graduate spend"));
    if (!now.isAfter(held.deadline())) {
      throw new SettlementException(
          call
              + ": may still be running until "
              + AuditLog.time(held.deadline())
              + "; settle it after that");
    }
    return held;
  }
}
