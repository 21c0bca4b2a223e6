package graduate.cli;

import org.jspecify.annotations.Nullable;

/** The command line is wrong: exit 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final @Nullable String help;

  /** A mistake in a command, whose own help says what would be right. */
  UsageException(String message) {
    this(message, null);
  }

  private UsageException(String message, @Nullable String help) {
    super(message);
    this.help = help;
  }

  /** A mistake that is made before it is known which command is meant. */
  static UsageException general(String message) {
    return new UsageException(message, "--help");
  }

  /** The same, of that command unless another is known already. */
  UsageException of(String command) {
    return help == null
        ? new UsageException(String.valueOf(getMessage()), command + " --help")
        : this;
  }

  /** What to type behind the program's name to read more. */
  String help() {
    return help == null ? "--help" : help;
  }
}
