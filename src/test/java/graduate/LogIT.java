package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log}, {@code log show} and {@code log verify}. */
class LogIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Saved.");
  }

  /** Runs the prompt against a server that gives this response. */
  private Program.Ended call(String response, Object... options) throws Exception {
    try (RawServer server = RawServer.saying(response)) {
      List<Object> words = new ArrayList<>(List.of(options));
      words.add(prompt);
      return program.at(server.port()).run(words.toArray());
    }
  }

  private String id(int line) throws IOException {
    return Answers.json(program.lines().get(line)).path("id").asText();
  }

  private void refused(String problem, Object... words) throws Exception {
    Program.Ended ended = program.run(words);
    assertThat(ended.stderr()).isEqualTo("graduate: " + problem + "\n");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void anEmptyLogIsNoFault() throws Exception {
    assertThat(program.run("log").out()).isEqualTo("no calls yet\n");
    Program.Ended verified = program.run("log", "verify", "--logs", "typo");
    assertThat(verified.exit()).isEqualTo(9);
    assertThat(verified.stderr()).isEqualTo("graduate: typo/audit.jsonl: there is no log here\n");
    refused("last: the log has no such call. See: graduate log", "log", "show", "last");
    assertThat(home.resolve("logs/audit.jsonl")).doesNotExist();
  }

  @Test
  void theRecentCallsStandInATableOneLineEach() throws Exception {
    program.settings("\"zone\": \"Asia/Tokyo\"");
    call(RawServer.answer("Hello!"));
    call(RawServer.response("404 Not Found", "", "{}"));
    call(RawServer.response("200 OK", "", Answers.ended("length", "Hel")));
    call(RawServer.response("500 Error", "", "{}"), "--retry", "0");
    program.run(prompt, "--replay");
    Program.Running running;
    try (RawServer server = RawServer.silent()) {
      running = program.at(server.port()).start(prompt);
      server.take();
      running.process().destroyForcibly().waitFor();
    }
    Program.Ended ended = program.run("log");

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr()).isEmpty();
    String time = "\\d\\d-\\d\\d \\d\\d:\\d\\d  hello  +";
    String rest = " {2,}2\\S+";
    List<String> rows = ended.out().lines().toList();
    assertThat(rows.get(0)).matches("WHEN +PROMPT +OUTCOME +TOKENS +COST +ID");
    assertThat(rows.get(1)).matches(time + "answered +9\\+2 +\\$0\\.0000042" + rest);
    assertThat(rows.get(2)).matches(time + "refused +\\$0\\.00" + rest);
    assertThat(rows.get(3)).matches(time + "incomplete +9\\+2 +\\$0\\.0000042" + rest);
    assertThat(rows.get(4)).matches(time + "failed +held \\$0\\.0197" + rest);
    assertThat(rows.get(5)).matches(time + "replayed +\\d+\\+\\d+ +\\$0\\.00" + rest);
    assertThat(rows.get(6)).matches(time + "waiting +held \\$0\\.0197 +2\\S+");
    String minute = Answers.json(program.lines().get(0)).path("time").asText().substring(14, 16);
    assertThat(rows.get(1)).contains(":" + minute + "  ");
    assertThat(rows).allMatch(row -> row.length() <= 80);
    assertThat(id(0)).startsWith(rows.get(1).replaceFirst(".* ", ""));
  }

  @Test
  void showPrintsTheAnswerAsRunDid() throws Exception {
    Program.Ended first =
        call(RawServer.response("200 OK", "", Answers.completion("Grüße 👋\r\n", "two")));
    call(RawServer.response("200 OK", "", Answers.ended("length", "cut")));
    call(RawServer.response("401 Wrong", "", Answers.error("invalid_api_key", "")));
    String refused = id(4);

    assertThat(program.run("log", "show", id(0)).stdout()).isEqualTo(first.stdout());
    assertThat(program.run("log", "show", id(2).substring(0, 26)).out()).isEqualTo("cut\n");
    refused(
        refused + ": has no answer (refused). See: graduate log show " + refused + " --json",
        "log",
        "show",
        "last");
    refused(
        "2: several calls begin so. Give more of the id. See: graduate log", "log", "show", "2");
    refused("x: no such call. See: graduate log", "log", "show", "x");

    Program.Ended json = program.run("log", "show", refused, "--json");
    assertThat(json.out()).isEqualTo(program.lines().get(4) + "\n" + program.lines().get(5) + "\n");
    assertThat(Answers.json(program.lines().get(5)).at("/response/error/code").asText())
        .isEqualTo("invalid_api_key");
  }

  @Test
  void verifyPrintsAnAnchorThatALaterOneHolds() throws Exception {
    call(RawServer.answer("Hello!"));
    Program.Ended verified = program.run("log", "verify");
    String anchor = verified.out().replaceFirst("(?s).*anchor (\\S+)\n", "$1");
    assertThat(verified.exit()).isZero();
    assertThat(verified.out())
        .isEqualTo("logs/audit.jsonl: 2 lines, unbroken\nanchor " + anchor + "\n");

    call(RawServer.answer("Hello!"));
    assertThat(program.run("log", "verify", "--anchor", anchor).exit()).isZero();

    // Both whole, but not the log that it was: cut, and another one.
    List<String> lines = program.lines();
    Files.delete(home.resolve("logs/spend.json"));
    Files.writeString(program.log(), lines.get(0) + "\n");
    Program.Ended cut = program.run("log", "verify", "--anchor=" + anchor);
    assertThat(cut.exit()).isEqualTo(9);
    assertThat(cut.out()).isEmpty();
    assertThat(cut.stderr())
        .startsWith("graduate: logs/audit.jsonl: damaged at offset " + Files.size(program.log()))
        .contains(": ends with line 1, the anchor is line 2. ");
    Program.Ended other = program.run("log", "verify", "--anchor", "1:" + "0".repeat(64));
    assertThat(other.exit()).isEqualTo(9);
    assertThat(other.stderr()).contains("offset 0: line 1 is not the one of the anchor");
  }

  @Test
  void damageIs9UntilItIsAcceptedAndNoAmountIsLost() throws Exception {
    call(RawServer.answer("Hello!"));
    call(RawServer.response("500 Error", "", "{}"), "--retry", "0");
    String held = id(2);
    String whole = Files.readString(program.log());
    Files.writeString(program.log(), whole.replaceFirst("Say hello", "Say hullo"));
    Files.writeString(home.resolve("logs/spend.json"), "gone");

    String line = "logs/audit.jsonl: damaged at offset 0: line 1 was changed after it was written";
    String advice = ". To go on: graduate log verify --accept-damage\n";
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended run = program.at(server.port()).run(prompt);
      assertThat(run.exit()).isEqualTo(9);
      assertThat(run.out()).isEmpty();
      assertThat(run.stderr()).isEqualTo("graduate: " + line + advice);
      assertThat(server.requests()).isEmpty();
    }
    assertThat(program.run("log", "verify").stderr()).isEqualTo("graduate: " + line + advice);
    assertThat(program.run("spend").exit()).isEqualTo(9);

    Program.Ended accepted = program.run("log", "verify", "--accept-damage");
    assertThat(accepted.stderr()).isEmpty();
    assertThat(accepted.exit()).isZero();
    assertThat(accepted.out())
        .matches(
            "\\Q"
                + line
                + "\\E\nset aside as logs/audit-damaged-\\d{8}T\\d{9}Z\\.jsonl;"
                + " logs/audit\\.jsonl goes on with its sums and its open calls\\."
                + " See: graduate spend\n");
    JsonNode carried = Answers.json(program.lines().get(0));
    assertThat(carried.path("type").asText()).isEqualTo("carried");
    assertThat(carried.path("damage").asText()).startsWith(line);
    Path aside = home.resolve("logs").resolve(carried.path("file").asText());
    assertThat(Files.readString(aside)).contains("Say hullo");
    assertThat(Program.mode(aside)).isEqualTo("rw-------");
    assertThat(Program.mode(program.log())).isEqualTo("rw-------");

    assertThat(program.run("spend").out())
        .contains("spent $0.0000042, held $0.0197")
        .contains(held);
    assertThat(call(RawServer.answer("Hello!")).exit()).isZero();
    assertThat(program.run("log", "verify", "--accept-damage").out())
        .startsWith("logs/audit.jsonl: 3 lines, unbroken\n");
  }

  @Test
  void damageThatTwoAcceptAtOnceIsSetAsideOnce() throws Exception {
    call(RawServer.answer("Hello!"));
    String whole = Files.readString(program.log());
    Files.writeString(program.log(), whole.replaceFirst("Say hello", "Say hullo"));
    Files.delete(home.resolve("logs/spend.json"));
    Program.Running first = program.start("log", "verify", "--accept-damage");
    Program.Running second = program.start("log", "verify", "--accept-damage");
    List<Program.Ended> ended = List.of(first.end(), second.end());

    assertThat(ended).extracting(Program.Ended::exit).containsExactly(0, 0);
    assertThat(ended)
        .extracting(Program.Ended::out)
        .anyMatch(text -> text.contains("set aside as "))
        .anyMatch(text -> text.startsWith("logs/audit.jsonl: 1 lines, unbroken\n"));
    assertThat(home.resolve("logs").toFile().list())
        .filteredOn(name -> name.startsWith("audit-damaged"))
        .hasSize(1);
    assertThat(program.lines()).hasSize(1);
    assertThat(program.run("spend").out()).contains("spent $0.0000042, held $0.00");
  }

  @Test
  void aLogThatIsGoneOrShorterThanItsCacheIs9() throws Exception {
    call(RawServer.answer("Hello!"));
    List<String> lines = program.lines();
    Files.writeString(program.log(), lines.get(0) + "\n");
    Program.Ended shorter = program.run("log", "verify");
    Files.delete(program.log());
    Program.Ended gone = program.run(prompt);

    assertThat(shorter.exit()).isEqualTo(9);
    assertThat(shorter.stderr()).contains(": line 2, which spend.json knows, is not there. ");
    assertThat(gone.exit()).isEqualTo(9);
    assertThat(gone.out()).isEmpty();
    assertThat(gone.stderr()).contains("offset 0: ", "spend.json");
  }

  @Test
  void aTornTailIsClosedByTheNextWriterAndNothingIsTruncated() throws Exception {
    call(RawServer.answer("Hello!"));
    String torn = "{\"v\":1,\"seq\":3,\"pr";
    Files.writeString(program.log(), torn, StandardOpenOption.APPEND);
    String before = Files.readString(program.log());
    assertThat(program.run("log", "verify").out()).contains(": 2 lines, unbroken\n");
    assertThat(Files.readString(program.log())).isEqualTo(before);
    Program.Ended ended = call(RawServer.answer("Hello!"));

    assertThat(ended.exit()).isZero();
    assertThat(Files.readString(program.log())).startsWith(before + "\n{");
    int offset = before.getBytes(StandardCharsets.UTF_8).length - torn.length();
    assertThat(program.run("log", "verify").out())
        .contains(
            ": 4 lines, unbroken\noffset "
                + offset
                + ": "
                + torn.length()
                + " bytes of a line that was never finished; they count for nothing\nanchor 4:");
    assertThat(program.run("log").out()).hasLineCount(3);
  }

  @Test
  void aLineOfANewerGraduateIs9AndSaysSo() throws Exception {
    program.run(prompt, "--replay");
    Files.delete(home.resolve("logs/spend.json"));
    String lines = Files.readString(program.log()).replaceFirst("\"v\":1", "\"v\":2");
    Files.writeString(program.log(), lines);
    Program.Ended ended = program.run(prompt, "--replay");

    assertThat(ended.exit()).isEqualTo(9);
    assertThat(ended.stderr())
        .isEqualTo(
            "graduate: logs/audit.jsonl: offset 0: v 2, type request: written by a newer"
                + " Graduate\n");
  }
}
