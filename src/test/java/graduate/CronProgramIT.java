package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.CronDaemon;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Printed lines in the hands of Debian's own daemon, which starts the real launcher. */
@Tag("machine")
class CronProgramIT {
  @TempDir private Path dir;
  private Path home;
  private Path project;
  private Program program;

  /** A checkout in the home of cron's user. */
  @BeforeEach
  void checkOut() throws Exception {
    home = dir.resolve("home");
    project = Files.createDirectories(home.resolve("my 5 % \\ 'project'"));
    Files.createDirectory(project.resolve("target"));
    for (String file : List.of("graduate", "target/graduate.jar")) {
      Files.copy(Path.of(file), project.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    program = new Program(project).unset("OPENAI_API_KEY").env("OPENAI_API_KEY_FILE", "../key");
    program.prompt("hello.md", "Say hello");
    Path key = Files.writeString(home.resolve("key"), Program.KEY + "\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  private String line(Object... words) throws Exception {
    Program.Ended ended = program.run(words);
    assertThat(ended.exit()).as(ended.stderr()).isZero();
    return ended.out();
  }

  @Test
  void theAnswerFileAppearsAndAFailureIsMailed() throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port());
      String runs = line("cron", "prompts/hello.md", "* * * * *", "-o", "../{name}.answer.md");
      Files.copy(project.resolve("prompts/hello.md"), project.resolve("prompts/50% more.md"));
      String fails =
          line("cron", "prompts/50% more.md", "* * * * *", "-o", "../no.md", "--max-usd", "0.001");

      CronDaemon.run(dir, runs + fails, List.of("hello.answer.md", "mail"));

      assertThat(home.resolve("hello.answer.md")).hasContent("Hello!\n");
      assertThat(server.requests()).isNotEmpty();
      assertThat(server.requests().get(0)).contains("Bearer " + Program.KEY, "Say hello");
    }
    List<String> lines = program.lines();
    JsonNode request = Answers.json(lines.get(0));
    JsonNode response = Answers.json(lines.get(1));
    assertThat(request.path("type").asText()).isEqualTo("request");
    assertThat(request.at("/prompt/path").asText()).isEqualTo(project + "/prompts/hello.md");
    assertThat(response.path("type").asText()).isEqualTo("response");
    assertThat(response.path("id")).isEqualTo(request.path("id"));
    assertThat(response.path("outcome").asText()).isEqualTo("answered");
    assertThat(Files.readString(home.resolve("mail")))
        .contains("To: graduate-test")
        .containsPattern(
            "\n\ngraduate: \\Q" + project + "/prompts/50% more.md\\E: could cost \\$[^\n]+\n$")
        .doesNotContain(Program.KEY);
    assertThat(home.resolve("no.md")).doesNotExist();
  }
}
