package graduate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
        "-q snepd | snepd: no command, no file, and no prompt of that name. The commands are"
            + " COMMANDS.",
        "--json spend | spend: options stand behind the command.",
        "p/hello.md --mod x | --mod: no such option.",
        "run p/hello.md -x | -x: no such option.",
        "run p/hello.md --json=1 | --json=1: no such option.",
        "run p/hello.md -m a -m b | --model: given 2 times.",
        "run p/hello.md --logs a --logs b | --logs: given 2 times.",
        "run p/hello.md -m | --model: a value is missing.",
        "run p/hello.md -i --json | --input: a value is missing.",
        "run p/hello.md -p n=1 -p n=2 | --param: n is given twice.",
        "run p/hello.md -p n | --param: no KEY=VALUE: n.",
        "run p/hello.md -p =1 | --param: no KEY=VALUE: =1.",
        "run p/hello.md -p messages=[]" + " | --param: messages are given in NAME.request.json.",
        "run p/hello.md --retry x | --retry: must be a whole number, 0 or more, not x.",
        "run p/hello.md --retry -1 | --retry: must be a whole number, 0 or more, not -1.",
        "run p/hello.md --max-usd -1 | --max-usd: must be an amount, 0 or more, not -1.",
        "run p/hello.md --max-usd 1e999 | --max-usd: must be an amount, 0 or more, not 1e999.",
        "run p/hello.md --max-time 0 | --max-time: must be a time such as 90s or 15m, up to 24h,"
            + " not 0.",
        "run p/hello.md --once-per week | --once-per: must be day or month, not week.",
        "run | run: which prompt? graduate run prompts/NAME.md.",
        "run a.md b.md | run: one prompt at a time, not 2; an input needs -i: -i b.md.",
        "log show | log: show: known are log show ID, log show last and log verify.",
        "log --anchor 1:x | log: --anchor and --accept-damage go with log verify.",
        "log verify --anchor 1:x | --anchor: no SEQ:HASH as log verify prints it: 1:x.",
        "log --json | log: --json goes with log show.",
        "spend now | spend: not settle ID… --usd X --why TEXT: now.",
        "spend settle x | spend settle: needs ID… --usd X --why TEXT.",
        "spend settle x --usd -1 --why y | --usd: must be an amount, 0 or more, not -1.",
        "spend settle x --usd 1 --why y --json | spend settle: --json goes with spend alone.",
      })
  void aWrongWordIs2AndNamed(String words, String problem) throws Exception {
    Path prompt = Files.writeString(home.resolve("hello.md"), "Say hello");
    List<String> given = List.of(words.replace("p/hello.md", prompt.toString()).split(" "));

    String line =
        problem
            .replace("UNKNOWN", "no command, no file, and no prompt of that name. The commands are")
            .replace("COMMANDS", String.join(", ", Commands.OPTIONS.keySet()));
    String said = line.replaceFirst("\\.$", "");
    String first = Commands.OPTIONS.containsKey(given.get(0)) ? given.get(0) : "run";
    boolean general = said.contains("no command") || said.contains("options stand behind");
    String help = general ? "--help" : first + " --help";
    assertThat(failure(given))
        .isEqualTo(new Failure(2, said + ". See: graduate " + help, ": " + said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none.md | HOME/none.md: no such file or folder",
        "latin.md | HOME/latin.md: line 2 is not UTF-8 (byte 0xE9)",
        "x.chatgpt.md | HOME/x.chatgpt.md: is no prompt but a file beside one",
        "ok.md -i HOME/empty.md | HOME/empty.md: is empty",
        "ok.md -i - | -: is empty",
        "ok.md -p stream=true | stream: true is not supported",
        "ok.md -p max_completion_tokens=null | max_completion_tokens: needed to bound the cost (or"
            + " max_tokens, for other servers)",
        "ok.md -m gpt-0 --config HOME/local.json | gpt-0: no price known. Add to HOME/local.json:"
            + " \"prices\": {\"gpt-0\": {\"input\": USD, \"output\": USD}} per million tokens (0"
            + " for a local model)",
        "ok.md --replay | HOME/ok.md: no saved answer to replay. Save ChatGPT's answer as"
            + " HOME/ok.chatgpt.md",
        "bad.md | HOME/bad.request.json: line 2: Duplicate field 'a'",
        "ok.md --config HOME/typo.json | HOME/typo.json: cap: no such key; known: base_url, caps,"
            + " max_time, prices, request, retry, zone",
      })
  void whatCannotBeSentIs3AndSaidInOneLine(String words, String line) throws Exception {
    for (String name : List.of("ok", "x.chatgpt", "bad")) {
      Files.writeString(home.resolve(name + ".md"), "Say hello");
    }
    Files.writeString(home.resolve("empty.md"), "");
    Files.write(home.resolve("latin.md"), "a\n\u00e9\n".getBytes(ISO_8859_1));
    Files.writeString(home.resolve("bad.request.json"), "{\"a\": 1,\n\"a\": 2}");
    Files.writeString(home.resolve("local.json"), "{\"base_url\": \"http://127.0.0.1/v1\"}");
    Files.writeString(home.resolve("typo.json"), "{\"cap\": []}");
    String given = home + "/" + words.replace("HOME", home.toString());

    Failure failure = failure(List.of(given.split(" ")));

    assertThat(failure.line()).isEqualTo(line.replace("HOME", home.toString()));
    assertThat(failure.exit()).isEqualTo(3);
  }

  private Failure failure(List<String> words) {
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), printed, printed, "", "graduate");
    Path logs = home.resolve("logs");
    Map<String, String> env = Map.of("OPENAI_API_KEY", "sk-test");
    Context context =
        new Context(
            home, logs, env, console, Clock.systemUTC(), new Signals(), () -> NOPLogger.NOP_LOGGER);
    Throwable thrown = catchThrowable(() -> Commands.run(words, context));

    assertThat(printed.size()).isZero();
    assertThat(logs).doesNotExist();
    return Failure.of(thrown);
  }
}
