package graduate.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an I/O failure says in words, without the path that the message names anyway. */
public final class Failures {
  private Failures() {}

  /** The system's reason, else the kind of failure. */
  public static String reason(Exception e) {
    if (e instanceof UncheckedIOException && e.getCause() instanceof IOException cause) {
      return reason(cause);
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason().equals("Not a directory")
          ? "what should be its folder is a file"
          : f.getReason();
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return "is a file, not a folder";
    }
    return String.valueOf(e.getMessage());
  }
}
