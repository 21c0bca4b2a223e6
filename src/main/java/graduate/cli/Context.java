package graduate.cli;

import graduate.prompt.Text;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * What a command may touch of the outside world, handed in so that a test can hand in its own.
 *
 * @param home the launcher's own folder, where {@code prompts/} and {@code logs/} are found
 * @param logs the folder of the log
 * @param diagnostics opens {@code logs/graduate.log} when first asked
 */
public record Context(
    Path home,
    Path logs,
    Map<String, String> env,
    Console console,
    Clock clock,
    Signals signals,
    Supplier<Logger> diagnostics) {

  /** The folder of the logs: that of a flag, else of the environment, else beside the launcher. */
  public static Path logs(List<String> words, Map<String, String> env, Path home) {
    String named = env.getOrDefault("GRADUATE_LOGS", "");
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--logs") && i + 1 < words.size()) {
        named = words.get(i + 1);
      } else if (words.get(i).startsWith("--logs=")) {
        named = words.get(i).substring("--logs=".length());
      }
    }
    return named.isEmpty() ? beside(home, "logs") : Path.of(named);
  }

  /** Says what went wrong, and notes it. */
  void failed(Object place, String problem) {
    console.error(place, problem);
    diagnostics.get().warn("{}: {}", place, problem);
  }

  /** A file's text; {@code -} is standard input. */
  Text text(String file) {
    return file.equals("-") ? Text.read(console.in()) : Text.read(Workspace.path(file));
  }

  /** The folder of the prompts. */
  Path prompts() {
    return beside(home, "prompts");
  }

  /** A folder beside the launcher, by its short name where that is the current folder. */
  private static Path beside(Path home, String folder) {
    boolean here = home.equals(Path.of("").toAbsolutePath());
    return here ? Path.of(folder) : home.resolve(folder);
  }
}
