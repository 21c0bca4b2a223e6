package graduate.cli;

import graduate.audit.LogException;
import graduate.spend.SettlementException;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a thrown failure means: its exit code, its line on standard error, and what of it may be
 * noted in the diagnostics, where no text of a prompt may stand.
 */
public record Failure(int exit, String line, String noted) {

  /** The one place that turns exceptions into exit codes. */
  public static Failure of(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof UsageException) {
      String end = message.endsWith("?") ? "" : ".";
      return new Failure(Exit.USAGE, message + end + " See: graduate --help", "");
    }
    if (e instanceof UnusableException || e instanceof SettlementException) {
      return new Failure(Exit.UNUSABLE, message, ": " + message.replaceFirst(": .*", ""));
    }
    if (e instanceof CappedException) {
      return new Failure(Exit.CAP, message, ": " + message);
    }
    if (e instanceof LogException) {
      return new Failure(Exit.LOG, message, ": " + message);
    }
    if (isBrokenPipe(e)) {
      return new Failure(Exit.BROKEN_PIPE, "", "");
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      return new Failure(Exit.UNDELIVERED, "output failed: " + message, ": output failed");
    }
    String bug = e.getClass().getName();
    return new Failure(
        Exit.BUG, "a bug: " + bug + ": " + message + ". With -v: where", ": bug: " + bug);
  }

  /** Whether the reader of standard output went away. */
  static boolean isBrokenPipe(Throwable e) {
    return e instanceof IOException && String.valueOf(e.getMessage()).contains("Broken pipe");
  }
}
