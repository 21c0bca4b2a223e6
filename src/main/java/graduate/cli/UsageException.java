package graduate.cli;

/** The command line is wrong: exit 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String command;

  UsageException(String message) {
    this(message, "");
  }

  private UsageException(String message, String command) {
    super(message);
    this.command = command;
  }

  /** The same, of a command whose own help says what would be right. */
  UsageException of(String name) {
    return new UsageException(String.valueOf(getMessage()), name + " ");
  }

  /** That command's name and a blank; empty where it is none. */
  String command() {
    return command;
  }
}
