package graduate.spend;

/** No price, or none that can be used: nothing may be sent. */
public final class PriceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PriceException(String message) {
    super(message);
  }
}
