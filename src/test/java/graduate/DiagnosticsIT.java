package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code logs/graduate.log} says. */
class DiagnosticsIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    Files.createDirectories(home.resolve("logs"));
  }

  private String noted() throws IOException {
    return Files.readString(home.resolve("logs/graduate.log"));
  }

  /** Words that stand nowhere but where they came from. */
  private static final List<String> SECRETS =
      List.of("Xylophone", "Marzipan", "Quagmire", "Fandango", Program.KEY);

  private void nothingSecret() throws IOException {
    for (String secret : SECRETS) {
      assertThat(noted()).doesNotContain(secret);
    }
  }

  /** The last line, without its time. */
  private String last() throws IOException {
    List<String> lines = noted().lines().toList();
    return lines.get(lines.size() - 1).replaceFirst("^\\S+ ", "");
  }

  @Test
  void whatWasNotSentIsNotedWithTheLineThatWasPrinted() throws Exception {
    Files.writeString(prompt, "Xylophone");
    program.run(prompt, "--modle");
    assertThat(last()).startsWith("ERROR exit 2: --modle: no such option");

    program.run(prompt, "--max-usd", "0");
    assertThat(last())
        .startsWith("ERROR exit 4: " + prompt + ": could cost $0.0197; call cap $0.00");

    program.prompt("hello.request.json", "{\"messages\": Marzipan}");
    Program.Ended json = program.run(prompt);
    assertThat(json.exit()).isEqualTo(3);
    assertThat(last()).startsWith("ERROR exit 3: " + home.resolve("prompts/hello.request.json"));
    program.prompt("hello.request.json", "{\"messages\": \"Marzipan\"}");
    assertThat(program.run(prompt).exit()).isEqualTo(3);
    assertThat(last()).startsWith("ERROR exit 3: " + home.resolve("prompts/hello.request.json"));
    Files.delete(home.resolve("prompts/hello.request.json"));

    program.unset("OPENAI_API_KEY").run(prompt);
    assertThat(last()).startsWith("ERROR exit 3: no key");
    assertThat(noted()).contains(" WARN " + prompt + ": nothing was sent\n");
    nothingSecret();
  }

  @Test
  void eachOutcomeIsNotedWithPromptAndReasonButNoWordOfWhatWasSaid() throws Exception {
    Files.writeString(prompt, "Xylophone");
    String error = Answers.error("odd_code", "You asked: Xylophone Quagmire " + Program.KEY);
    check(5, RawServer.response("400 Bad", "", error), "refused: HTTP 400 odd_code");
    check(6, RawServer.response("503 Busy", "", error), "failed: HTTP 503 odd_code; $0.0197 stays");
    String again = Answers.error("503", "Quagmire");
    check(6, RawServer.response("503 Busy", "", again), "failed: HTTP 503; $0.0197 stays held");
    String cut = Answers.ended("length", "Fandango");
    check(7, RawServer.response("200 OK", "", cut), "incomplete: the answer was cut off. Raise ");
    check(7, RawServer.response("200 OK", "", Answers.refusal("Fandango")), "incomplete: ");
    check(6, RawServer.response("200 OK", "", "<p>Fandango"), "failed: ");
    check(6, "HTTP/1.1 200 Fandango\r\nFandango\r\n\r\n", "failed: ");
  }

  private void check(int exit, String response, String noted) throws Exception {
    try (RawServer server = RawServer.saying(response)) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--retry", "0");
      assertThat(ended.exit()).as(response).isEqualTo(exit);
    }
    assertThat(noted()).contains("WARN " + prompt + ": " + noted);
    assertThat(last()).isEqualTo("ERROR exit " + exit);
    nothingSecret();
  }

  @Test
  void aLogThatCannotBeTrustedAndAnAnswerThatCannotBePrintedAreNoted() throws Exception {
    Files.writeString(prompt, "Xylophone");
    try (RawServer server = RawServer.saying(RawServer.answer("Fandango"))) {
      program.at(server.port());
      Program.Ended full = program.inShell("GRADUATE >/dev/full").run(prompt);
      assertThat(full.exit()).isEqualTo(10);
      assertThat(noted()).contains("WARN " + prompt + ": the answer could not be printed");
      assertThat(last()).isEqualTo("ERROR exit 10");

      Files.setPosixFilePermissions(program.log(), PosixFilePermissions.fromString("rw-r--r--"));
      Program.Ended open = program.inShell("GRADUATE").run(prompt);
      assertThat(open.exit()).isEqualTo(9);
      assertThat(last()).startsWith("ERROR exit 9: logs/audit.jsonl");
      assertThat(noted()).contains(" WARN " + prompt + ": nothing was sent\n");
    }
    nothingSecret();
  }

  /** A wait of 0 ms that a cap forbids is not told as one. */
  @Test
  void theLastWordAfterARetryThatACapForbidsIsTheCap() throws Exception {
    String busy = RawServer.response("503 Busy", "Retry-After: 0\r\n", "");
    try (RawServer server = RawServer.saying(busy)) {
      program.at(server.port()).run(prompt, "--max-usd", "0.03");
      assertThat(server.requests()).hasSize(1);
    }
    List<String> lines = noted().lines().toList();
    assertThat(lines.get(lines.size() - 2))
        .contains(" WARN " + prompt + ": failed: HTTP 503; not tried again: could cost $0.0197;");
    assertThat(last()).isEqualTo("ERROR exit 6");
  }

  @Test
  void aRetryIsNoted() throws Exception {
    String body = Answers.error("slow_down", "You asked: Say hello");
    String again = "Retry-After: 0\r\n";
    try (RawServer server =
        RawServer.saying(RawServer.response("429 Too Many Requests", again, body))) {
      program.at(server.port()).run(prompt, "--retry", "1");
    }

    String id = Answers.json(program.lines().get(3)).path("id").asText();
    assertThat(noted())
        .containsSubsequence(
            " WARN ",
            "hello.md: attempt 1 ended with HTTP 429; next in 0 ms\n",
            " WARN ",
            "hello.md: failed: HTTP 429 slow_down; 2 attempts (call " + id + ")\n",
            " ERROR exit 6\n")
        .hasLineCount(3)
        .doesNotContain("You asked", "Say hello");
  }

  /** To Logback's own rolling, {@code % 5} in a folder's name is a pattern, and a wrong one. */
  @Test
  void areRolledInAFolderOfAnyName() throws Exception {
    Path logs = Files.createDirectories(home.resolve("5 % \\ 6%d %i {}"));
    Path log = logs.resolve("graduate.log");
    for (String old : List.of("first", "second", "third")) {
      Files.writeString(log, old + "x".repeat(1 << 20) + "\n");
      assertThat(program.run(prompt, "--logs", logs, "--max-usd", "0").exit()).isEqualTo(4);
      assertThat(Files.readString(log)).contains(" ERROR exit 4: ").hasLineCount(1);
      assertThat(Files.readString(logs.resolve("graduate.log.1"))).startsWith(old + "x");
    }
    assertThat(Files.readString(logs.resolve("graduate.log.2"))).startsWith("secondx");
    try (Stream<Path> all = Files.list(logs)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("graduate."))
          .hasSize(3);
    }
  }
}
