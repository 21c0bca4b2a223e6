package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to standard output and to standard error. */
class StreamsIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  private Program.Ended against(RawServer server, Object... words) throws Exception {
    try (server) {
      return program.at(server.port()).run(words);
    }
  }

  @Test
  void aFullDeviceIs3WhereNothingWasSentAndAReaderThatWentAway141() throws Exception {
    program.prompt("hello.chatgpt.md", "Hello!");
    assertThat(program.run(prompt, "--replay").exit()).isZero();
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (String words : new String[] {"log", "log show last", "spend --json", "--help"}) {
      Object[] command = words.split(" ", -1);
      Program.Ended full = program.under("sh", "-c", "exec \"$@\" >/dev/full", "sh").run(command);
      Program.Running running = program.under("sh", "-c", "exec \"$@\" >pipe", "sh").start(command);
      Files.newInputStream(pipe).close();
      Program.Ended gone = running.end();

      assertThat(full.exit()).as(words).isEqualTo(3);
      assertThat(full.stderr()).isEqualTo("graduate: output failed: No space left on device\n");
      assertThat(gone.exit()).as(words).isEqualTo(141);
      assertThat(gone.stderr()).isEmpty();
    }
  }

  @Test
  void aClosedStandardOutputIs10() throws Exception {
    program.under("sh", "-c", "exec \"$@\" >&-", "sh");
    Program.Ended ended = against(RawServer.saying(RawServer.answer("Hello!")), prompt);

    assertThat(ended.exit()).isEqualTo(10);
    assertThat(ended.stderr()).contains("could not be printed", "graduate log show 2");
    assertThat(program.under().run("log", "verify").exit()).isZero();
  }

  /**
   * What is printed must not reach a file of the program's own, which would have its number. Java
   * leaves such a number free only where it has an archive.
   */
  @ParameterizedTest
  @ValueSource(strings = {">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"})
  void whatIsClosedStaysSoAndTheAnswerIsOnTheLog(String closed) throws Exception {
    program.launcher().inShell("rm target/*.jsa; ./graduate prompts/hello.md " + closed);
    Program.Ended ended = against(RawServer.saying(RawServer.answer("Paid for.")));

    assertThat(ended.exit()).isEqualTo(closed.equals("2>&-") ? 0 : 10);
    assertThat(ended.out()).isEqualTo(closed.equals("2>&-") ? "Paid for.\n" : "");
    assertThat(ended.stderr().isEmpty()).isEqualTo(closed.contains("2>"));
    assertThat(program.lines()).hasSize(2);
    assertThat(program.lines().get(1)).contains("Paid for.", "\"outcome\":\"answered\"");
    assertThat(program.inShell("./graduate log verify").run().exit()).isZero();
    assertThat(Program.holding("Paid for.", home)).allMatch(this::mayHoldTheAnswer);
  }

  private boolean mayHoldTheAnswer(Path file) {
    return file.equals(program.log()) || home.equals(file.getParent());
  }

  /** Java writes what its threads do to standard output, unless it is told not to. */
  @Test
  void aQuitLeavesTheAnswerAlone() throws Exception {
    CountDownLatch dumped = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              dumped.await();
              connection.send(RawServer.answer("Hello!"));
            })) {
      Program.Running running =
          program
              .at(server.port())
              .launcher()
              .inShell("exec ./graduate prompts/hello.md 2>err")
              .start();
      server.take();
      SignalIT.send("QUIT", running.process());
      Path err = home.resolve("err");
      Program.until(() -> Files.readString(err).contains("Full thread dump"));
      dumped.countDown();
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).isEqualTo("Hello!\n");
    }
  }

  @Test
  void aTerminalThatGoesAwayWhileItWaitsKeepsNoAnswerFromItsFile() throws Exception {
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CountDownLatch gone = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              gone.await();
              connection.send(RawServer.answer("Paid for."));
            })) {
      Program.Running running =
          program
              .at(server.port())
              .terminals("2")
              .inShell("GRADUATE -o answer.md 2>pipe")
              .start(prompt);
      try (InputStream terminal = Files.newInputStream(pipe)) {
        server.take();
        // The first second has been counted.
        assertThat(terminal.read()).isEqualTo('\r');
      }
      gone.countDown();

      assertThat(running.end().exit()).isZero();
      assertThat(home.resolve("answer.md")).hasContent("Paid for.\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no newline",
        "one newline\n",
        "two\n\n",
        "cr\r\nlf\r\n",
        "\u001b[1m\t\u0000 \u202e é"
      })
  void theAnswerIsPrintedAsItIsAndEndsInANewline(String text) throws Exception {
    Program.Ended ended = against(RawServer.saying(RawServer.answer(text)), prompt);

    assertThat(ended.out()).isEqualTo(text.endsWith("\n") ? text : text + "\n");
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
  }

  @Test
  void severalChoicesStandInOrderWithABlankLineBetween() throws Exception {
    String body = Answers.completion("one", "two\n", "three");
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("200 OK", "", body)), prompt, "-p", "n=3");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("one\n\ntwo\n\nthree\n");
    assertThat(Answers.json(program.lines().get(0)).at("/request/n").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 OK | 6 | ' {\"a\" : 1.00e400,\r\n \"a\":\t-0.0 } '",
        "200 OK | 6 | <html>Grüße</html>",
        "401 Unauthorized | 5 | '{\"error\" : {\"code\":\"\\u0041\"} }'",
        "500 Error | 6 | '{\"error\": \"later\"}\n\n'",
        "404 Not Found | 5 | ''",
      })
  void jsonIsTheBodyByteForByteWhateverCame(String status, int exit, String body) throws Exception {
    Program.Ended ended =
        against(
            RawServer.saying(RawServer.response(status, "", body)),
            prompt,
            "--json",
            "--retry",
            "0");

    assertThat(ended.exit()).isEqualTo(exit);
    assertThat(ended.stdout()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    assertThat(ended.stderr()).startsWith("graduate: " + prompt + ": HTTP ").hasLineCount(1);
  }

  @Test
  void jsonOfAnAnswerHasNoNewlineThatDidNotCome() throws Exception {
    String body = " " + Answers.completion("Hello!") + "\r\n ";
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("200 OK", "", body)), prompt, "--json");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo(body);
    assertThat(ended.stderr()).isEmpty();
  }

  @Test
  void jsonGoesToTheOutputFileToo() throws Exception {
    Path target = home.resolve("body.json");
    String body = Answers.completion("Hello!") + " ";
    RawServer server = RawServer.saying(RawServer.response("200 OK", "", body));
    Program.Ended ended = against(server, prompt, "--json", "-o", target);

    assertThat(ended.out()).isEmpty();
    assertThat(target).hasContent(body);
  }

  @Test
  void nothingOfTheServersReachesATerminalRaw() throws Exception {
    String evil = "red \u001b[31m\u0007\r\nover\u0085\u009b2J\u202etxt\u2028end";
    Program.Ended error =
        against(
            RawServer.saying(
                RawServer.response("400 Bad Request", "", Answers.error("a\u001bb", evil))),
            prompt);
    Program.Ended refused =
        against(RawServer.saying(RawServer.response("200 OK", "", Answers.refusal(evil))), prompt);
    String odd =
        Answers.completion("ok")
            .replace("\"prompt_tokens\":9", "\"prompt_tokens\":\"\\u001b[31m\"")
            .replace("\"gpt-5.6-luna\"", "\"\\u001b[31m\"");
    Program.Ended summary =
        against(RawServer.saying(RawServer.response("200 OK", "", odd)), prompt, "-v");
    Program.Ended log = program.run("log");

    assertThat(error.stderr())
        .isEqualTo(
            "graduate: "
                + prompt
                + ": HTTP 400 a\\x1bb: red \\x1b[31m\\x07  over\\x85\\x9b2J\\u202etxt\\u2028end\n");
    assertThat(refused.stderr()).startsWith("red \\x1b[31m\\x07  over").hasLineCount(2);
    assertThat(summary.stderr()).startsWith("graduate: hello: \\x1b[31m, ").hasLineCount(1);
    assertThat(log.out()).doesNotContain("\u001b").contains("\\x1b[31m+2 ");
  }

  @Test
  void aTerminalSeesASummaryAndAPipeOnlyTheAnswer() throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port());
      Program.Ended ended = program.terminals("2").run(prompt);
      Program.Ended quiet = program.run(prompt, "-q");

      assertThat(ended.out()).isEqualTo("Hello!\n");
      assertThat(ended.stderr())
          .matches(
              "(?s)(\\r[^\\r\\n]*)*(\\r\\x1b\\[K)?"
                  + "graduate: hello: gpt-5\\.6-luna, \\d+\\.\\d s, 9 \\+ 2 tokens, \\$0\\.0000042,"
                  + " \\$0\\.999 left today\\n");
      assertThat(quiet.stderr()).isEmpty();
    }
  }

  @Test
  void aTerminalIsToldThatNoCapsAreSet() throws Exception {
    program.settings("\"caps\": []");
    Program.Ended ended =
        against(
            RawServer.saying(RawServer.answer("Hello!")), prompt, "-v", "--model", "gpt-4o-mini");

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr())
        .startsWith("graduate: hello: no caps are set: nothing bounds what this costs\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077"})
  void filesAreTheOwnersAloneUnderAnyUmask(String umask) throws Exception {
    program.under("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");
    String body = Answers.error("", "");
    RawServer server = RawServer.saying(RawServer.response("500 Error", "", body));
    assertThat(against(server, prompt, "--retry", "0").exit()).isEqualTo(6);

    for (String file : new String[] {"audit.jsonl", "audit.lock", "spend.json", "graduate.log"}) {
      assertThat(Program.mode(home.resolve("logs").resolve(file))).isEqualTo("rw-------");
    }
    assertThat(home.resolve("logs").toFile().list()).hasSize(4);
  }
}
