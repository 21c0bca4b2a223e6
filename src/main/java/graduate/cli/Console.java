package graduate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The three standard streams, as bytes, and which of them are terminals. Output is UTF-8 whatever
 * the locale; a failed write throws, where a {@code PrintStream} would hide it.
 *
 * @param inTty whether standard input is a terminal, which only the launcher can tell
 */
public record Console(
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean inTty,
    boolean outTty,
    boolean errTty) {

  /** Writes {@code text} as it is, without adding a newline. */
  void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Writes one line to standard error. */
  public void error(String line) throws IOException {
    err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    err.flush();
  }
}
