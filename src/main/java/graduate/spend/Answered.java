package graduate.spend;

import graduate.audit.AuditLog;
import java.time.Instant;

/**
 * The newest answered call to the same texts.
 *
 * @param time when it was requested, as {@link AuditLog#time} writes it: of thousands that are read
 *     and written again with the cache, few are ever asked for, and as text the later is the
 *     greater
 * @param offset of its response line in the log; -1 where that lies in a log set aside
 */
public record Answered(String id, String time, long offset) {
  /** When it was requested. */
  public Instant requested() {
    return AuditLog.instant(time).orElseThrow();
  }
}
