package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --once-per}: what makes a call needless, in a zone where it is past noon. */
class OncePerIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;
  private RawServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Hello, saved");
    String zone = zonePastNoon().getId();
    program.prompt(
        "graduate.json",
        "{\"zone\": \"" + zone + "\", \"prices\": {\"m\": {\"input\": 0, \"output\": 0}}}");
    server = RawServer.saying(RawServer.answer("Hello!"));
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Where no test sees midnight, and ten hours ago is today. */
  private static ZoneOffset zonePastNoon() {
    return ZoneOffset.ofHours(12 - OffsetDateTime.now(ZoneOffset.UTC).getHour());
  }

  /** Calls by a clock that is so much behind. */
  private void callAgo(Duration ago, Object... words) {
    Clock then = Clock.offset(Clock.systemUTC(), ago.negated());
    assertThat(program.here(then, words).exit()).isZero();
  }

  private void needless(Object... words) throws Exception {
    int requests = server.requests().size();
    int lines = program.lines().size();
    Program.Ended ended = program.run(words);
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(server.requests()).hasSize(requests);
    assertThat(program.lines()).hasSize(lines);
  }

  private void called(Object... words) throws Exception {
    int requests = server.requests().size();
    Program.Ended ended = program.run(words);
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello!\n");
    assertThat(server.requests()).hasSize(requests + 1);
  }

  @Test
  void ofTwoThatStartTogetherOneCallsAndTheOtherEndsWithoutAWord() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (RawServer slow =
        new RawServer(
            (request, connection) -> {
              gate.await();
              connection.send(RawServer.answer("Hello!"));
            })) {
      program.at(slow.port());
      List<Path> targets = new ArrayList<>();
      List<Program.Running> runs = new ArrayList<>();
      for (String name : List.of("a.md", "b.md")) {
        targets.add(Files.writeString(home.resolve(name), "yesterday"));
        runs.add(program.start(prompt, "--once-per", "day", "-o", name));
      }
      Program.until(
          () -> slow.requests().size() > 1 || !runs.stream().allMatch(r -> r.process().isAlive()));
      int other = runs.get(0).process().isAlive() ? 1 : 0;
      if (slow.requests().size() < 2) {
        Program.Ended ended = runs.get(other).end();
        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.exit()).isZero();
        assertThat(ended.out()).isEmpty();
        assertThat(targets.get(other)).hasContent("yesterday");
      }
      gate.countDown();
      Program.Ended caller = runs.get(1 - other).end();

      assertThat(caller.stderr()).isEmpty();
      assertThat(caller.exit()).isZero();
      assertThat(targets.get(1 - other)).hasContent("Hello!\n");
      assertThat(slow.requests()).hasSize(1);
      assertThat(program.lines()).hasSize(2);
    }
  }

  @Test
  void answeredTodayIsNeedless() throws Exception {
    callAgo(Duration.ofHours(10), prompt);
    Path target = Files.writeString(home.resolve("answer.md"), "this morning's");

    needless(prompt, "--once-per", "day");
    needless(prompt, "--once-per", "month", "-o", target);
    assertThat(target).hasContent("this morning's");
    assertThat(program.run(prompt, "--once-per", "day", "-v").stderr())
        .isEqualTo("graduate: hello: answered already in this day, or being asked\n");
  }

  /** Less than a day ago, but yesterday. The log says so without its cache, too. */
  @ParameterizedTest
  @CsvSource({"day, PT14H", "month, P31D"})
  void answeredInTheWindowBeforeCallsAgain(String per, Duration ago) throws Exception {
    callAgo(ago, prompt);
    called(prompt, "--once-per", per);
    needless(prompt, "--once-per", per);
    Files.delete(home.resolve("logs/spend.json"));
    needless(prompt, "--once-per", per);
  }

  @Test
  void whatWasNotAnsweredDoesNotCount() throws Exception {
    program.at(1);
    assertThat(program.run(prompt, "--retry", "0").exit()).isEqualTo(6);
    assertThat(program.run(prompt, "--max-usd", "0").exit()).isEqualTo(4);
    program.at(server.port());
    called(prompt, "--once-per", "day");
  }

  @Test
  void theSameBytesCountWhateverPathOrModel() throws Exception {
    called(prompt, "-m", "m");
    Path twin = program.prompt("twin.md", "Say hello");
    needless(twin, "--once-per", "day");
    needless(prompt, "--once-per", "day", "-p", "temperature=0");
  }

  @Test
  void otherBytesOfPromptOrInputDoNotCount() throws Exception {
    called(prompt);
    Path notes = Files.writeString(home.resolve("notes.txt"), "Notes");
    called(prompt, "--once-per", "day", "-i", notes);
    needless(prompt, "--once-per", "day", "-i", notes);
    Files.writeString(notes, "Other notes");
    called(prompt, "--once-per", "day", "-i", notes);
    Files.writeString(prompt, "Say hello\n");
    called(prompt, "--once-per", "day");
  }
}
