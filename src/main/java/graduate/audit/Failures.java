package graduate.audit;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** What an I/O failure says, without the path that the message names anyway. */
public final class Failures {
  private Failures() {}

  /** The system's reason, else the kind of failure. */
  public static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e instanceof FileSystemException
        ? e.getClass().getSimpleName().replace("Exception", "")
        : String.valueOf(e.getMessage());
  }
}
