package graduate.openai;

/** A request that cannot be sent as it is: key, address or parameters; nothing was sent. */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RequestException(String message) {
    super(message);
  }
}
