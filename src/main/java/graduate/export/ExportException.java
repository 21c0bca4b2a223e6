package graduate.export;

/** The export, or what was asked of it, is unusable; the message is the one line to print. */
public final class ExportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Takes the line as it is printed: place, problem, value, what to do. */
  public ExportException(String message) {
    super(message);
  }
}
