package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.Sha256;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code NAME.end.md}: what follows the input. */
class EndIT {
  @TempDir private Path home;
  private Program program;
  private Path notes;
  private RawServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    notes = Files.writeString(home.resolve("notes.txt"), "Notes");
    server = RawServer.saying(RawServer.answer("Done."));
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static JsonNode messages(String request) {
    return Answers.json(request.substring(request.indexOf("\r\n\r\n"))).path("messages");
  }

  @ParameterizedTest
  @CsvSource({
    "Sum up, Notes, End, 'Sum up||Notes||End'",
    "Sum up|, Notes, End|, 'Sum up||Notes||End|'",
    "Sum up, Notes|, End, 'Sum up||Notes||End'",
    "Sum up||, Notes||, End, 'Sum up|||Notes|||End'",
    "'', Notes, End, 'Notes||End'",
    "'', Notes|, '|End', 'Notes|||End'",
  })
  void standsBehindTheInputAsTheInputBehindThePrompt(
      String prompt, String input, String end, String message) throws Exception {
    Path file = program.prompt("p.md", prompt.replace('|', '\n'));
    program.prompt("p.end.md", end.replace('|', '\n'));
    Files.writeString(notes, input.replace('|', '\n'));

    Program.Ended ended = program.run(file, "-i", notes);

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    JsonNode messages = messages(server.take());
    assertThat(messages).hasSize(1);
    assertThat(messages.at("/0/content").asText()).isEqualTo(message.replace('|', '\n'));
  }

  @Test
  void standsOnBothLinesWithItsPathAndHash() throws Exception {
    Path file = program.prompt("p.md", "Sum up");
    Path end = program.prompt("p.end.txt", "In French");

    assertThat(program.run(file, "-i", notes).exit()).isZero();

    assertThat(messages(server.take()).at("/0/content").asText())
        .isEqualTo("Sum up\n\nNotes\n\nIn French");
    assertThat(program.lines()).hasSize(2);
    for (String line : program.lines()) {
      JsonNode logged = Answers.json(line).path("end");
      assertThat(logged.path("path").asText()).isEqualTo(end.toString());
      assertThat(logged.path("sha256").asText())
          .isEqualTo(Sha256.of("In French".getBytes(StandardCharsets.UTF_8)));
      assertThat(logged).hasSize(2);
    }
  }

  @Test
  void withoutAnInputOrTwiceItIs3() throws Exception {
    Path file = program.prompt("p.md", "Sum up");
    Path end = program.prompt("p.end.md", "In French");
    Program.Ended without = program.run(file);
    Path other = program.prompt("p.end.txt", "In German");
    Program.Ended twice = program.run(file, "-i", notes);
    Files.delete(end);
    Files.delete(other);
    Files.writeString(file, "");
    Program.Ended nothing = program.run(file, "-i", notes);

    assertThat(without.exit()).isEqualTo(3);
    assertThat(without.stderr())
        .isEqualTo(
            "graduate: %s: needs an input, for %s follows it. Say which: -i FILE\n"
                .formatted(file, end));
    assertThat(twice.exit()).isEqualTo(3);
    assertThat(twice.stderr())
        .isEqualTo("graduate: %s: p.end.txt is there too. Keep one of them\n".formatted(end));
    assertThat(nothing.exit()).isEqualTo(3);
    assertThat(nothing.stderr()).startsWith("graduate: " + file + ": ").hasLineCount(1);
    assertThat(server.requests()).isEmpty();
    assertThat(program.lines()).isEmpty();
  }

  @Test
  void anotherEndIsAnotherQuestionToOncePer() throws Exception {
    Path file = program.prompt("p.md", "Sum up");
    program.prompt("p.end.md", "In French");
    Object[] words = {file, "-i", notes, "--once-per", "month"};

    assertThat(program.run(words).out()).isEqualTo("Done.\n");
    assertThat(program.run(words).out()).isEmpty();
    assertThat(server.requests()).hasSize(1);
    program.prompt("p.end.md", "In German");
    assertThat(program.run(words).out()).isEqualTo("Done.\n");
    assertThat(server.requests()).hasSize(2);
  }
}
