package graduate.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log cannot be written, or not be trusted; the message is the one line to print. */
public final class LogException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final boolean damage;

  private LogException(String message, @Nullable Throwable cause, boolean damage) {
    super(message, cause);
    this.damage = damage;
  }

  static LogException unwritable(Path path, String problem, @Nullable Throwable cause) {
    return new LogException(path + ": " + problem, cause, false);
  }

  /** What does not chain, at {@code offset} bytes from the log's start. */
  public static LogException damaged(Path path, long offset, String problem) {
    return new LogException(
        path
            + ": damaged at offset "
            + offset
            + ": "
            + problem
            + ". See: graduate log verify; to go on: graduate log verify --accept-damage",
        null,
        true);
  }

  static LogException newer(Path path, long offset, String what) {
    return new LogException(
        path + ": offset " + offset + ": " + what + ": written by a newer Graduate", null, true);
  }

  /** Whether {@code log verify --accept-damage} is the way on. */
  public boolean isDamage() {
    return damage;
  }
}
