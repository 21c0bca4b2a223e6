package graduate.cli;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;

/**
 * The three standard streams, as bytes, and which of them are terminals. Output is UTF-8 whatever
 * the locale; a failed write to standard output throws, where a {@code PrintStream} would hide it.
 *
 * @param tty the numbers of those that are terminals, which only the launcher can tell
 * @param typed the name that the program was started by, for what it tells people to type
 */
public record Console(
    InputStream in, OutputStream out, OutputStream err, String tty, String typed) {
  /** What is to be typed in a message, with the program's plain name before it. */
  private static final String HINT =
      "(?m)(?<=[.:;,?] |^ {0,3})graduate "
          + "(?=--help|run |bulk |log\\b|spend\\b|compare |candidates\\b|capture |cron )";

  boolean outTty() {
    return tty.contains("1");
  }

  boolean errTty() {
    return tty.contains("2");
  }

  /** The text with what is to be typed begun by what was typed. */
  String pasteable(String text) {
    return text.replaceAll(HINT, Matcher.quoteReplacement(quoted(typed) + " "));
  }

  /** As a word of a shell's command line. */
  static String quoted(String word) {
    boolean plain = word.matches("[\\p{L}\\p{M}\\p{N}_./:@%+,=-]+");
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * Writes {@code text} to standard output as it is, without adding a newline.
   *
   * @throws OutputException where it cannot be written
   */
  void print(String text) throws OutputException {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes to standard output, with the same error. */
  void print(byte[] bytes) throws OutputException {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Writes JSON for programs, every amount in plain decimals, with the same error. */
  void print(ObjectNode json) throws IOException {
    print(mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  /** Writes JSON with every amount in plain decimals. */
  static JsonMapper mapper() {
    return JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  }

  /** Writes what is said of a place, such as a file, to standard error. */
  void error(Object place, String said) {
    error("graduate: " + place + ": " + said);
  }

  /** Writes one line to standard error, without control characters that it may hold. */
  public void error(String line) {
    printError(Visible.line(pasteable(line)) + "\n");
  }

  /**
   * Writes {@code text} to standard error as it is. Where that is gone there is nobody left to
   * tell, and nothing else may fail for it.
   */
  void printError(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // As said.
    }
  }
}
