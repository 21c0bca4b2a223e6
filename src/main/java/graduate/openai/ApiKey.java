package graduate.openai;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The secret, and where it came from. Its text leaves this class in one header only. */
public final class ApiKey {
  private static final String VARIABLE = "OPENAI_API_KEY";
  private static final String FILE_VARIABLE = "OPENAI_API_KEY_FILE";
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /** Any other that is shorter is a word for a local server, and may stand in an answer. */
  private static final int SHORTEST_REDACTED = 16;

  private final String secret;
  private final String origin;

  private ApiKey(String secret, String origin) {
    this.secret = secret;
    this.origin = origin;
    for (int i = 0; i < secret.length(); i++) {
      char c = secret.charAt(i);
      if (c < '!' || c > '~') {
        String which = c == '\n' || c == '\r' ? ", a line break," : c == ' ' ? ", a blank," : "";
        throw new UnusableException(
            origin, "character " + (i + 1) + which + " can't stand in a key");
      }
    }
  }

  /** No key: for a call that needs none. */
  public static ApiKey none() {
    return new ApiKey("", "no key");
  }

  /**
   * The key of the environment: the variable, else the file that another variable names. A variable
   * that is set but empty means that no key is sent.
   *
   * @throws UnusableException where there is none, or the file is open to others
   */
  public static ApiKey of(Map<String, String> env) {
    String key = env.getOrDefault(VARIABLE, "");
    String file = env.getOrDefault(FILE_VARIABLE, "");
    if (key.isEmpty() && !file.isEmpty()) {
      return read(Path.of(file));
    }
    if (env.containsKey(VARIABLE)) {
      return new ApiKey(key, VARIABLE);
    }
    throw new UnusableException(
        "no key: set OPENAI_API_KEY, or OPENAI_API_KEY_FILE to a file that holds it"
            + " (OPENAI_API_KEY= sends none, for a local server), or try without one: --replay");
  }

  private static ApiKey read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new UnusableException(FILE_VARIABLE, file + " is a folder");
      }
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
        throw new UnusableException(
            FILE_VARIABLE, file + " is open to others. Type: chmod 600 " + file);
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      String key = text.replaceFirst("\r?\n$", "");
      if (key.isEmpty()) {
        throw new UnusableException(FILE_VARIABLE, file + " is empty");
      }
      return new ApiKey(key, FILE_VARIABLE + " (" + file + ")");
    } catch (IOException e) {
      boolean exists = Files.isRegularFile(file);
      throw new UnusableException(
          FILE_VARIABLE, exists ? file + " cannot be read" : "names no file" + shown(file));
    }
  }

  /** Somebody may have put the key itself there. */
  private static String shown(Path file) {
    return file.toString().matches("(?s).*\\bsk-.*|[^/.]*") ? "" : ": " + file;
  }

  /** What to look at where it was not accepted. */
  String advice() {
    return isEmpty()
        ? "No key was sent: " + VARIABLE + " is set but empty"
        : "The key came from " + origin;
  }

  /** Whether there is no key to send. */
  public boolean isEmpty() {
    return secret.isEmpty();
  }

  String authorization() {
    return "Bearer " + secret;
  }

  /** {@code text} without the key: a server may send it back. */
  String redact(String text) {
    boolean word = secret.length() < SHORTEST_REDACTED && !secret.startsWith("sk-");
    boolean plain = text.indexOf('\\') < 0;
    return word || (plain && !text.contains(secret)) ? text : text.replaceAll(spellings(), "[key]");
  }

  /** JSON may spell a character in three ways, and a server that sends the key back chooses. */
  private String spellings() {
    StringBuilder spellings = new StringBuilder();
    for (int i = 0; i < secret.length(); i++) {
      String plain = Pattern.quote(secret.substring(i, i + 1));
      String hex = Integer.toHexString(secret.charAt(i));
      spellings.append("(?:\\\\?" + plain + "|\\\\u00(?i:" + hex + "))");
    }
    return spellings.toString();
  }

  /** {@code body} without the key. */
  byte[] redact(byte[] body) {
    String latin = new String(body, StandardCharsets.ISO_8859_1);
    String redacted = redact(latin);
    return redacted.equals(latin) ? body : redacted.getBytes(StandardCharsets.ISO_8859_1);
  }
}
