package graduate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.helpers.NOPLogger;

class CommandsTest {
  @TempDir private Path home;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lgo | lgo: neither a command nor a file; did you mean log?",
        "spned | spned: neither a command nor a file; did you mean spend?",
        "-q snepd | snepd: neither a command nor a file; did you mean spend?",
        "xylophone | xylophone: neither a command nor a file.",
        "--json spend | spend: options stand behind the command.",
        "p/hello.md --mod x | --mod: no such option; did you mean --model?",
        "run p/hello.md --dry | --dry: no such option; did you mean --dry-run?",
        "run p/hello.md --replya | --replya: no such option; did you mean --replay?",
        "run p/hello.md -x | -x: no such option.",
        "run p/hello.md --json=1 | --json=1: no such option; did you mean --json?",
        "run p/hello.md -m a -m b | --model: given 2 times.",
        "run p/hello.md --retry 1 --retry=2 | --retry: given 2 times.",
        "run p/hello.md --logs a --logs b | --logs: given 2 times.",
        "run p/hello.md -m | --model: a value is missing.",
        "run p/hello.md -i --json | --input: a value is missing.",
        "run p/hello.md -p n=1 -p n=2 | --param: n is given twice.",
        "run p/hello.md -p n | --param: no KEY=VALUE: n.",
        "run p/hello.md -p =1 | --param: no KEY=VALUE: =1.",
        "run p/hello.md -p messages=[]" + " | --param: messages are given in NAME.request.json.",
        "run p/hello.md --retry x | --retry: no number of 0 or more: x.",
        "run p/hello.md --retry -1 | --retry: no number of 0 or more: -1.",
        "run p/hello.md --max-usd -1 | --max-usd: no amount of 0 or more: -1.",
        "run p/hello.md --max-usd 1e999 | --max-usd: no amount of 0 or more: 1e999.",
        "run p/hello.md --max-time 0" + " | --max-time: no time such as 90s or 15m, up to 24h: 0.",
        "run p/hello.md --max-time 25h"
            + " | --max-time: no time such as 90s or 15m, up to 24h: 25h.",
        "run p/hello.md --once-per week | --once-per: not day or month: week.",
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
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), printed, printed, false, false, false);
    Path logs = home.resolve("logs");
    Context context =
        new Context(home, logs, Map.of(), console, Clock.systemUTC(), () -> NOPLogger.NOP_LOGGER);
    Path prompt = Files.writeString(home.resolve("hello.md"), "Say hello");
    List<String> given = List.of(words.replace("p/hello.md", prompt.toString()).split(" "));

    Failure failure = Failure.of(catchThrowable(() -> Commands.run(given, context)));

    assertThat(failure).isEqualTo(new Failure(2, problem + " See: graduate --help", ""));
    assertThat(printed.size()).isZero();
    assertThat(logs).doesNotExist();
  }
}
