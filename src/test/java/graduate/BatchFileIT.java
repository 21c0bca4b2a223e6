package graduate;

import static graduate.BatchServer.answered;
import static graduate.BatchServer.result;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.BatchServer.Line;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch for another engine: its lines in a file, what came back in another. */
class BatchFileIT extends BatchCase {
  private Path file;
  private Path results;

  BatchFileIT() {
    super(3);
  }

  @BeforeEach
  void nameFiles() {
    file = home.resolve("batch.jsonl");
    results = home.resolve("results.jsonl");
  }

  @AfterEach
  void noRequestWentAnywhere() {
    assertThat(server.uploads()).isZero();
  }

  private Program.Ended toFile(Path to) {
    return here("--batch-file", to);
  }

  @Test
  void whatIsReadIsNotReplaced() throws Exception {
    for (Path kept : List.of(home.resolve("in/000.txt"), prompt)) {
      byte[] before = Files.readAllBytes(kept);
      assertThat(ends(2, toFile(kept)))
          .contains("--batch-file: " + kept + " would replace what is read");
      assertThat(kept).hasBinaryContent(before);
    }
  }

  @Test
  void otherInputsAreAnotherBatch() throws Exception {
    handOut();
    Path other = Files.writeString(home.resolve("other.txt"), "input 9");
    Path to = home.resolve("other.jsonl");
    ends(6, program.here("bulk", prompt, other, "--batch-file", to));
    assertThat(BatchServer.read(Files.readString(to)).stream().map(Line::input))
        .containsExactly("input 9");
  }

  @Test
  void aFullDiskKeepsTheBatchAndSaysSo() throws Exception {
    Path full = Files.createSymbolicLink(home.resolve("full"), Path.of("/dev/full"));
    assertThat(ends(6, toFile(full)))
        .contains(full + ": cannot be written: No space left on device; $0.015 stays held");
    assertThat(handOut()).hasSize(3);
  }

  private List<Line> handOut() throws IOException {
    ends(6, toFile(file));
    return BatchServer.read(Files.readString(file));
  }

  private Program.Ended take(String... lines) throws IOException {
    Files.writeString(results, String.join("\n", lines) + "\n");
    return here("--results", results);
  }

  /** Takes in that the first two were answered, and a third line. */
  private Program.Ended take(List<Line> lines, String third) throws IOException {
    return take(good(lines.get(0)), good(lines.get(1)), third);
  }

  /** As vLLM writes it. */
  private static String vllm(Line line, int status, String body, String error) {
    return """
        {"id":"vllm-7","custom_id":"%s","response":{"status_code":%d,"request_id":"vllm-batch-7","body":%s},"error":%s}"""
        .formatted(line.id(), status, body, error);
  }

  private static String good(Line line) {
    String input = line.input();
    String body = CountingServer.body("Re: " + input, "stop", input.length());
    return vllm(line, 200, body.replace("\n", " "), "null");
  }

  @Test
  void theFileIsReadStrictlyAndWrittenTheSameAgain() throws Exception {
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Program.Ended ended = toFile(file);

    assertThat(ended.exit()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr())
        .isEqualTo(
            "graduate: "
                + prompt
                + ": 3 calls are in "
                + file
                + ", $0.015 is reserved. To take in what comes back: the same command with"
                + " --results FILE\n");
    assertThat(Program.mode(file)).isEqualTo("rw-------");
    assertThat(BatchServer.read(Files.readString(file)).stream().map(Line::input))
        .containsExactly("input 0", "input 1", "input 2");
    theSumsAre(NONE, held(3));
    String log = log();
    Path other = home.resolve("other.jsonl");
    inputs(4);
    ends(6, toFile(other));
    assertThat(other).hasSameTextualContentAs(file);
    assertThat(Program.mode(other)).isEqualTo("rw-------");
    assertThat(log()).isEqualTo(log);
    assertThat(home.toFile().list((in, name) -> name.contains("jsonl"))).hasSize(2);
  }

  @Test
  void vllmsAnswersAreTakenIn() throws Exception {
    List<Line> lines = handOut();
    assertThat(ends(0, take(lines, good(lines.get(2))))).isEmpty();
    assertThat(answers()).isEqualTo(Set.of("input 0", "input 1", "input 2"));
    theSumsAre(cost(0, 1, 2), NONE);
    String log = log();
    assertThat(ends(0, here("--results", results))).isEmpty();
    ends(0, toFile(home.resolve("more.jsonl")));
    assertThat(log()).isEqualTo(log);
  }

  /**
   * Old engines put the completion where the status should be; OpenAI's lines come in no order, and
   * may hold a number that no decimal can.
   */
  @Test
  void otherFormsAreTakenInToo() throws Exception {
    List<Line> lines = handOut();
    String old = CountingServer.body("Re: input 0", "stop", 7).replace("\n", " ");
    ends(
        0,
        take(
            answered(lines.get(2)),
            "{\"id\":\"vllm-1\",\"custom_id\":\"%s\",\"response\":%s,\"error\":null}"
                .formatted(lines.get(0).id(), old),
            answered(lines.get(1)).replace("\"body\":{", "\"body\":{\"x\":1e99999999999,")));
    assertThat(answers()).hasSize(3);
    theSumsAre(cost(0, 1, 2), NONE);
  }

  /** Status, error, exit, how many calls are held, what is said. */
  static List<Arguments> failures() {
    String object = "{\"message\": \"too long\", \"type\": \"BadRequestError\", \"code\": 400}";
    return List.of(
        Arguments.of(400, "\"too long\"", 5, 0, "HTTP 400: too long"),
        Arguments.of(400, "{\"error\": " + object + "}", 5, 0, "HTTP 400: too long"),
        Arguments.of(400, object, 5, 0, "HTTP 400: too long"),
        Arguments.of(500, "\"too long\"", 6, 1, "HTTP 500: too long"),
        Arguments.of(500, "null", 6, 1, "HTTP 500"),
        Arguments.of(0, "\"too long\"", 6, 1, "too long"),
        Arguments.of(200, "null", 6, 1, "no answer in the results"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void vllmsFailuresAreToldFromAllThatSaysSo(
      int status, String error, int exit, int held, String said) throws Exception {
    List<Line> lines = handOut();
    assertThat(ends(exit, take(lines, vllm(lines.get(2), status, "null", error))))
        .endsWith("002.txt: " + said + "\n")
        .hasLineCount(1);
    theSumsAre(cost(0, 1), held(held));
    assertThat(handOut().stream().map(Line::input)).containsExactly("input 2");
    theSumsAre(cost(0, 1), held(held + 1));
  }

  @Test
  void aBodyMaySayWhatFailed() throws Exception {
    List<Line> lines = handOut();
    String result = result(lines.get(2).id(), 400, Answers.error("bad", "too long"));
    assertThat(ends(5, take(lines, result))).endsWith("002.txt: HTTP 400 bad: too long\n");
    theSumsAre(cost(0, 1), NONE);
  }

  @Test
  void aForeignCallRefusesTheWholeFile() throws Exception {
    List<Line> lines = handOut();
    String log = log();
    Line foreign = new Line("01NOBODY", lines.get(0).body());
    List<String> all = new ArrayList<>(lines.stream().map(BatchFileIT::good).toList());
    all.add(1, good(foreign));
    assertThat(ends(3, take(all.toArray(String[]::new))))
        .contains("results.jsonl: has a call that is in no batch for another engine");
    assertThat(log()).isEqualTo(log);
    assertThat(answers()).isEmpty();
    ends(3, take(""));
    ends(3, here("--results", home.resolve("none")));
    assertThat(log()).isEqualTo(log);
  }

  /** What came counts, the rest waits for the file as a whole. */
  @Test
  void resultsThatAreCutOffLeaveTheBatchOpen() throws Exception {
    List<Line> lines = handOut();
    String cut = good(lines.get(2)).substring(0, 90);
    assertThat(ends(6, take(lines, cut))).contains("1 calls have no result yet: a line is no JSON");
    theSumsAre(cost(0, 1), held(1));
    assertThat(spend().path("held")).hasSize(1);
    String log = log();
    ends(6, take(good(lines.get(0)), cut));
    assertThat(log()).isEqualTo(log);
    ends(0, take(lines, good(lines.get(2))));
    theSumsAre(cost(0, 1, 2), NONE);
    assertThat(answers()).hasSize(3);
  }

  /** What no line accounts for is held and asked again. */
  @Test
  void whatIsMissingIsHeld() throws Exception {
    List<Line> lines = handOut();
    assertThat(ends(6, take(good(lines.get(0)), good(lines.get(2)))))
        .contains("001.txt: the results do not name it")
        .hasLineCount(1);
    theSumsAre(cost(0, 2), held(1));
    assertThat(handOut().stream().map(Line::input)).containsExactly("input 1");
  }

  @Test
  void whereTheFileCannotBeWrittenNothingIsReserved() throws Exception {
    ends(3, toFile(home.resolve("in/000.txt/batch.jsonl")));
    assertThat(program.lines()).isEmpty();
    ends(6, toFile(home.resolve("new/folder/batch.jsonl")));
    assertThat(handOut()).hasSize(3);
  }

  /** What is written for another engine is not handed in at the API as well. */
  @Test
  void aBatchInAFileIsNoBatchOfTheApi() throws Exception {
    List<Line> lines = handOut();
    ends(6, batch());
    ends(6, here());
    assertThat(server.uploads()).isZero();
    ends(0, take(lines.stream().map(BatchFileIT::good).toArray(String[]::new)));
    theSumsAre(cost(0, 1, 2), NONE);
  }
}
