package graduate.cli;

/** The command line is wrong: exit 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
