package graduate.spend;

import java.math.BigDecimal;

/** A call's worst case does not fit under a cap: it was not sent. */
public final class CapExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient BigDecimal worst;
  private final transient Standing standing;

  /** A call that can cost {@code worst} USD, and the cap that it would pass. */
  public CapExceededException(BigDecimal worst, Standing standing) {
    this(
        "a worst case of " + worst + " USD does not fit under the cap per " + standing.cap().per(),
        worst,
        standing);
  }

  private CapExceededException(String message, BigDecimal worst, Standing standing) {
    super(message);
    this.worst = worst;
    this.standing = standing;
  }

  /** The same in the words of whoever typed. */
  public CapExceededException saying(String words) {
    return new CapExceededException(words, worst, standing);
  }

  /** The call's worst case, USD. */
  public BigDecimal worst() {
    return worst;
  }

  /** The cap as it stood. */
  public Standing standing() {
    return standing;
  }
}
