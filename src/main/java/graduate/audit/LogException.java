package graduate.audit;

import graduate.text.Failures;
import java.io.IOException;
import java.nio.file.FileSystemException;
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

  /** What keeps {@code path} from being used. */
  public static LogException unusable(Path path, String problem) {
    return new LogException(path + ": " + problem, null, false);
  }

  /** A failure of the system's, on the file that it names or else on {@code path}. */
  static LogException failed(Path path, IOException e) {
    String file = e instanceof FileSystemException f ? f.getFile() : null;
    return new LogException((file == null ? path : file) + ": " + Failures.reason(e), e, false);
  }

  /** What the system does for the log, and may fail to. */
  interface Io<T> {
    T get() throws IOException;
  }

  /** What {@code io} gives, a failure of which is one on {@code path}. */
  static <T> T on(Path path, Io<T> io) {
    try {
      return io.get();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** What does not chain, at {@code offset} bytes from the log's start. */
  public static LogException damaged(Path path, long offset, String problem) {
    return new LogException(
        path
            + ": damaged at offset "
            + offset
            + ": "
            + problem
            + ". To go on: graduate log verify --accept-damage",
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
