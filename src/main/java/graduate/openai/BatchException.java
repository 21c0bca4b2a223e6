package graduate.openai;

import java.io.IOException;

/** What keeps a batch from going on. */
public class BatchException extends IOException {
  private static final long serialVersionUID = 1;
  private final boolean lasting;

  /** With {@code lasting}, trying again later does not help by itself. */
  public BatchException(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  /** Whether somebody has to do something about it first. */
  public boolean isLasting() {
    return lasting;
  }
}
