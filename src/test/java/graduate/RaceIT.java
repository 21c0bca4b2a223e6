package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.AuditLog;
import graduate.audit.LockedLog;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Caller;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs at once, under one cap and on one log. */
class RaceIT {
  /** Every call can cost one cent at the most, whatever its length. */
  private static final String CENT =
      """
      {"request": {"model": "m", "max_completion_tokens": 10000},
       "prices": {"m": {"input": 0, "output": 1}},
       "caps": [{"usd": %s, "per": "total"}], "retry": 0}
      """;

  @TempDir private Path home;
  private Program program;

  /** One for each run that has been admitted, seen by the server, and each that has ended. */
  private final Semaphore decided = new Semaphore(0);

  private final CountDownLatch gate = new CountDownLatch(1);

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
  }

  private static String answer(String text, String usage) {
    String body =
        """
        {"choices": [{"message": {"content": "%s"}, "finish_reason": "stop"}], "usage": %s}"""
            .formatted(text, usage);
    return RawServer.response("200 OK", "", body);
  }

  private void allDecided(int runs) throws InterruptedException {
    assertThat(decided.tryAcquire(runs, 2, TimeUnit.MINUTES)).isTrue();
  }

  /** Answers when the gate opens, and costs the whole reservation: nobody says what it cost. */
  private void answerLater(String request, RawServer.Connection connection)
      throws IOException, InterruptedException {
    decided.release();
    gate.await();
    connection.send(answer("Hello!", "null"));
  }

  @Test
  void ofTwentyProcessesAsManyCallAsTheCapHolds() throws Exception {
    try (RawServer server = new RawServer(this::answerLater)) {
      List<Integer> exits = twentyRuns(server);

      assertThat(server.requests()).hasSize(7);
      assertThat(Collections.frequency(exits, 0)).isEqualTo(7);
      assertThat(Collections.frequency(exits, 4)).isEqualTo(13);
      assertThat(Accounts.of(program).verify().seq()).isEqualTo(14);
      assertThat(Accounts.of(program).held()).isEqualByComparingTo("0.07");
    }
  }

  /**
   * Whoever is about to write under a lock that is gone writes nothing: 9, or 10 with the answer.
   */
  @Test
  void withTheLockFileDeletedInTheMiddleNoMoreCallThanTheCapHolds() throws Exception {
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              Files.deleteIfExists(home.resolve("logs/audit.lock"));
              answerLater(request, connection);
            })) {
      List<Integer> exits = twentyRuns(server);

      int sent = server.requests().size();
      assertThat(sent).isBetween(1, 7);
      assertThat(Collections.frequency(exits, 0) + Collections.frequency(exits, 10))
          .isEqualTo(sent);
      assertThat(Collections.frequency(exits, 4) + Collections.frequency(exits, 9))
          .isEqualTo(20 - sent);
      assertThat(Accounts.of(program).verify().seq()).isGreaterThanOrEqualTo(sent);
      assertThat(Accounts.of(program).held())
          .isEqualByComparingTo(new BigDecimal(sent).movePointLeft(2));
    }
  }

  private List<Integer> twentyRuns(RawServer server) throws Exception {
    program.prompt("graduate.json", CENT.formatted("0.07"));
    Path prompt = program.prompt("hello.md", "Say hello");
    program.at(server.port());
    List<Program.Running> runs = new ArrayList<>();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Program.Running run = program.start(prompt);
      ends.add(run.process().onExit().thenRun(decided::release));
      runs.add(run);
    }
    allDecided(20);
    gate.countDown();
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    List<Integer> exits = new ArrayList<>();
    for (Program.Running run : runs) {
      exits.add(run.end().exit());
    }
    return exits;
  }

  @Test
  void ofEightThreadsInOneProcessAsManyCallAsTheCapHolds() throws Exception {
    program.prompt("graduate.json", CENT.formatted("0.03"));
    Path prompt = program.prompt("hello.md", "Say hello");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (RawServer server = new RawServer(this::answerLater)) {
      program.at(server.port());
      List<Future<Integer>> runs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        runs.add(
            threads.submit(
                () -> {
                  int exit = program.here(prompt).exit();
                  decided.release();
                  return exit;
                }));
      }
      allDecided(8);
      gate.countDown();
      List<Integer> exits = new ArrayList<>();
      for (Future<Integer> run : runs) {
        exits.add(run.get());
      }

      assertThat(server.requests()).hasSize(3);
      assertThat(Collections.frequency(exits, 0)).isEqualTo(3);
      assertThat(Collections.frequency(exits, 4)).isEqualTo(5);
      assertThat(Accounts.of(program).verify().seq()).isEqualTo(6);
      assertThat(Accounts.of(program).held()).isEqualByComparingTo("0.03");
    } finally {
      threads.shutdown();
    }
  }

  /** Closing any descriptor of a file drops all locks that the process has on it. */
  @Test
  void whoReadsTheLogWhileItWritesKeepsItsLock() throws Exception {
    program.prompt("graduate.json", CENT.formatted("1"));
    Path prompt = program.prompt("hello.md", "Say hello");
    AuditLog log = new AuditLog(home.resolve("logs"), Clock.systemUTC());
    try (RawServer server = RawServer.saying(answer("Hello!", "null"))) {
      Program.Running run;
      try (LockedLog locked = log.lock(AuditLog.RECORDING)) {
        assertThat(locked.reader().next()).isNull();
        try (LogReader reader = log.reader()) {
          assertThat(reader.next()).isNull();
        }
        run = program.at(server.port()).start(prompt, "--max-time", "200ms");
        run.process().onExit().join();
      }

      assertThat(run.end().exit()).isEqualTo(9);
      assertThat(server.requests()).isEmpty();
      assertThat(program.lines()).isEmpty();
    }
  }

  /** Four processes here; eight where there is the time for them. */
  @Test
  void everyLineOfManyLargeCallsIsWhole() throws Exception {
    everyLineIsWhole(4);
  }

  @Test
  @Tag("machine")
  void everyLineOfFourHundredLargeCallsIsWhole() throws Exception {
    everyLineIsWhole(8);
  }

  /** Real processes, each of which makes its calls one after the other, as cron would over days. */
  private void everyLineIsWhole(int processes) throws Exception {
    int calls = 50;
    program.prompt(
        "graduate.json",
        """
        {"request": {"model": "m", "max_completion_tokens": 1000},
         "prices": {"m": {"input": 1.25, "output": 10}}, "caps": [], "retry": 0}
        """);
    Path prompt = program.prompt("long.md", "0123456789 wörds\n".repeat(5_900));
    AtomicLong number = new AtomicLong();
    AtomicLong tokensIn = new AtomicLong();
    AtomicLong tokensOut = new AtomicLong();
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              long n = number.incrementAndGet();
              tokensIn.addAndGet(20_000 + n);
              tokensOut.addAndGet(n);
              String usage =
                  "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                      .formatted(20_000 + n, n, 20_000 + 2 * n);
              connection.send(answer("Answer " + n, usage));
            })) {
      program.at(server.port()).main(Caller.class);
      List<Program.Running> runs = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        runs.add(program.start(calls, prompt));
      }
      for (Program.Running run : runs) {
        assertThat(run.end().out()).isEqualTo("0\n".repeat(calls));
      }

      int all = processes * calls;
      BigDecimal bill =
          new BigDecimal("1.25")
              .multiply(BigDecimal.valueOf(tokensIn.get()))
              .add(BigDecimal.TEN.multiply(BigDecimal.valueOf(tokensOut.get())))
              .movePointLeft(6);
      assertThat(server.requests()).hasSize(all);
      assertThat(Accounts.of(program).verify().seq()).isEqualTo(2L * all);
      assertThat(Accounts.of(program).spent()).isEqualByComparingTo(bill);
      assertThat(Accounts.of(program).open()).isZero();
      assertThat(logged()).isEqualTo(sent(server));
    }
  }

  /** The bodies that the server received, by the id that came with each. */
  private static Map<String, String> sent(RawServer server) {
    Map<String, String> bodies = new HashMap<>();
    for (String request : server.requests()) {
      int end = request.indexOf("\r\n\r\n");
      String id =
          request.substring(0, end).replaceFirst("(?s).*X-Client-Request-Id: (\\S+).*", "$1");
      bodies.put(id, request.substring(end + 4));
    }
    return bodies;
  }

  /** The bodies on the log's request lines, by their ids. */
  private Map<String, String> logged() {
    AuditLog log = new AuditLog(home.resolve("logs"), Clock.systemUTC());
    Map<String, String> bodies = new HashMap<>();
    try (LogReader reader = log.reader()) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        JsonNode json =
            Answers.json(new String(line.bytes(), StandardCharsets.UTF_8)).path("request");
        assertThat(bodies.putIfAbsent(line.call(), json.toString())).isIn(null, json.toString());
      }
    }
    return bodies;
  }
}
