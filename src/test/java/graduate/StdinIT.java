package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a shell can put before standard input, through a real shell. */
class StdinIT {
  private static final String INPUT = "two\nlines";

  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello\n");
    Files.writeString(home.resolve("notes.txt"), INPUT);
  }

  /** A shell's line around the program, {@code GRADUATE}, for every Java there is. */
  static List<Object[]> lines() throws IOException {
    List<Object[]> lines = new ArrayList<>();
    for (Path java : Program.javas()) {
      for (String line :
          List.of(
              "cat notes.txt | GRADUATE -i -",
              "{ cat notes.txt; } | GRADUATE -i /dev/stdin",
              "{ printf 'two\\n'; read -r _ <pipe; printf lines; } | GRADUATE -i -",
              "GRADUATE -i - <notes.txt",
              "{ read -r _; GRADUATE -i -; } <<'END'\nskipped\ntwo\nlines\nEND",
              "GRADUATE -i - <<'END'\ntwo\nlines\nEND",
              "GRADUATE -i <(cat notes.txt)",
              "GRADUATE -i /dev/stdin <notes.txt",
              "cat /dev/zero | head -c 300000 | tr '\\0' x | GRADUATE -i -")) {
        lines.add(new Object[] {java, line});
      }
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void isReadWhateverItIs(Path java, String line) throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port()).java(java);
      boolean slow = line.contains("<pipe");
      if (slow) {
        assertThat(new ProcessBuilder("mkfifo", home.resolve("pipe").toString()).start().waitFor())
            .isZero();
      }
      Program.Running running = program.inShell(line).start(prompt);
      if (slow) {
        // Opens when the shell has written the first half and waits.
        Files.writeString(home.resolve("pipe"), "\n");
      }
      Program.Ended ended = running.end();

      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.exit()).isZero();
      String expected =
          line.contains("zero") ? "x".repeat(300_000) : line.contains("<<") ? INPUT + "\n" : INPUT;
      assertThat(message(server)).isEqualTo("Say hello\n\n" + expected);
    }
  }

  /** Through the launcher: it is what keeps Java's own files out of a closed descriptor's place. */
  @ParameterizedTest
  @MethodSource("graduate.harness.Program#javas")
  void closedItIs3AndNothingIsSent(Path java) throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port()).java(java).launcher();
      Program.Ended ended = program.inShell("./graduate prompts/hello.md -i - <&-").run();

      assertThat(ended.stderr()).isEqualTo("graduate: -: standard input is closed\n");
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.out()).isEmpty();
      assertThat(server.requests()).isEmpty();

      // Who does not read it need not have it.
      Program.Ended none = program.inShell("./graduate prompts/hello.md <&-").run();
      assertThat(none.exit()).isZero();
      assertThat(none.out()).isEqualTo("Hello!\n");
    }
  }

  private static String message(RawServer server) throws Exception {
    String body = server.take().replaceFirst("(?s).*?\r\n\r\n", "");
    return Answers.json(body).path("messages").path(0).path("content").asText();
  }

  @ParameterizedTest
  @MethodSource("graduate.harness.Program#javas")
  void isReadFromATerminal(Path java) throws Exception {
    assumeThat(Path.of("/usr/bin/script")).exists();
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port()).java(java);
      // Ctrl-D is the byte 4: it ends the input that somebody types.
      Program.Ended ended =
          program
              .inShell("printf 'typed\\n\\004' | script -qec 'GRADUATE -i -' /dev/null")
              .run(prompt);

      assertThat(ended.exit()).isZero();
      assertThat(message(server)).isEqualTo("Say hello\n\ntyped\n");
    }
  }
}
