package graduate.audit;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** What an I/O failure says, without the path that the message names anyway. */
final class Failures {
  private Failures() {}

  static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e instanceof FileSystemException
        ? e.getClass().getSimpleName().replace("Exception", "")
        : String.valueOf(e.getMessage());
  }
}
