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

  /** Writes one line to standard error, without control characters that it may hold. */
  public void error(String line) throws IOException {
    printError(visible(line) + "\n");
  }

  /** Writes {@code text} to standard error as it is. */
  void printError(String text) throws IOException {
    err.write(text.getBytes(StandardCharsets.UTF_8));
    err.flush();
  }

  /** The text in one line, with a terminal's commands and bidirectional marks made visible. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean unseen =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR
                      || type == Character.SURROGATE;
              if (c == '\n' || c == '\r' || c == '\t') {
                visible.append(' ');
              } else if (unseen) {
                visible.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c));
              } else {
                visible.appendCodePoint(c);
              }
            });
    return visible.toString();
  }
}
