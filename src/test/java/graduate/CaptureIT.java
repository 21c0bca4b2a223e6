package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.export.SampleExport;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureIT {
  @TempDir private Path home;

  /** Captures, replays and compares recurring prompts of an export: the whole way of a user. */
  @Test
  void everyRecurringPromptEndsInAnIdenticalAnswer() throws Exception {
    Path export = new SampleExport().write(home.resolve("export.zip"));
    Program program = new Program(home).unset("OPENAI_API_KEY");
    JsonNode families = Answers.json(program.run("candidates", export, "--json").out());
    assertThat(families).hasSize(10);

    for (JsonNode family : families) {
      String name = family.get("name").asText();
      Program.Ended captured = program.here("capture", export, "--candidate", name);
      assertThat(captured.exit()).as(captured.stderr()).isZero();
      Path prompt = home.resolve("prompts").resolve(name + ".md");
      Program.Ended ran = program.here("run", prompt, "--replay");
      assertThat(ran.exit()).as(ran.stderr()).isZero();
      assertThat(ran.out())
          .isEqualTo(Files.readString(home.resolve("prompts/" + name + ".chatgpt.md")) + "\n");
    }
  }
}
