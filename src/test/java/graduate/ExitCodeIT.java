package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The exit-code table, each code with both streams; but for 2 (CommandLineIT), signals (SignalIT,
 * KillIT), and a log that takes half a line (FileSizeLimitIT).
 */
class ExitCodeIT {
  private static final String HELD = "; $0.0197 stays held. See: graduate spend";

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

  private static void line(Program.Ended ended, String text) {
    assertThat(ended.stderr()).isEqualTo("graduate: " + text + "\n");
  }

  @Test
  void doneIs0() throws Exception {
    Program.Ended ended = against(RawServer.saying(RawServer.answer("Hello!")), prompt);

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello!\n");
    assertThat(ended.stderr()).isEmpty();
    assertThat(program.lines()).hasSize(2);
    assertThat(home.resolve("logs/graduate.log")).doesNotExist();
  }

  @Test
  void anAnswerWithoutUsageIs0AndStaysHeld() throws Exception {
    String body = Answers.completion("Hello!").replaceFirst(",\"usage\":\\{[^}]*}", "");
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("200 OK", "", body)), prompt, "-v");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello!\n");
    assertThat(ended.stderr()).contains("up to $0.0197, held");
    assertThat(Answers.json(program.lines().get(1)).has("cost_usd")).isFalse();
  }

  @Test
  void aFailureThatNobodyForesawIs1() throws Exception {
    program.env("JDK_JAVA_OPTIONS", "-Xmx24m");
    Files.write(prompt, new byte[40 << 20]);

    Program.Ended ended = program.run(prompt);

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr())
        .endsWith("graduate: a bug: java.lang.OutOfMemoryError: Java heap space. With -v: where\n");
    assertThat(program.lines()).isEmpty();
  }

  @Test
  @Tag("machine")
  void aReplayThatCannotListenIs3() throws Exception {
    program.prompt("hello.chatgpt.md", "Hello!");
    program.under(
        "strace", "-f", "--quiet=all", "-o", "/dev/null", "-e", "inject=bind:error=EADDRNOTAVAIL");
    Program.Ended ended = program.run(prompt, "--replay");

    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).startsWith("graduate: ").hasLineCount(1);
    assertThat(program.lines()).isEmpty();
  }

  @Test
  @Tag("machine")
  void aFolderThatCannotBeListedIs3() throws Exception {
    Path folder = home.resolve("prompts");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("-wx--x--x"));
    program.under("setpriv", "--bounding-set=-dac_override,-dac_read_search");
    Program.Ended ended = program.run("compare", prompt);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.stderr()).isEqualTo("graduate: " + folder + ": permission denied\n");
  }

  /** As in a chroot: nothing says what is mounted, nor where Java's own libraries are. */
  @Test
  @Tag("machine")
  void withoutTheMountTableItRunsAllTheSame() throws Exception {
    program.env("LD_LIBRARY_PATH", Path.of(System.getProperty("java.home"), "lib").toString());
    program.under(
        "unshare", "--mount", "sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh");
    Program.Ended ended = against(RawServer.saying(RawServer.answer("Hello!")), prompt);

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello!\n");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"30m, -, 0", "12h, -, 3", "12h, gpt-5.6-luna, 0", "24h, gpt-4o, 3"})
  void aLongerLifeOfThePromptCacheNeedsAPriceOfOnesOwn(String ttl, String own, int exit)
      throws Exception {
    String row = own == null ? "" : "\"%s\": {\"input\": 1, \"output\": 1}".formatted(own);
    program.prompt("graduate.json", "{\"prices\": {" + row + "}}");
    program.prompt("hello.request.json", "{\"prompt_cache_options\": {\"ttl\": \"" + ttl + "\"}}");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(exit);
      if (exit == 3) {
        assertThat(ended.stderr()).contains("prompt_cache_options.ttl: " + ttl).hasLineCount(1);
        assertThat(program.lines()).isEmpty();
      }
      assertThat(server.requests()).hasSize(exit == 0 ? 1 : 0);
    }
  }

  @Test
  void aCallBeyondTheCapIs4AndIsNotSent() throws Exception {
    program.settings("\"caps\": [{\"usd\": 0.01, \"per\": \"day\"}], \"zone\": \"UTC\"");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(4);
      assertThat(ended.out()).isEmpty();
      line(
          ended,
          prompt
              + ": could cost $0.0197; day cap $0.01: spent $0.00, held $0.00, left $0.01;"
              + " ends 00:00 UTC. It would fit with -p max_completion_tokens=8303. See: graduate spend");
      assertThat(server.requests()).isEmpty();
      assertThat(program.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401 Unauthorized, invalid_api_key, ' The key came from OPENAI_API_KEY'",
    "429 Too Many Requests, insufficient_quota, ''",
  })
  void aRefusalByTheApiIs5AndCostsNothing(String status, String code, String advice)
      throws Exception {
    String body = Answers.error(code, "It is wrong.");
    RawServer server = RawServer.saying(RawServer.response(status, "", body));
    Program.Ended ended = against(server, prompt);

    assertThat(ended.exit()).isEqualTo(5);
    assertThat(ended.out()).isEmpty();
    String http = "HTTP " + status.substring(0, 3) + " " + code;
    line(ended, prompt + ": " + http + ": It is wrong." + advice);
    assertThat(server.requests()).hasSize(1);
    assertThat(program.lines().get(1))
        .contains("\"outcome\":\"refused\"", "\"cost_usd\":0")
        .contains(code);
  }

  @Test
  void aRefusalWithoutAKeySaysThatNoneWasSent() throws Exception {
    program.env("OPENAI_API_KEY", "");
    String body = Answers.error("401", "Not you.");
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("401 Unauthorized", "", body)), prompt);

    assertThat(ended.exit()).isEqualTo(5);
    line(ended, prompt + ": HTTP 401: Not you. No key was sent: OPENAI_API_KEY is set but empty");
  }

  @Test
  void theHintNamesTheLimitThatWasSet() throws Exception {
    String body = Answers.ended("length", "Hel");
    Program.Ended ended =
        against(
            RawServer.saying(RawServer.response("200 OK", "", body)), prompt, "-p", "max_tokens=9");

    line(ended, prompt + ": the answer was cut off. Raise max_tokens");
  }

  /** What OkHttp would follow: with a GET, or with the same body again. */
  @ParameterizedTest
  @ValueSource(ints = {302, 308})
  void aRedirectIs5AndNotFollowed(int status) throws Exception {
    try (RawServer other = RawServer.saying(RawServer.answer("caught"))) {
      String to = "Location: http://127.0.0.1:" + other.port() + "/v1/chat/completions\r\n";
      Program.Ended ended =
          against(RawServer.saying(RawServer.response(status + " Moved", to, "")), prompt);

      assertThat(ended.exit()).isEqualTo(5);
      assertThat(ended.out()).isEmpty();
      line(ended, prompt + ": HTTP " + status + ". A redirect is not followed; check base_url");
      assertThat(other.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"503 Busy", "429 Slow down"})
  void noUsableAnswerIs6(String status) throws Exception {
    String body = Answers.error("", "later");
    Program.Ended ended =
        against(RawServer.saying(RawServer.response(status, "", body)), prompt, "--retry", "0");

    assertThat(ended.exit()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    String held = status.startsWith("429") ? "" : HELD;
    line(ended, prompt + ": HTTP " + status.substring(0, 3) + ": later" + held);
  }

  @Test
  void aBodyThatIsNoAnswerIs6() throws Exception {
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("200 OK", "", "<html>Sign in</html>")), prompt);

    assertThat(ended.exit()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    line(
        ended,
        prompt
            + ": HTTP 200: a web page (HTML) came, not an answer. Check base_url, proxy and network"
            + " login"
            + HELD);
    assertThat(program.lines().get(1)).contains("\"response_text\":\"<html>Sign in</html>\"");
  }

  @Test
  void aServerThatIsNotThereIs6() throws Exception {
    RawServer gone = RawServer.silent();
    gone.close();
    Program.Ended ended = program.at(gone.port()).run(prompt, "--retry", "0");

    assertThat(ended.exit()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    line(ended, prompt + ": connection refused by 127.0.0.1:" + gone.port());
    assertThat(Answers.json(program.lines().get(1)).path("cost_usd").decimalValue()).isZero();
  }

  @Test
  void theDeadlineIs6AndStaysHeld() throws Exception {
    Program.Ended ended = against(RawServer.silent(), prompt, "--max-time", "2s");

    assertThat(ended.exit()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    line(ended, prompt + ": no answer by the deadline" + HELD);
    assertThat(program.lines().get(1)).contains("\"outcome\":\"unknown\"");
    assertThat(Answers.json(program.lines().get(1)).has("cost_usd")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "length | Hel | the answer was cut off. Raise max_completion_tokens",
        "tool_calls | '' | the model asks to call a tool, which Graduate does not do",
      })
  void anIncompleteAnswerIs7AndPrinted(String reason, String text, String problem)
      throws Exception {
    Program.Ended ended =
        against(
            RawServer.saying(RawServer.response("200 OK", "", Answers.ended(reason, text))),
            prompt);

    assertThat(ended.exit()).isEqualTo(7);
    assertThat(ended.out()).isEqualTo(text.isEmpty() ? "" : text + "\n");
    line(ended, prompt + ": " + problem);
    assertThat(program.lines().get(1)).contains("\"outcome\":\"incomplete\"");
    assertThat(Answers.json(program.lines().get(1)).path("cost_usd").asDouble())
        .isCloseTo(0.0000042, within(1e-12));
  }

  @Test
  void aRefusalByTheModelIs7AndItsWordsGoToStandardError() throws Exception {
    Program.Ended ended =
        against(
            RawServer.saying(RawServer.response("200 OK", "", Answers.refusal("I won't."))),
            prompt);

    assertThat(ended.exit()).isEqualTo(7);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).isEqualTo("I won't.\ngraduate: " + prompt + ": the model refused\n");
  }

  @Test
  void aLogThatOthersMayReadIs9() throws Exception {
    Files.createDirectories(home.resolve("logs"));
    Files.createFile(
        program.log(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(9);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .startsWith("graduate: logs/audit.jsonl: open to others (rw-r-----). Type: chmod 600 ");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aLogThatIsLockedUntilTheDeadlineIs9AndNamesTheLock() throws Exception {
    Path lock = Files.createDirectories(home.resolve("logs")).resolve("audit.lock");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"));
        FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(channel.lock().isValid()).isTrue();
      Program.Ended ended = program.at(server.port()).run(prompt, "--max-time", "200ms");

      assertThat(ended.exit()).isEqualTo(9);
      assertThat(ended.out()).isEmpty();
      line(ended, "logs/audit.lock: locked by another run");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aRefusalThatCannotBeLoggedIs10AndStillSaid() throws Exception {
    Files.writeString(prompt, "x".repeat(40_000));
    program.under("sh", "-c", "ulimit -f 120; exec \"$@\"", "sh");
    String body = Answers.error("invalid_api_key", "Wrong key");
    Program.Ended ended =
        against(RawServer.saying(RawServer.response("401 Unauthorized", "", body)), prompt);

    assertThat(ended.exit()).isEqualTo(10);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr())
        .startsWith("graduate: " + prompt + ": HTTP 401 invalid_api_key: Wrong key. The key came")
        .endsWith("; its call stays held. See: graduate spend\n")
        .hasLineCount(2);
  }

  @Test
  void anAnswerNeitherLoggedNorReadByAnyoneIs10() throws Exception {
    Files.writeString(prompt, "x".repeat(40_000));
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    program.under("sh", "-c", "ulimit -f 120; exec \"$@\" >pipe", "sh");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Running running = program.at(server.port()).start(prompt);
      Files.newInputStream(pipe).close();
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(10);
      assertThat(ended.stderr())
          .contains("the answer could not be printed: Broken pipe, nor logged: logs/audit.jsonl: ")
          .hasLineCount(1);
    }
  }

  @Test
  void anAnswerThatCannotBePrintedIs10AndTheLineSaysWhereItIs() throws Exception {
    program.under("sh", "-c", "exec \"$@\" >/dev/full", "sh");
    Program.Ended ended = against(RawServer.saying(RawServer.answer("Hello!")), prompt);

    assertThat(ended.exit()).isEqualTo(10);
    String id = Answers.json(program.lines().get(1)).path("id").asText();
    line(
        ended,
        prompt
            + ": the answer could not be printed: No space left on device. It is in the log:"
            + " graduate log show "
            + id);
    assertThat(program.under().run("log", "show", id).out()).isEqualTo("Hello!\n");
  }

  @Test
  void aReaderThatWentAwayIs141AndQuiet() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", home + "/pipe").start().waitFor()).isZero();
    program.under("sh", "-c", "exec \"$@\" >pipe", "sh");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Running running = program.at(server.port()).start(prompt);
      Files.newInputStream(home.resolve("pipe")).close();
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(141);
      assertThat(ended.stderr()).isEmpty();
      assertThat(program.lines().get(1)).contains("\"outcome\":\"answered\"");
    }
  }
}
