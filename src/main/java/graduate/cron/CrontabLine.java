package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import graduate.text.UnusableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One line of a user's crontab that needs nothing from cron's nearly empty environment:
 *
 * <pre>0 7 * * 1-5 JAVA_HOME='/opt/jdk' GRADUATE_LOGS='/home/me/logs' '/home/me/graduate' …</pre>
 *
 * Each word is in single quotes for sh; then {@code \} and {@code %} have a {@code \} before them,
 * which Debian's cron takes away again.
 */
public final class CrontabLine {
  /** The daemon reads a command into 1,000 bytes and takes a full buffer as cut off. */
  private static final int MAX_COMMAND_BYTES = 998;

  private static final Pattern KEPT = Pattern.compile("(OPENAI|GRADUATE)_\\w+");
  private static final Pattern SECRET = Pattern.compile("\\w+_(KEY|SECRET|TOKEN)");
  private static final Set<String> PATHS =
      Set.of("OPENAI_API_KEY_FILE", "GRADUATE_CONFIG", "GRADUATE_LOGS");

  private final String line;

  /**
   * Builds the line.
   *
   * @param javaHome of the Java that is to run it
   * @param env the environment of now, of which the line keeps {@code OPENAI_*} and {@code
   *     GRADUATE_*}, but never a key: cron writes the line into the system's log and its mails. An
   *     empty one stays, since it says that a local server needs none
   * @param command the program and its arguments, with absolute paths: cron starts it in the home
   *     folder
   * @param dropOutput whether standard output is dropped, so that errors alone are mailed
   * @throws UnusableException where a newline is in it, or the command is longer than cron takes
   */
  public CrontabLine(
      Schedule schedule,
      Path javaHome,
      Map<String, String> env,
      List<String> command,
      boolean dropOutput) {
    StringBuilder words = new StringBuilder("JAVA_HOME=").append(quoted(javaHome.toString()));
    kept(env).forEach((name, value) -> words.append(" " + name + "=" + quoted(value)));
    command.forEach(word -> words.append(" " + quoted(word)));
    words.append(dropOutput ? " >/dev/null" : "");
    String escaped = words.toString().replace("\\", "\\\\").replace("%", "\\%");
    if (escaped.contains("\n")) {
      throw new UnusableException(
          "crontab line: a newline in "
              + escaped.replace("\n", "\\n")
              + "; cron would end the command there. Rename the file, or change the value");
    }
    int bytes = escaped.getBytes(UTF_8).length;
    if (bytes > MAX_COMMAND_BYTES) {
      throw new UnusableException(
          "crontab line: the command has "
              + bytes
              + " bytes, cron takes "
              + MAX_COMMAND_BYTES
              + ". Put it into a script and let cron run that");
    }
    line = schedule + " " + escaped;
  }

  private static Map<String, String> kept(Map<String, String> env) {
    Map<String, String> kept = new TreeMap<>();
    env.forEach(
        (name, value) -> {
          boolean secret = SECRET.matcher(name).matches() && !value.isEmpty();
          if (KEPT.matcher(name).matches() && !secret) {
            boolean path = PATHS.contains(name) && !value.isEmpty();
            kept.put(name, path ? Path.of(value).toAbsolutePath().toString() : value);
          }
        });
    return kept;
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\"'\"'") + "'";
  }

  /** The line, without a newline at its end. */
  @Override
  public String toString() {
    return line;
  }
}
