package graduate;

import static graduate.BatchServer.answered;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.BatchServer.Line;
import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of inputs, a Batch API, and how the log and what is said of it must add up. */
abstract class BatchCase {
  /** In a batch a call can cost half a cent, and costs half a µ$ for each letter of its input. */
  private static final String SETTINGS =
      """
      {"request": {"max_completion_tokens": 10000}, "retry": 0, "zone": "UTC",
       "prices": {"gpt-5.6-luna": {"input": 0, "output": 1,
                                   "service_tiers": {"batch": {"multiplier": 0.5}}}},
       "caps": [{"usd": %s, "per": "total"}]}
      """;

  static final Set<String> ALL = Set.of("input 0", "input 1", "input 2", "input 3");
  static final BigDecimal WORST = new BigDecimal("0.005");

  static final BigDecimal NONE = BigDecimal.ZERO;

  private final int count;
  @TempDir Path home;
  Program program;
  Path prompt;
  BatchServer server;

  /** With so many inputs. */
  BatchCase(int count) {
    this.count = count;
  }

  @BeforeEach
  final void prepare() throws IOException {
    server = new BatchServer();
    program = new Program(home).at(server.port());
    cap("100");
    prompt = program.prompt("say.md", "Say it");
    inputs(count);
  }

  @AfterEach
  final void close() throws IOException {
    server.close();
  }

  void cap(String usd) throws IOException {
    program.prompt("graduate.json", SETTINGS.formatted(usd));
  }

  void inputs(int count) throws IOException {
    Files.createDirectories(home.resolve("in"));
    for (int i = 0; i < count; i++) {
      Files.writeString(home.resolve("in/%03d.txt".formatted(i)), "input " + i);
    }
  }

  /** The command of this case and more words. */
  Object[] command(Object... more) {
    Object[] words = {"bulk", prompt, home.resolve("in"), "-o", home.resolve("out")};
    return Stream.of(words, more).flatMap(Stream::of).toArray();
  }

  /** Runs it in this process. */
  Program.Ended here(Object... more) {
    return program.here(command(more));
  }

  /** Runs it as one batch. */
  Program.Ended batch(Object... more) {
    return batch(Clock.systemUTC(), more);
  }

  Program.Ended batch(Clock clock, Object... more) {
    return program.here(clock, Stream.of(command("--batch"), more).flatMap(Stream::of).toArray());
  }

  /** Makes sure that it ended with that code, and returns what it said. */
  static String ends(int exit, Program.Ended ended) {
    assertThat(ended.exit()).as(ended.stderr()).isEqualTo(exit);
    return ended.stderr();
  }

  /** Some time from now. */
  static Clock in(Duration time) {
    return Clock.offset(Clock.systemUTC(), time);
  }

  /** Hands in all inputs. */
  void handIn() {
    Program.Ended ended = batch();
    assertThat(ended.exit()).as(ended.stderr()).isEqualTo(6);
    assertThat(ended.stderr()).contains("To collect the answers: the same command");
    assertThat(ended.out()).isEmpty();
  }

  /** Ends the newest batch: all of it is answered. */
  void end() {
    server.end("completed", line -> List.of(answered(line)));
  }

  /** The inputs that have an answer in the folder. */
  Set<String> answers() throws IOException {
    Set<String> answered = new HashSet<>();
    String[] files = home.resolve("out").toFile().list();
    for (String file : files == null ? new String[0] : files) {
      String text = Files.readString(home.resolve("out").resolve(file));
      String number = file.replaceFirst("^0*(\\d+)\\.md$", "$1");
      assertThat(text).isEqualTo("Re: input " + number + "\n");
      answered.add("input " + number);
    }
    return answered;
  }

  /** What these inputs cost in a batch. */
  static BigDecimal cost(int... numbers) {
    int letters = 0;
    for (int i : numbers) {
      letters += ("input " + i).length();
    }
    return BigDecimal.valueOf(letters).multiply(new BigDecimal("0.0000005"));
  }

  static BigDecimal held(int calls) {
    return WORST.multiply(BigDecimal.valueOf(calls));
  }

  /** The first three are answered, the last one ended so; then a second collection is nothing. */
  void collected(int exit, BigDecimal cost, BigDecimal held) throws IOException {
    ends(exit, batch());
    boolean all = answers().equals(ALL);
    assertThat(answers()).contains("input 0", "input 1", "input 2");
    theSumsAre(cost(0, 1, 2).add(cost), held);
    assertThat(lines("response")).hasSize(4);
    collectedAgain(all ? Set.of() : Set.of("input 3"), cost, held);
  }

  /** What is collected is collected; only what has no answer is asked again. */
  private void collectedAgain(Set<String> again, BigDecimal cost, BigDecimal held)
      throws IOException {
    String log = log();
    int exit = batch("--cancel").exit();
    assertThat(exit).isEqualTo(again.isEmpty() ? 0 : 6);
    assertThat(log()).isEqualTo(log);
    nothingTwice();
    int uploads = server.uploads();

    assertThat(batch().exit()).isEqualTo(exit);
    if (again.isEmpty()) {
      assertThat(log()).isEqualTo(log);
      assertThat(server.uploads()).isEqualTo(uploads);
    } else {
      assertThat(server.lines().stream().map(Line::input))
          .containsExactlyInAnyOrderElementsOf(again);
      theSumsAre(cost(0, 1, 2).add(cost), held.add(held(again.size())));
      end();
      ends(0, batch());
      assertThat(answers()).isEqualTo(ALL);
    }
    assertThat(server.creations().values()).containsOnly(1);
  }

  String log() throws IOException {
    return Files.readString(program.log());
  }

  List<JsonNode> lines(String type) throws IOException {
    return program.lines().stream()
        .filter(line -> line.endsWith("}"))
        .map(Answers::json)
        .filter(line -> line.path("type").asText().equals(type))
        .toList();
  }

  /** By the log's own lines, its cache, and both of spend's reports. */
  void theSumsAre(BigDecimal spent, BigDecimal held) throws IOException {
    BigDecimal cost = BigDecimal.ZERO;
    Map<String, BigDecimal> open = new HashMap<>();
    Set<String> begun = new HashSet<>();
    for (JsonNode line : lines("batch")) {
      begun.add(line.path("id").asText());
    }
    Set<String> answered = new HashSet<>();
    for (String each : program.lines()) {
      JsonNode line = each.endsWith("}") ? Answers.json(each) : Answers.json("{}");
      String id = line.path("id").asText();
      boolean real = !line.has("batch") || begun.contains(line.path("batch").asText());
      if (line.path("type").asText().equals("request") && real) {
        open.put(id, line.path("reserved_usd").decimalValue());
      } else if (line.path("type").asText().equals("response")) {
        assertThat(answered.add(id)).as("one response line for each call").isTrue();
        if (line.has("cost_usd")) {
          cost = cost.add(line.path("cost_usd").decimalValue());
          open.remove(id);
        }
      }
    }
    BigDecimal rest = open.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(cost).isEqualByComparingTo(spent);
    assertThat(rest).isEqualByComparingTo(held);
    theReportsSay(spent, held);
  }

  /** What Graduate says, with the cache and without. */
  void theReportsSay(BigDecimal spent, BigDecimal held) throws IOException {
    for (int i = 0; i < 2; i++) {
      JsonNode cap = spend().at("/caps/0");
      assertThat(cap.path("spent_usd").decimalValue()).isEqualByComparingTo(spent);
      assertThat(cap.path("held_usd").decimalValue()).isEqualByComparingTo(held);
      boolean unused = Files.deleteIfExists(home.resolve("logs/spend.json"));
    }
    JsonNode by = Answers.json(program.here("spend", "--by", "prompt", "--json").out());
    assertThat(by.at("/total/cost_usd").decimalValue()).isEqualByComparingTo(spent);
    assertThat(by.at("/total/held_usd").decimalValue()).isEqualByComparingTo(held);
    assertThat(program.here("log", "verify").exit()).isZero();
    assertThat(Accounts.of(program).spent()).isEqualByComparingTo(spent);
  }

  JsonNode spend() {
    return Answers.json(program.here("spend", "--json").out());
  }

  /** Nothing was handed in twice but where that was asked for. */
  void nothingTwice() {
    assertThat(server.creations().values()).allMatch(times -> times == 1);
    assertThat(server.handedIn()).doesNotHaveDuplicates();
  }
}
