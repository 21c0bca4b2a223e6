package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.audit.AuditLog;
import graduate.cli.Console;
import graduate.cli.Context;
import graduate.cli.Signals;
import graduate.harness.Program;
import graduate.harness.RawServer;
import graduate.harness.SetClock;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong while an answer is recorded, it comes out. */
class UnrecordedTest {
  @TempDir private Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("a line that its own reader does not read"),
        new OutOfMemoryError("Java heap space"),
        new StackOverflowError());
  }

  private int run(RawServer server, Clock clock, String... words) throws Exception {
    Path prompts = Files.createDirectories(home.resolve("prompts"));
    Path prompt = Files.writeString(prompts.resolve("hello.md"), "Say hello");
    List<String> all = new ArrayList<>(List.of(prompt.toString()));
    all.addAll(List.of(words));
    Path logs = home.resolve("logs");
    Map<String, String> env =
        Map.of(
            "OPENAI_API_KEY",
            Program.KEY,
            "OPENAI_BASE_URL",
            "http://127.0.0.1:" + server.port() + "/v1");
    Console console = new Console(InputStream.nullInputStream(), out, err, "", "graduate");
    return Main.run(
        all, new Context(home, logs, env, console, clock, new Signals(), new Diagnostics(logs)));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theAnswerIsPrintedAnd10(Throwable failure) throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Paid for."))) {
      int exit = run(server, failing(failure));

      assertThat(out).hasToString("Paid for.\n");
      assertThat(exit).isEqualTo(10);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .hasLineCount(1)
          .contains("the answer is printed but not in the log; its call stays held");
      assertThat(server.requests()).hasSize(1);
    }
    assertThat(Files.readAllLines(home.resolve("logs/audit.jsonl"))).hasSize(1);
    // Nothing of the failure is left: neither a lock nor a part of a line.
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      assertThat(run(server, Clock.systemUTC())).isZero();
    }
    assertThat(Files.readAllLines(home.resolve("logs/audit.jsonl"))).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theAnswerIsInItsFileAnd10(Throwable failure) throws Exception {
    Path target = home.resolve("answer.md");
    try (RawServer server = RawServer.saying(RawServer.answer("Paid for."))) {
      assertThat(run(server, failing(failure), "-o", target.toString())).isEqualTo(10);
    }
    assertThat(target).hasContent("Paid for.\n");
    assertThat(out.size()).isZero();
  }

  /** The time, until the log asks for it the second time: for the answer's line. */
  private static Clock failing(Throwable failure) {
    AtomicInteger asked = new AtomicInteger();
    return new SetClock(
        () -> {
          boolean log =
              StackWalker.getInstance()
                  .walk(
                      calls ->
                          calls.anyMatch(c -> c.getClassName().equals(AuditLog.class.getName())));
          if (log && asked.incrementAndGet() == 2) {
            if (failure instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) failure;
          }
          return Instant.now();
        });
  }
}
