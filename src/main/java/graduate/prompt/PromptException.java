package graduate.prompt;

/** A prompt, an input or a setting that cannot be used; the message is the one line to print. */
public final class PromptException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A problem with the file or key at {@code place}. */
  public PromptException(Object place, String problem) {
    super(place + ": " + problem);
  }
}
