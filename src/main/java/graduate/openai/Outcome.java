package graduate.openai;

import java.util.Locale;

/** How an attempt ended, as the log names it. */
public enum Outcome {
  /** A whole answer came. */
  ANSWERED,
  /** An answer came, cut off, refused by the model, filtered, or a wish to call a tool. */
  INCOMPLETE,
  /** The API said no, and would again. */
  REFUSED,
  /** No answer, perhaps another time. */
  FAILED,
  /** Sent, and nothing more is known. */
  UNKNOWN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
