package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureIT {
  private static final Path SAMPLE =
      Path.of("..", "shared", "data", "chatgpt-export-sample.zip").toAbsolutePath();

  @TempDir private Path home;

  /** Captures, replays and compares every family of the sample export: the whole way of a user. */
  @Test
  void everyRecurringPromptEndsInAnIdenticalAnswer() throws Exception {
    assumeTrue(Files.exists(SAMPLE), "skipped: shared/ is not there");
    Program program = new Program(home).unset("OPENAI_API_KEY");
    JsonNode families =
        Answers.json(program.run("candidates", SAMPLE, "--top", "99", "--json").out());
    assertThat(families).hasSizeGreaterThan(5);

    for (JsonNode family : families) {
      String name = family.get("name").asText();
      Program.Ended captured = program.run("capture", SAMPLE, "--candidate", name, "--name", name);
      assertThat(captured.exit()).as(captured.stderr()).isZero();
      Path prompt = home.resolve("prompts").resolve(name + ".md");

      Program.Ended compared = program.run("compare", prompt, "--run", "--replay", "--json");

      assertThat(compared.exit()).as(compared.stderr()).isZero();
      JsonNode measures = Answers.json(compared.out()).get(0).get("measures");
      assertThat(measures.get("identical").asBoolean()).as(name).isTrue();
    }
  }
}
