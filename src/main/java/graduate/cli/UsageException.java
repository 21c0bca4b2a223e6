package graduate.cli;

/** The command line is wrong: exit 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String help;

  /** A mistake in a command, whose own help says what would be right. */
  UsageException(String message) {
    this(message, "");
  }

  /**
   * A mistake in the words of whoever types.
   *
   * @param help what to type behind the program's name to read more
   */
  UsageException(String message, String help) {
    super(message);
    this.help = help;
  }

  String help() {
    return help;
  }
}
