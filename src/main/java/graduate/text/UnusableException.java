package graduate.text;

/**
 * What was given cannot be used, and nothing was sent: exit 3. The message is the one line to
 * print: place, problem, value, then what to do.
 */
public final class UnusableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Takes the line as it is printed. */
  public UnusableException(String message) {
    super(message);
  }

  /** A problem with the file or key at {@code place}; an empty word is shown in quotes. */
  public UnusableException(Object place, String problem) {
    super((place.equals("") ? "''" : place) + ": " + problem);
  }
}
