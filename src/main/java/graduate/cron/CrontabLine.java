package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import graduate.text.UnusableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  private CrontabLine() {}

  /**
   * The line, without a newline at its end.
   *
   * @param javaHome of the Java that is to run it
   * @param env the environment of now, of which the line keeps {@code OPENAI_*} and {@code
   *     GRADUATE_*}, but never a key: cron writes the line into the system's log and its mails. An
   *     empty one stays, since it says that a local server needs none
   * @param command the program and its arguments, with absolute paths: cron starts it in the home
   *     folder
   * @throws UnusableException where a newline is in it, or the command is longer than cron takes
   */
  public static String of(
      Schedule schedule, String javaHome, Map<String, String> env, List<String> command) {
    StringBuilder words = new StringBuilder("JAVA_HOME=").append(quoted(javaHome));
    for (String name : new TreeSet<>(env.keySet())) {
      String value = env.getOrDefault(name, "");
      if (KEPT.matcher(name).matches() && (value.isEmpty() || !SECRET.matcher(name).matches())) {
        boolean path = PATHS.contains(name) && !value.isEmpty();
        words.append(" " + name + "=" + quoted(path ? absolute(value) : value));
      }
    }
    command.forEach(word -> words.append(" " + quoted(word)));
    String escaped = words.toString().replace("\\", "\\\\").replace("%", "\\%");
    if (escaped.contains("\n")) {
      throw new UnusableException(
          "crontab line",
          "a newline in " + escaped.replace("\n", "\\n") + " would end it for cron");
    }
    int bytes = escaped.getBytes(UTF_8).length;
    if (bytes > MAX_COMMAND_BYTES) {
      throw new UnusableException(
          "crontab line",
          "%d bytes, and cron takes %d. Put the command into a script and let cron run that"
              .formatted(bytes, MAX_COMMAND_BYTES));
    }
    return schedule + " " + escaped;
  }

  /**
   * The path from the root on. Its {@code ..} stay: behind a symbolic link they lead elsewhere than
   * the name says.
   */
  public static String absolute(String path) {
    Path absolute = Path.of("/");
    for (Path name : Path.of(path).toAbsolutePath()) {
      absolute = name.toString().equals(".") ? absolute : absolute.resolve(name);
    }
    return absolute.toString();
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\"'\"'") + "'";
  }
}
