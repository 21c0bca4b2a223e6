package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import graduate.harness.Strace;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that is killed at a system call on a file in {@code logs/}, each in a run of its own:
 * the call it is killed at is not made.
 */
@Tag("machine")
class KillEverywhereIT {
  @TempDir private Path folder;
  private final List<String> torn = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {"openat", "fcntl", "pread64", "write", "fdatasync", "fsync", "rename", "close"})
  void theNextRunWorks(String call) throws Exception {
    int least = call.equals("fsync") ? 1 : 2;
    assertThat(killAtEach(call, "")).isGreaterThanOrEqualTo(least);
  }

  /** A limit on the file's size stops the write half-way; what comes after it is a close. */
  @Test
  void theNextRunWorksAfterHalfASettlingLine() throws Exception {
    assertThat(killAtEach("close", "prlimit --fsize=200000")).isGreaterThanOrEqualTo(2);
    assertThat(torn).isNotEmpty().allMatch(line -> line.contains("\"type\":\"response\""));
  }

  /** Kills at the n-th call, for all n until a run gets to its end; how many there were. */
  private int killAtEach(String call, String limit) throws Exception {
    for (int n = 1; ; n++) {
      if (!kill(call, n, limit)) {
        return n - 1;
      }
    }
  }

  private boolean kill(String call, int n, String limit) throws Exception {
    Program program = new Program(Files.createTempDirectory(folder, "run"));
    program.prompt("graduate.json", Accounts.SETTINGS);
    Path prompt = program.prompt("hello.md", "Say hello");
    String padding = limit.isEmpty() ? "" : "x".repeat(200_000);
    String body =
        Answers.completion("Hello!").replaceFirst("\\{", "{\"more\":\"" + padding + "\",");
    try (RawServer server = RawServer.saying(RawServer.response("200 OK", "", body))) {
      List<String> before =
          new ArrayList<>(List.of(new Strace(program).command(call, "signal=KILL:when=" + n)));
      if (!limit.isEmpty()) {
        before.addAll(List.of(limit.split(" ")));
      }
      Program.Ended ended =
          program.at(server.port()).under(before.toArray(String[]::new)).run(prompt);
      if (ended.exit() != 137) {
        return false;
      }
      nothingIsForgotten(program, server, prompt, call + " " + n);
      return true;
    }
  }

  private void nothingIsForgotten(Program program, RawServer server, Path prompt, String where)
      throws Exception {
    byte[] before = Files.exists(program.log()) ? Files.readAllBytes(program.log()) : new byte[0];
    long requests = whole(program, "request");
    long responses = whole(program, "response");
    assertThat((long) server.requests().size()).as(where).isLessThanOrEqualTo(requests);
    BigDecimal held = Accounts.RESERVED.multiply(BigDecimal.valueOf(requests - responses));
    BigDecimal spent = Accounts.COST.multiply(BigDecimal.valueOf(responses + 1));

    Accounts.theNextRunWorks(program, prompt, requests + responses, held, where);

    assertThat(Accounts.of(program).spent()).as(where).isEqualByComparingTo(spent);
    if (before.length > 0 && before[before.length - 1] != '\n') {
      torn.add(program.lines().get((int) (requests + responses)));
      assertThat(program.here("log", "verify").out()).as(where).contains("never finished");
    }
  }

  /** How many lines of a type end in a newline. */
  private static long whole(Program program, String type) throws IOException {
    String log = Files.exists(program.log()) ? Files.readString(program.log()) : "";
    return log.substring(0, log.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.contains("\"type\":\"" + type + "\""))
        .count();
  }
}
