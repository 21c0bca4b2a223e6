package graduate.cli;

import graduate.audit.LogException;
import graduate.spend.CapExceededException;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;

/**
 * What a thrown failure means: its exit code, its line on standard error, and what of it may be
 * noted in the diagnostics, where no text of a prompt may stand.
 */
public record Failure(int exit, String line, String noted) {

  /** The one place that turns exceptions into exit codes. */
  public static Failure of(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof UsageException usage) {
      String line = message + ". See: graduate " + usage.help();
      return new Failure(Exit.USAGE, line, ": " + message);
    }
    if (e instanceof UnusableException) {
      // Behind these words stands what a file or a parameter holds.
      String own = message.replaceFirst("(Unrecognized token|, not) .*", "$1 …");
      return new Failure(Exit.UNUSABLE, message, ": " + own);
    }
    if (e instanceof CapExceededException || e instanceof LogException) {
      int exit = e instanceof LogException ? Exit.LOG : Exit.CAP;
      return new Failure(exit, message, ": " + message);
    }
    if (e instanceof OutputException output) {
      return output.isBrokenPipe()
          ? new Failure(Exit.BROKEN_PIPE, "", "")
          : new Failure(Exit.UNUSABLE, "output failed: " + message, ": output failed");
    }
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    if (cause instanceof IOException io) {
      return new Failure(Exit.UNUSABLE, place(io) + Failures.reason(io), ": a file failed");
    }
    String bug = e.getClass().getName();
    return new Failure(
        Exit.BUG, "a bug: " + bug + ": " + message + ". With -v: where", ": bug: " + bug);
  }

  private static String place(IOException e) {
    String file = e instanceof FileSystemException f ? f.getFile() : null;
    return file == null ? "" : file + ": ";
  }
}
