package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayIT {
  @TempDir private Path home;

  @Test
  void printsTheSavedAnswerAndLogsTheCallWithoutKeyOrCost() throws Exception {
    Program program = new Program(home).unset("OPENAI_API_KEY");
    Path prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Hello, wörld 👋");

    Program.Ended ended = program.run(prompt, "--replay");

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello, wörld 👋\n");
    assertThat(program.lines()).hasSize(2).allMatch(line -> line.contains("\"replay\":true"));
    assertThat(program.lines().get(1)).contains("\"cost_usd\":0");
  }
}
