package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Caller;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bulk while things go wrong: caps, refusals, kills, others at the same work. */
class BulkLiveIT {
  /**
   * Every call can cost one cent, and costs a millionth of a dollar for each letter of its input.
   */
  private static final String CENT =
      """
      {"request": {"max_completion_tokens": 10000}, "retry": %d, "zone": "UTC",
       "prices": {"gpt-5.6-luna": {"input": 0, "output": 1}},
       "caps": [{"usd": %s, "per": "total"}]}
      """;

  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    settings(0, "1");
    prompt = program.prompt("say.md", "Say it");
  }

  private void settings(int retry, String cap) throws IOException {
    program.prompt("graduate.json", CENT.formatted(retry, cap));
  }

  private void inputs(int count) throws IOException {
    Files.createDirectories(home.resolve("in"));
    for (int i = 0; i < count; i++) {
      Files.writeString(home.resolve("in/%03d.txt".formatted(i)), "input " + i);
    }
  }

  private void theLogHolds(CountingServer server) {
    assertThat(Accounts.of(program).verify().seq()).isPositive();
    assertThat(Accounts.of(program).spent()).isEqualByComparingTo(server.bill());
  }

  private void allAreAnswered(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(home.resolve("out/%03d.md".formatted(i))).hasContent("Re: input " + i + "\n");
    }
    assertThat(home.resolve("out").toFile().list()).hasSize(count);
  }

  /** Room for three worst cases; each input costs a tenth of one. */
  @Test
  void aCapWithRoomForFewWorstCasesTakesAllThatCostLess() throws Exception {
    settings(0, "0.035");
    inputs(20);
    String thousand = CountingServer.body("Fine", "stop", 1000);
    try (CountingServer server =
        new CountingServer((input, time) -> RawServer.response("200 OK", "", thousand))) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 8);

      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.exit()).isZero();
      assertThat(server.asked()).hasSize(20);
      assertThat(server.most()).isLessThanOrEqualTo(3);
      neverAbove(new BigDecimal("0.035"));
      assertThat(Accounts.of(program).spent()).isEqualByComparingTo("0.02");
    }
  }

  /** Adds up the log, line by line. */
  private void neverAbove(BigDecimal cap) throws IOException {
    BigDecimal committed = BigDecimal.ZERO;
    for (String line : program.lines()) {
      JsonNode json = Answers.json(line);
      BigDecimal reserved = json.path("reserved_usd").decimalValue();
      committed =
          json.path("type").asText().equals("request")
              ? committed.add(reserved)
              : json.has("cost_usd")
                  ? committed.subtract(reserved).add(json.path("cost_usd").decimalValue())
                  : committed;
      assertThat(committed).isLessThanOrEqualTo(cap);
    }
  }

  @Test
  void whereTheCapIsReachedItSaysHowToGoOn() throws Exception {
    settings(0, "0.025");
    inputs(10);
    String costly = CountingServer.body("Fine", "stop", 5000);
    try (CountingServer server =
        new CountingServer((input, time) -> RawServer.response("200 OK", "", costly))) {
      Program.Ended ended = program.at(server.port()).run("bulk", prompt, "in", "-o", "out");

      assertThat(ended.exit()).isEqualTo(4);
      assertThat(server.calls()).isEqualTo(4);
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": could cost $0.01; total cap $0.025: spent $0.02, held $0.00, left $0.005;"
                  + " 4 of 10 done, 6 left. To go on with more room: the same command\n");
      settings(0, "1");
      Program.Ended next = program.run("bulk", prompt, "in", "-o", "out");

      assertThat(next.exit()).isZero();
      assertThat(server.calls()).isEqualTo(10);
    }
  }

  @Test
  void maxUsdBoundsTheWholeCommand() throws Exception {
    inputs(10);
    String costly = CountingServer.body("Fine", "stop", 5000);
    try (CountingServer server =
        new CountingServer((input, time) -> RawServer.response("200 OK", "", costly))) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "--max-usd", "0.025");

      assertThat(ended.exit()).isEqualTo(4);
      assertThat(ended.stderr()).contains("; --max-usd $0.025: spent $0.02, ").hasLineCount(1);
      assertThat(server.calls()).isEqualTo(4);
    }
  }

  /** Each input is told twice to wait before it is answered, and no attempt is left to any. */
  @Test
  void aStormOf429sUsesUpNoAttempts() throws Exception {
    inputs(30);
    String wait = RawServer.response("429 Busy", "Retry-After-Ms: 50\r\n", Answers.error("x", "y"));
    try (CountingServer server = new CountingServer((input, time) -> time < 3 ? wait : null)) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 16);

      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.exit()).isZero();
      assertThat(server.calls()).isEqualTo(90);
      allAreAnswered(30);
      theLogHolds(server);
      assertThat(Files.readString(home.resolve("logs/graduate.log")))
          .contains("too many requests: pause 50 ms, then 8 at once", "then 4 at once");
    }
  }

  /** None begins while the pause lasts. */
  @Test
  void a429PausesAll() throws Exception {
    inputs(12);
    AtomicInteger calls = new AtomicInteger();
    List<Long> times = new CopyOnWriteArrayList<>();
    String wait = RawServer.response("429 Busy", "Retry-After: 1\r\n", "");
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              times.add(System.nanoTime());
              return calls.incrementAndGet() == 1 ? wait : null;
            })) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 1);

      assertThat(ended.exit()).isZero();
      assertThat(times).hasSize(13);
      assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
          .isGreaterThan(Duration.ofMillis(990));
    }
  }

  /** Neither does another's retry begin, which needs no wait of its own. */
  @Test
  void a429PausesTheRetriesOfOthersToo() throws Exception {
    inputs(2);
    Map<String, Long> times = new ConcurrentHashMap<>();
    Path noted = home.resolve("logs/graduate.log");
    String wait = RawServer.response("429 Busy", "Retry-After: 2\r\n", "");
    String oops = RawServer.response("500 Oops", "Retry-After: 0\r\n", "");
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              times.put(input + " " + time, System.nanoTime());
              if (time > 1) {
                return null;
              }
              if (input.equals("input 1")) {
                return wait;
              }
              Program.until(
                  () -> Files.exists(noted) && Files.readString(noted).contains("too many"));
              return oops;
            })) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 2, "--retry", 1);

      assertThat(ended.exit()).as(ended.stderr()).isZero();
      assertThat(
              Duration.ofNanos(
                  times.getOrDefault("input 0 2", 0L) - times.getOrDefault("input 1 1", 0L)))
          .isGreaterThan(Duration.ofMillis(1990));
    }
  }

  /** Nor does one begin that waited for a cap's room, which a 429 gives back. */
  @Test
  void a429PausesWhoWaitsForACapsRoomToo() throws Exception {
    inputs(2);
    settings(0, "0.015");
    Map<String, Long> times = new ConcurrentHashMap<>();
    String wait = RawServer.response("429 Busy", "Retry-After: 2\r\n", "");
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              times.put(times.isEmpty() ? "first" : input + " " + time, System.nanoTime());
              return times.size() == 1 ? wait : null;
            })) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 2);

      assertThat(ended.exit()).as(ended.stderr()).isZero();
      long first = times.getOrDefault("first", 0L);
      times.remove("first");
      assertThat(times.values())
          .allMatch(time -> Duration.ofNanos(time - first).toMillis() > 1990)
          .hasSize(2);
    }
  }

  @Test
  void answersInAnyOrderFindTheirInputs() throws Exception {
    inputs(40);
    Random random = new Random(7);
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              Thread.sleep(random.nextInt(50));
              return null;
            })) {
      Program.Ended ended =
          program.at(server.port()).run("bulk", prompt, "in", "-o", "out", "-j", 16);

      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.exit()).isZero();
      assertThat(server.asked().values()).containsOnly(1);
      allAreAnswered(40);
      theLogHolds(server);
    }
  }

  @Test
  void fiveOfFiftyFailInFiveWays() throws Exception {
    inputs(50);
    Map<String, String> ways =
        Map.of(
            "input 11",
                RawServer.response("400 Bad", "", Answers.error("bad", "no such parameter")),
            "input 12", RawServer.response("500 Oops", "", ""),
            "input 13", RawServer.response("200 OK", "", "no JSON"),
            "input 14", RawServer.response("200 OK", "", CountingServer.body("Half", "length", 5)),
            "input 15", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    try (CountingServer server = new CountingServer((input, time) -> ways.get(input))) {
      Program.Ended ended = program.at(server.port()).run("bulk", prompt, "in", "-j", 4);

      assertThat(ended.exit()).isEqualTo(5);
      assertThat(ended.stderr().lines().sorted())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("graduate: in/011.txt: HTTP 400 bad: no such"),
              line -> assertThat(line).startsWith("graduate: in/012.txt: HTTP 500; $0.01 stays"),
              line -> assertThat(line).startsWith("graduate: in/013.txt: HTTP 200: the body is no"),
              line -> assertThat(line).startsWith("graduate: in/014.txt: the answer was cut off"),
              line -> assertThat(line).startsWith("graduate: in/015.txt: the server closed the"));
      List<JsonNode> lines = ended.out().lines().map(Answers::json).toList();
      assertThat(lines).hasSize(50);
      assertThat(lines.stream().filter(line -> line.path("answer").isNull())).hasSize(4);
      assertThat(lines.stream().filter(line -> line.path("cost_usd").isNull())).hasSize(3);
      assertThat(Accounts.of(program).held()).isEqualByComparingTo("0.03");
    }
  }

  @Test
  void aRefusalThatNoCallEscapesStopsTheRest() throws Exception {
    inputs(20);
    String refusal = RawServer.response("401 No", "", Answers.error("invalid_api_key", "no"));
    try (CountingServer server = new CountingServer((input, time) -> refusal)) {
      Program.Ended ended = program.at(server.port()).run("bulk", prompt, "in", "-j", 1);

      assertThat(ended.exit()).isEqualTo(5);
      assertThat(server.calls()).isEqualTo(1);
      assertThat(ended.stderr())
          .contains(
              "in/000.txt: HTTP 401",
              "the rest would be refused too; 0 of 20 done, 1 failed, 19 left");
    }
  }

  @Test
  void theSame4xxToTheFirstThreeStopsTheRest() throws Exception {
    inputs(20);
    String refusal = RawServer.response("400 No", "", Answers.error("bad", "no"));
    try (CountingServer server = new CountingServer((input, time) -> refusal)) {
      Program.Ended ended = program.at(server.port()).run("bulk", prompt, "in", "-j", 1);

      assertThat(ended.exit()).isEqualTo(5);
      assertThat(server.calls()).isEqualTo(3);
    }
  }

  /** Six calls of a day may end held, whoever starts the command how often. */
  @Test
  void anInputThatAlwaysFailsIsLeftAloneAfterSixCallsOfADay() throws Exception {
    settings(1, "100");
    inputs(2);
    String oops = RawServer.response("500 Oops", "Retry-After: 0\r\n", "");
    try (CountingServer server =
        new CountingServer((input, time) -> input.equals("input 0") ? oops : null)) {
      Map<String, String> env =
          Map.of(
              "OPENAI_API_KEY",
              Program.KEY,
              "OPENAI_BASE_URL",
              "http://127.0.0.1:" + server.port() + "/v1");
      Instant day = Instant.parse("2026-03-02T00:30:00Z");
      List<String> words =
          List.of(
              "bulk",
              prompt.toString(),
              home.resolve("in").toString(),
              "-o",
              home.resolve("out").toString());
      for (int hour = 0; hour < 24; hour++) {
        Clock clock = Clock.fixed(day.plus(Duration.ofHours(hour)), ZoneOffset.UTC);
        assertThat(Caller.call(clock, home, env, words).exit()).isEqualTo(6);
        assertThat(server.asked().get("input 0")).isEqualTo(Math.min(6, 2 * hour + 2));
      }
      assertThat(server.asked()).containsEntry("input 1", 1);
      Clock next = Clock.fixed(day.plus(Duration.ofDays(1)), ZoneOffset.UTC);
      assertThat(Caller.call(next, home, env, words).exit()).isEqualTo(6);
      assertThat(server.asked().get("input 0")).isEqualTo(8);
    }
  }

  @Test
  void aRaisedLimitPaysForWhatWasCutAlone() throws Exception {
    inputs(50);
    String cut = RawServer.response("200 OK", "", CountingServer.body("Half", "length", 5));
    try (CountingServer server =
        new CountingServer(
            (input, time) -> input.matches("input 1[1-5]") && time == 1 ? cut : null)) {
      program.at(server.port());
      Object[] command = {"bulk", prompt, "in", "-o", "out"};
      assertThat(program.run(command).exit()).isEqualTo(7);
      assertThat(server.calls()).isEqualTo(50);
      Program.Ended same = program.run(command);

      assertThat(same.exit()).isEqualTo(7);
      assertThat(same.stderr()).isEmpty();
      assertThat(server.calls()).isEqualTo(50);
      Program.Ended raised =
          program.run("bulk", prompt, "in", "-o", "out", "-p", "max_completion_tokens=20000");

      assertThat(raised.exit()).isZero();
      assertThat(server.calls()).isEqualTo(55);
      allAreAnswered(50);
    }
  }

  @Test
  void onASignalCallsInFlightEndAndNoneBegins() throws Exception {
    SignalIT.assumeNotIgnored(2);
    inputs(20);
    CountDownLatch go = new CountDownLatch(1);
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              go.await();
              return null;
            })) {
      Program.Running running =
          program.at(server.port()).start("bulk", prompt, "in", "-o", "out", "-j", 4);
      for (int i = 0; i < 4; i++) {
        server.take();
      }
      SignalIT.send("INT", running.process());
      Program.until(() -> SignalIT.threads(running.process()).contains("signal\n"));
      go.countDown();
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(130);
      assertThat(server.calls()).isEqualTo(4);
      assertThat(Accounts.of(program).open()).isZero();
      assertThat(home.resolve("out").toFile().list()).hasSize(4);
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": ended by a signal; 4 of 20 done, 16 left. To go on: the same command\n");
      assertThat(program.run("bulk", prompt, "in", "-o", "out").exit()).isZero();
      allAreAnswered(20);
      theLogHolds(server);
    }
  }

  @Test
  void twoAtOnceOverOneFolderAskEachInputOnce() throws Exception {
    inputs(60);
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              Thread.sleep(5);
              return null;
            })) {
      program.at(server.port());
      Program.Running one = program.start("bulk", prompt, "in", "-o", "out", "-j", 4);
      Program.Running two = program.start("bulk", prompt, "in", "-o", "out", "-j", 4);

      assertThat(List.of(one.end().exit(), two.end().exit())).isSubsetOf(0, 6);
      assertThat(server.asked()).hasSize(60);
      assertThat(server.asked().values()).containsOnly(1);
      allAreAnswered(60);
      theLogHolds(server);
    }
  }

  @Test
  void whatAKilledRunWasAskingIsLeftAloneUntilItsDeadline() throws Exception {
    inputs(2);
    CountDownLatch go = new CountDownLatch(1);
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              if (input.equals("input 0")) {
                go.await();
              }
              return null;
            })) {
      Program.Running running =
          program.at(server.port()).start("bulk", prompt, "in", "-o", "out", "-j", 1);
      server.take();
      running.process().destroyForcibly();
      running.end();
      Program.Ended ended = program.run("bulk", prompt, "in", "-o", "out");
      go.countDown();

      assertThat(ended.stderr())
          .isEqualTo("graduate: in/000.txt: left alone: it is being asked already\n");
      assertThat(ended.exit()).isEqualTo(6);
      assertThat(server.asked()).isEqualTo(Map.of("input 0", 1, "input 1", 1));
    }
  }

  @Test
  void afterFourKillsTheSameCommandHasAsked() throws Exception {
    untilDoneAfterKills(4);
  }

  @Test
  @Tag("machine")
  void afterTwentyKillsTheSameCommandHasAsked() throws Exception {
    untilDoneAfterKills(20);
  }

  /** What was in flight waits for its deadline, so that is short here. */
  private void untilDoneAfterKills(int kills) throws Exception {
    int count = 20 * kills;
    inputs(count);
    settings(0, "100");
    Random random = new Random(kills);
    try (CountingServer server =
        new CountingServer(
            (input, time) -> {
              Thread.sleep(20);
              return null;
            })) {
      program.at(server.port());
      // Long enough that no input is in flight at six kills, and given up for the day.
      String longest = kills > 4 ? "12s" : "2s";
      Object[] command = {"bulk", prompt, "in", "-o", "out", "-j", 4, "--max-time", longest};
      for (int i = 0; i < kills; i++) {
        int before = server.calls();
        int more = random.nextInt(12);
        Program.Running running = program.start(command);
        Program.until(() -> server.calls() >= before + more || !running.process().isAlive());
        running.process().destroyForcibly();
        running.end();
        assertThat(answers()).doesNotHaveDuplicates();
      }
      Program.until(
          () -> {
            int exit = program.run(command).exit();
            assertThat(exit).isIn(0, 6);
            return exit == 0;
          });

      assertThat(answers()).hasSize(count).doesNotHaveDuplicates();
      allAreAnswered(count);
      Accounts accounts = Accounts.of(program);
      assertThat(accounts.verify().seq()).isPositive();
      // What nobody was there to read is held, and was asked again.
      assertThat(accounts.open()).isBetween(server.calls() - count, 4 * kills);
      assertThat(accounts.spent()).isEqualByComparingTo(once(count));
    }
  }

  /** What all inputs cost that are answered once. */
  private static BigDecimal once(int count) {
    int letters = 0;
    for (int i = 0; i < count; i++) {
      letters += ("input " + i).length();
    }
    return BigDecimal.valueOf(letters, 6);
  }

  /** The hashes of the inputs that the log has an answer to, one for each answer. */
  private List<String> answers() throws IOException {
    return program.lines().stream()
        .filter(line -> line.contains("\"type\":\"response\"") && line.endsWith("}"))
        .map(line -> Answers.json(line).at("/input/sha256").asText())
        .toList();
  }
}
