package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code log --expect}: one line that watches all others. */
class ExpectIT {
  private static final ZoneId ZONE = ZoneId.of("Asia/Tokyo");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZONE);

  @TempDir private Path home;
  private Program program;
  private RawServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    program.settings("\"zone\": \"" + ZONE + "\", \"retry\": 0");
    for (String name : List.of("a", "b", "c", "d", "e")) {
      program.prompt(name + ".md", "Prompt " + name);
    }
    server = RawServer.saying(RawServer.answer("Hello!"));
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Has a prompt answered so long ago, and says when that was. */
  private String answered(String prompt, Duration ago) throws IOException {
    Clock then = Clock.offset(Clock.systemUTC(), ago.negated());
    assertThat(program.here(then, home.resolve("prompts").resolve(prompt)).exit()).isZero();
    String line = program.lines().get(program.lines().size() - 1);
    return WHEN.format(Instant.parse(Answers.json(line).path("requested").asText()));
  }

  private static void silent(Program.Ended ended) {
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exit()).isZero();
  }

  private static void missing(Program.Ended ended, String... lines) {
    assertThat(ended.stderr().lines()).containsExactly(lines);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exit()).isEqualTo(8);
  }

  private static String never(String prompt) {
    return "graduate: prompts/" + prompt + ": no answer in 26h";
  }

  @Test
  void namesEachPromptWithoutAnAnswer() throws Exception {
    answered("a.md", Duration.ofHours(25));
    answered("b.md", Duration.ofHours(27));

    missing(
        program.run("log", "--expect", "26h", "prompts/a.md", "prompts/b.md", "prompts/c.md"),
        never("b.md"),
        never("c.md"));
    silent(program.run("log", "--expect", "28h", "prompts/a.md", "prompts/b.md"));
  }

  @Test
  void whereThereIsNoLogNothingWasAnswered() throws Exception {
    missing(program.run("log", "--expect", "26h", "prompts/a.md"), never("a.md"));
  }

  /** The key is missing, a cap is in the way, the server fails, half an answer comes, a replay. */
  @Test
  void aRunThatGotNoAnswerShowsAsNone() throws Exception {
    assertThat(program.run("prompts/a.md", "--max-usd", "0.000001").exit()).isEqualTo(4);
    program.unset("OPENAI_API_KEY");
    assertThat(program.run("prompts/b.md").exit()).isEqualTo(3);
    program.env("OPENAI_API_KEY", Program.KEY);
    program.prompt("c.chatgpt.md", "Saved");
    assertThat(program.run("prompts/c.md", "--replay").exit()).isZero();
    try (RawServer half =
        RawServer.saying(RawServer.response("200 OK", "", Answers.ended("length", "Hel")))) {
      assertThat(program.at(half.port()).run("prompts/d.md").exit()).isEqualTo(7);
    }
    try (RawServer failing = RawServer.saying(RawServer.response("500 Error", "", "{}"))) {
      assertThat(program.at(failing.port()).run("prompts/e.md").exit()).isEqualTo(6);
    }

    Program.Ended ended =
        program.run(
            "log",
            "--expect",
            "26h",
            "prompts/a.md",
            "prompts/b.md",
            "prompts/c.md",
            "prompts/d.md",
            "prompts/e.md");

    missing(ended, never("a.md"), never("b.md"), never("c.md"), never("d.md"), never("e.md"));
  }

  @Test
  void anAnswerToAnyInputIsOneAndALaterFailureTakesNothingAway() throws Exception {
    Path notes = Files.writeString(home.resolve("notes.txt"), "Notes");
    assertThat(program.run("prompts/a.md", "-i", notes).exit()).isZero();
    assertThat(program.at(1).run("prompts/a.md").exit()).isEqualTo(6);

    silent(program.run("log", "--expect", "26h", "prompts/a.md"));
  }

  @ParameterizedTest
  @CsvSource({"24h, 8", "26h, 0", "1d, 8", "1.5d, 0", "2d, 0", "1499m, 8", "1560m, 0", "93600s, 0"})
  void theAgeIsATimeWithItsUnit(String age, int exit) throws Exception {
    answered("a.md", Duration.ofHours(25));
    assertThat(program.run("log", "--expect", age, "prompts/a.md").exit()).isEqualTo(exit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "26 h", "-1h", "1w", ""})
  void anotherAgeIs2(String age) throws Exception {
    Program.Ended ended = program.run("log", "--expect", age, "prompts/a.md");
    assertThat(ended.stderr()).startsWith("graduate: --expect: no age such as 26h or 2d: " + age);
    assertThat(ended.exit()).isEqualTo(2);
  }

  @Test
  void whatToExpectHasToBeNamed() throws Exception {
    assertThat(program.run("log", "--expect", "26h").exit()).isEqualTo(2);
    Program.Ended ended = program.run("log", "--expect", "26h", "prompts/no.md");
    assertThat(ended.stderr()).startsWith("graduate: prompts/no.md: no such file or folder");
    assertThat(ended.exit()).isEqualTo(3);
  }
}
