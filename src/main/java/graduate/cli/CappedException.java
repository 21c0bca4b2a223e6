package graduate.cli;

import graduate.spend.CapExceededException;

/** A call that a cap kept from being sent, as the user reads it. */
final class CappedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CappedException(String line, CapExceededException cause) {
    super(line, cause);
  }
}
