package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run that did not go well says of attempts and money, and how the log lists its calls. */
class MoneySaidIT {
  private static final String BUSY = RawServer.response("503 Busy", "Retry-After: 0\r\n", "");
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  @Test
  void afterRetriesAllAttemptsAndAllThatIsHeldAreSaidAndMayBeSettledAtOnce() throws Exception {
    try (RawServer server = RawServer.saying(BUSY)) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--retry", "2");

      assertThat(ended.exit()).isEqualTo(6);
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": HTTP 503; 3 attempts, $0.0591 stays held. See: graduate spend\n");
      assertThat(program.run("spend").out()).contains("held $0.0591 (3 calls)");
    }
    Program.Ended settled = program.run("spend", "settle", "all", "--usd", "0", "--why", "down");
    assertThat(settled.stderr()).isEmpty();
    assertThat(settled.exit()).isZero();
    assertThat(program.run("spend").out()).contains("held $0.00,");
  }

  @Test
  void afterASignalInTheSecondAttemptBothAreSaid() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              if (turn.incrementAndGet() == 1) {
                connection.send(BUSY);
              } else {
                connection.more();
              }
            })) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      server.take();
      SignalIT.send("TERM", running.process());
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(143);
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": ended by a signal; 2 attempts, $0.0394 stays held."
                  + " See: graduate spend\n");
    }
  }

  /** The terminal is a real one; the wait is the server's. */
  @Test
  void theCounterOnATerminalSaysThatItWaits() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).exists();
    AtomicInteger turn = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            (request, connection) ->
                connection.send(
                    turn.incrementAndGet() == 1
                        ? RawServer.response("503 Busy", "Retry-After: 3\r\n", "")
                        : RawServer.answer("Hello!")))) {
      program.at(server.port()).launcher();
      Program.Ended ended =
          program.inShell("script -qec './graduate hello' /dev/null </dev/null").run();

      assertThat(ended.exit()).isZero();
      assertThat(ended.out())
          .containsPattern("hello waits before it tries again … \\d s")
          .contains("Hello!\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "max_completion_tokens, n=1",
    "max_completion_tokens, n=3",
    "max_tokens, max_tokens=16384",
  })
  void theLimitThatARefusalNamesFitsAndNoLargerOne(String name, String parameter) throws Exception {
    program.settings("\"caps\": [{\"usd\": 0.01, \"per\": \"day\"}]");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended refused = program.at(server.port()).run(prompt, "-p", parameter);
      assertThat(refused.exit()).isEqualTo(4);
      assertThat(refused.stderr()).contains(". It would fit with -p " + name + "=").hasLineCount(1);
      int fits =
          Integer.parseInt(
              refused
                  .stderr()
                  .replaceFirst("(?s).*It would fit with -p " + name + "=(\\d+).*", "$1"));
      String other = parameter.startsWith("n=") ? parameter : "model=gpt-5.6-luna";

      assertThat(program.run(prompt, "-p", other, "-p", name + "=" + (fits + 1)).exit())
          .isEqualTo(4);
      assertThat(server.requests()).isEmpty();
      assertThat(program.run(prompt, "-p", other, "-p", name + "=" + fits).exit()).isZero();
    }
  }

  @Test
  void theLogFitsIn80ColumnsAndItsIdsCanBeTyped() throws Exception {
    program.settings("\"caps\": []");
    Path longer = program.prompt("weekly-report-for-the-northern-region.md", "Report");
    Path wide = program.prompt("週次報告書を作成してください何卒.md", "報告");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"));
        RawServer down = RawServer.saying(BUSY)) {
      program.at(down.port());
      assertThat(program.run(longer, "-p", "n=100", "--retry", "1").exit()).isEqualTo(6);
      program.at(server.port());
      assertThat(program.run(wide).exit()).isZero();
      assertThat(program.run(longer).exit()).isZero();
    }
    Program.Ended log = program.run("log");
    List<String> rows = log.out().lines().toList();

    assertThat(rows).hasSizeGreaterThanOrEqualTo(5).allMatch(row -> columns(row) <= 80);
    assertThat(log.out()).contains("held $", "answered", "weekly-repo");
    for (String row : rows.subList(1, rows.size())) {
      String id = row.substring(row.lastIndexOf(' ') + 1);
      Program.Ended shown = program.run("log", "show", id, "--json");
      assertThat(shown.stderr()).as(row).isEmpty();
      assertThat(Answers.json(shown.out().lines().findFirst().orElseThrow()).path("id").asText())
          .startsWith(id);
    }
  }

  private static int columns(String row) {
    return row.codePoints().map(c -> c >= 0x2E80 && c < 0xA4D0 ? 2 : 1).sum();
  }
}
