package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How words become a command. */
class CommandLineIT {
  @TempDir private Path home;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Hello!");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompts/hello.md --dry-run --json",
        "run prompts/hello.md --json --dry-run",
        "--json --dry-run prompts/hello.md",
        "--dry-run run --json prompts/hello.md",
        "run --dry-run -- prompts/hello.md",
        "--dry-run prompts/hello.md --model=gpt-4o-mini -p n=1 -o/dev/stdout -qv",
      })
  void optionsStandAnywhereWithOrWithoutTheWordRun(String words) throws Exception {
    Program.Ended ended = program.run((Object[]) words.split(" "));

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("Say hello");
  }

  @Test
  void aWrongWordIs2AndNothingIsWritten() throws Exception {
    Program.Ended ended = program.run("snepd", "-q");

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr())
        .isEqualTo(
            "graduate: snepd: no command, no file, and no prompt of that name. The commands"
                + " are bulk, candidates, capture, compare, cron, log, run, spend. See: graduate --help\n");
    assertThat(home.resolve("logs")).doesNotExist();
  }

  @Test
  void noWordAtAllIsTheUsageAnd2() throws Exception {
    Program.Ended ended = program.run();

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).startsWith("usage: graduate PROMPT");
  }

  @Test
  void helpAndVersionGoToStandardOutput() throws Exception {
    Program.Ended help = program.run("--help");
    Program.Ended run = program.run("run", "--nonsense", "-h");
    Program.Ended version = program.run("-V");

    assertThat(help.exit() + run.exit() + version.exit()).isZero();
    assertThat(help.out()).startsWith("usage: graduate PROMPT").contains("exit codes:");
    assertThat(run.out()).startsWith("usage: graduate [run] PROMPT");
    assertThat(version.out()).matches("graduate \\d+\\.\\d+\\.\\d+\n");
    assertThat(help.stderr() + run.stderr() + version.stderr()).isEmpty();
  }

  @Test
  void configurationAndLogsAreFoundByFlagThenEnvironmentThenLauncher() throws Exception {
    Path config = Files.writeString(home.resolve("own.json"), "{\"zone\": \"Asia/Tokyo\"}");
    program.env("GRADUATE_LOGS", home + "/env-logs").env("GRADUATE_CONFIG", config.toString());

    assertThat(program.run("spend").out()).contains("00:00 JST");
    assertThat(program.run("prompts/hello.md", "--replay").exit()).isZero();
    assertThat(home.resolve("env-logs/audit.jsonl")).exists();

    Path other = Files.writeString(home.resolve("other.json"), "{\"zone\": \"UTC\"}");
    String logs = home + "/flag-logs";
    assertThat(program.run("spend", "--config=" + other, "--logs", logs).out()).contains("UTC");
    program.run("prompts/hello.md", "--replay", "--logs=" + logs);
    assertThat(Path.of(logs, "audit.jsonl")).exists();
    assertThat(home.resolve("logs")).doesNotExist();

    Program.Ended missing = program.run("spend", "--config", "none.json");
    assertThat(missing.exit()).isEqualTo(3);
    assertThat(missing.stderr()).isEqualTo("graduate: none.json: no such file or folder\n");
  }
}
