package graduate.run;

import graduate.audit.LogTime;
import java.time.Instant;

/**
 * How a batch stands after a look.
 *
 * @param said what is to be said of it
 */
public record BatchLook(Seen seen, String said) {
  /** How a batch stands after a look. */
  public enum Seen {
    HANDED_IN,
    RUNNING,
    COLLECTED,
    /** Another command is at it. */
    BUSY,
    /** Whether its creation had an effect is not known. */
    LOST,
    REFUSED,
    FAILED
  }

  static BatchLook busy(Batch batch) {
    Instant deadline = batch.last().deadline();
    String until = deadline == null ? "" : ", until " + LogTime.of(deadline) + " at the latest";
    return new BatchLook(
        Seen.BUSY, "another command is or was at batch " + batch.last().id() + until);
  }
}
