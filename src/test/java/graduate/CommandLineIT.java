package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "prompts/hello.md --replay --json",
        "run prompts/hello.md --json --replay",
        "--json --replay prompts/hello.md",
        "--replay run --json prompts/hello.md",
        "run --replay -- prompts/hello.md",
        "--replay prompts/hello.md --model=gpt-4o-mini -p n=1 -o/dev/stdout -qv",
      })
  void optionsStandAnywhereWithOrWithoutTheWordRun(String words) throws Exception {
    Program.Ended ended = program.run((Object[]) words.split(" "));

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("Hello!");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lgo | lgo: neither a command nor a file; did you mean log?",
        "spned | spned: neither a command nor a file; did you mean spend?",
        "-q snepd | snepd: neither a command nor a file; did you mean spend?",
        "xylophone | xylophone: neither a command nor a file.",
        "--json spend | spend: options stand behind the command.",
        "prompts/hello.md --mod x | --mod: no such option; did you mean --model?",
        "run prompts/hello.md --dry | --dry: no such option; did you mean --dry-run?",
        "run prompts/hello.md --replya | --replya: no such option; did you mean --replay?",
        "run prompts/hello.md -x | -x: no such option.",
        "run prompts/hello.md --json=1 | --json=1: no such option; did you mean --json?",
        "run prompts/hello.md -m a -m b | --model: given 2 times.",
        "run prompts/hello.md --retry 1 --retry=2 | --retry: given 2 times.",
        "run prompts/hello.md --logs a --logs b | --logs: given 2 times.",
        "run prompts/hello.md -m | --model: a value is missing.",
        "run prompts/hello.md -i --json | --input: a value is missing.",
        "run prompts/hello.md -p n=1 -p n=2 | --param: n is given twice.",
        "run prompts/hello.md -p n | --param: no KEY=VALUE: n.",
        "run prompts/hello.md -p =1 | --param: no KEY=VALUE: =1.",
        "run prompts/hello.md -p messages=[]"
            + " | --param: messages are given in NAME.request.json.",
        "run prompts/hello.md --retry x | --retry: no number of 0 or more: x.",
        "run prompts/hello.md --retry -1 | --retry: no number of 0 or more: -1.",
        "run prompts/hello.md --max-usd -1 | --max-usd: no amount of 0 or more: -1.",
        "run prompts/hello.md --max-usd 1e999 | --max-usd: no amount of 0 or more: 1e999.",
        "run prompts/hello.md --max-time 0"
            + " | --max-time: no time such as 90s or 15m, up to 24h: 0.",
        "run prompts/hello.md --max-time 25h"
            + " | --max-time: no time such as 90s or 15m, up to 24h: 25h.",
        "run prompts/hello.md --once-per week | --once-per: not day or month: week.",
        "run | run: which prompt? graduate run prompts/NAME.md.",
        "run a.md b.md | run: one prompt at a time, not 2.",
        "log show | log: not show ID, show last or verify: show.",
        "log --anchor 1:x | log: --anchor and --accept-damage go with log verify.",
        "log verify --anchor 1:x | --anchor: no SEQ:HASH as log verify prints it: 1:x.",
        "log --json | log: --json goes with log show.",
        "spend now | spend: not settle ID… --usd X --why TEXT: now.",
        "spend settle x | spend settle: needs ID… --usd X --why TEXT.",
        "spend settle x --usd -1 --why y | --usd: no amount of 0 or more: -1.",
        "spend settle x --usd 1 --why y --json | spend settle: --json goes with spend alone.",
      })
  void aWrongWordIs2AndNamed(String words, String problem) throws Exception {
    Program.Ended ended = program.run((Object[]) words.split(" "));

    assertThat(ended.stderr()).isEqualTo("graduate: " + problem + " See: graduate --help\n");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(program.lines()).isEmpty();
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
    assertThat(missing.stderr()).isEqualTo("graduate: none.json: no such file\n");
  }
}
