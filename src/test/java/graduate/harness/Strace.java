package graduate.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets system calls on the files in {@code logs/} be seen, fail, or be the last ones. */
public final class Strace {
  private static final List<String> FILES =
      List.of(
          "logs",
          "logs/audit.jsonl",
          "logs/audit.lock",
          "logs/spend.json",
          "logs/spend.json.new",
          "logs/graduate.log");

  private final Path trace;

  /** Traces the program's next run. */
  public Strace(Program program) {
    trace = program.home().resolve("trace");
  }

  /**
   * The words that go before a command.
   *
   * @param calls system calls, with commas between
   * @param fault as strace names it: {@code error=EIO:when=2}; empty for none
   */
  public String[] command(String calls, String fault) {
    List<String> words = new ArrayList<>(List.of("strace", "-f", "--quiet=all", "-y", "-o"));
    words.add(trace.toString());
    for (String file : FILES) {
      words.addAll(List.of("-P", file, "-P", trace.resolveSibling(file).toString()));
    }
    words.addAll(List.of("-e", "trace=" + calls + ",write,fdatasync"));
    if (!fault.isEmpty()) {
      words.addAll(List.of("-e", "inject=" + calls + ":" + fault));
    }
    return words.toArray(String[]::new);
  }

  /** The calls that were made, in order. */
  public List<String> calls() throws IOException {
    return Files.readAllLines(trace);
  }
}
