package graduate.run;

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
    String deadline = batch.last().text("deadline");
    String until = deadline.isEmpty() ? "" : ", until " + deadline + " at the latest";
    return new BatchLook(
        Seen.BUSY, "another command is or was at batch " + batch.last().id() + until);
  }
}
