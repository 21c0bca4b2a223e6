package graduate;

import static graduate.BatchServer.HALF;
import static graduate.BatchServer.answered;
import static graduate.BatchServer.failed;
import static graduate.BatchServer.result;
import static graduate.BatchServer.saying;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.BatchServer.Line;
import graduate.BatchServer.Step;
import graduate.harness.Answers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a batch, with all oddities of an API: four inputs, handed in and collected. */
class BatchIT extends BatchCase {
  BatchIT() {
    super(4);
  }

  /** The result of all lines but number 3, which is the oddity's. */
  private static Function<Line, List<String>> odd(Function<Line, List<String>> third) {
    return line -> line.input().endsWith("3") ? third.apply(line) : List.of(answered(line));
  }

  @Test
  void whatIsHandedInIsReservedAndCollected() throws Exception {
    assertThat(ends(6, batch()))
        .isEqualTo(
            "graduate: "
                + prompt
                + ": 4 calls are in batch batch_1. To collect the answers: the same command\n");
    assertThat(server.lines().stream().map(Line::input)).containsExactlyInAnyOrderElementsOf(ALL);
    theSumsAre(NONE, held(4));
    String log = log();
    for (String state : List.of("validating", "in_progress", "finalizing", "cancelling")) {
      server.set("status", state);
      server.set("request_counts", Map.of("total", 4, "completed", 4, "failed", 0));
      assertThat(ends(6, batch())).isEmpty();
    }
    assertThat(log()).isEqualTo(log);
    end();
    collected(0, cost(3), NONE);
    assertThat(server.uploads()).isEqualTo(1);
    assertThat(home.resolve("logs").toFile().list((logs, name) -> name.endsWith(".new"))).isEmpty();
  }

  @Test
  void resultsFromAFileAreNoneOfABatchAtTheApi() throws Exception {
    handIn();
    String log = log();
    Path results = home.resolve("results.jsonl");
    Files.writeString(results, answered(server.lines().get(0)) + "\n");
    assertThat(ends(3, here("--results", results)))
        .contains("has a call that is in no batch for another engine");
    assertThat(here("--results", prompt).stderr()).contains("say.md: has no result of a call");
    assertThat(log()).isEqualTo(log);
  }

  /** They are the API's word, and have been seen wrong. */
  @Test
  void aTerminalReadsTheCounts() throws Exception {
    handIn();
    server.set("status", "in_progress");
    server.set("request_counts", Map.of("total", 0, "completed", 9, "failed", 7));
    inputs(6);
    program.terminals("2");
    assertThat(ends(6, program.run(command("--batch"))))
        .contains(
            "batch batch_1: in_progress, 9 of 4 done, 7 failed."
                + " To collect the answers: the same command\n");
    end();
    assertThat(ends(6, program.run(command("--batch"))))
        .contains("2 inputs wait for the next command\n");
  }

  /** Name, exit, whether it is answered, how many calls are held, what stands in its place. */
  static List<Arguments> odd() {
    Function<Line, List<String>> nothing = line -> List.of();
    return List.of(
        lastLine("missing", 6, 1, nothing),
        lastLine("expired", 6, 0, line -> List.of(failed(line.id(), "batch_expired"))),
        lastLine("failed before", 6, 1, line -> List.of(failed(line.id(), "server_error"))),
        lastLine("status code 0", 6, 1, line -> List.of(result(line.id(), 0, "null"))),
        lastLine("refused", 5, 0, line -> refused(line, 400, "bad_parameter")),
        lastLine("content", 5, 1, line -> refused(line, 400, "content_policy_violation")),
        lastLine("too many", 6, 0, line -> refused(line, 429, "rate_limit_exceeded")),
        lastLine("oops", 6, 1, line -> refused(line, 500, "server_error")),
        lastLine("no usage", 0, 1, line -> List.of(result(line.id(), 200, "{}"))));
  }

  private static Arguments lastLine(
      String name, int exit, int held, Function<Line, List<String>> result) {
    return Arguments.of(name, exit, held, result);
  }

  private static List<String> refused(Line line, int status, String code) {
    return List.of(result(line.id(), status, Answers.error(code, "no")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void aLineThatIsOddIsReleasedOrHeld(
      String name, int exit, int held, Function<Line, List<String>> result) throws Exception {
    handIn();
    server.end(name.equals("expired") ? "expired" : "completed", odd(result));
    collected(name.equals("no usage") ? 6 : exit, NONE, held(held));
  }

  /** Twice the same, twice another, and calls that nobody made. */
  @Test
  void ofDoubledLinesOneCountsAndOfUnknownOnesNone() throws Exception {
    handIn();
    server.end(
        "completed",
        odd(
            line ->
                List.of(
                    answered(line),
                    answered(line),
                    answered(new Line("01NOBODY", line.body())),
                    refused(line, 500, "late").get(0))));
    collected(0, cost(3), NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMPLETED", "EXPIRED", "CANCELLED"})
  void statesMayComeInCapitals(String state) throws Exception {
    handIn();
    server.end(state, odd(line -> List.of(failed(line.id(), "batch_expired"))));
    collected(6, NONE, NONE);
  }

  @Test
  void whatACancelledBatchLeftIsHeld() throws Exception {
    handIn();
    ends(6, batch("--cancel"));
    assertThat(server.cancelled()).containsExactly("batch_1");
    theSumsAre(NONE, held(4));
    server.end("cancelled", odd(line -> List.of()));
    collected(6, NONE, held(1));
  }

  @Test
  void whereAllFailedThereIsNoOutputFile() throws Exception {
    handIn();
    server.end("completed", line -> refused(line, 400, "bad_parameter"));
    assertThat(ends(5, batch())).hasLineCount(4).contains("000.txt: HTTP 400 bad_parameter: no\n");
    assertThat(answers()).isEmpty();
    theSumsAre(NONE, NONE);
  }

  @ParameterizedTest
  @CsvSource({"token_limit_exceeded", "invalid_json_line", "duplicate_custom_id"})
  void validationThatFailsReleasesAll(String code) throws Exception {
    handIn();
    server.fail(code, "no room");
    assertThat(ends(6, batch())).hasLineCount(4).contains("000.txt: the batch failed: no room\n");
    theSumsAre(NONE, NONE);
    String log = log();
    ends(6, batch("--cancel"));
    assertThat(log()).isEqualTo(log);
    handIn();
    assertThat(server.creations()).hasSize(2).allSatisfy((id, times) -> assertThat(times).isOne());
  }

  /** What came is recorded and paid, the rest waits; then all is there. */
  @Test
  void aDownloadThatBreaksOffIsCompletedByTheNext() throws Exception {
    handIn();
    end();
    server.next(Step.DOWNLOAD, HALF);
    ends(6, batch());
    int came = answers().size();
    assertThat(came).isBetween(1, 3);
    assertThat(lines("response")).hasSize(came);
    assertThat(spend().path("held")).hasSize(1);
    assertThat(spend().at("/held/0/calls").asInt()).isEqualTo(4 - came);
    collected(0, cost(3), NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500})
  void aFileThatCannotBeReadWaits(int status) throws Exception {
    handIn();
    end();
    server.next(Step.DOWNLOAD, saying(status, Answers.error("no", "no")));
    String log = log();
    ends(6, batch());
    assertThat(log()).isEqualTo(log);
    collected(0, cost(3), NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 429, 500})
  void aStateThatIsNotToldChangesNothing(int status) throws Exception {
    handIn();
    server.next(Step.STATUS, saying(status, Answers.error("no", "no")));
    String log = log();
    assertThat(ends(6, batch())).contains("batch batch_1: HTTP " + status + " no: no");
    assertThat(log()).isEqualTo(log);
  }
}
