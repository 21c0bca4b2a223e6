package graduate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.FakeCheckout;
import graduate.harness.Program;
import graduate.harness.RawServer;
import graduate.prompt.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code graduate cron}: the line, the remarks about it, and what is refused. */
class CronCommandIT {
  private static final String JAVA_HOME = System.getProperty("java.home");
  private static final ZoneId ZONE = Settings.systemZone();
  private static final String SHUT_DOWN = "{date}";

  /** Every call can cost one cent at the most, whatever its length. */
  private static final String CENT =
      """
      {"request": {"model": "m", "max_completion_tokens": 10000}, "zone": "America/New_York",
       "prices": {"m": {"input": 0, "output": 1, "shut_down": "{date}"}}}
      """;

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);

  @TempDir private Path home;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home).unset("OPENAI_API_KEY");
    program.prompt(
        "graduate.json", CENT.replace(SHUT_DOWN, LocalDate.now(ZONE).plusDays(40).toString()));
    program.prompt("hello.md", "Say hello");
    keyFile("rw-------");
    program.env("OPENAI_API_KEY_FILE", "key");
  }

  private void keyFile(String mode) throws IOException {
    Path key = Files.writeString(home.resolve("key"), Program.KEY + "\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
  }

  /** A line for every midnight, with an answer file. */
  private Program.Ended daily(Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("cron", "prompts/hello.md", "@daily"));
    words.addAll(List.of(options));
    return program.run(words.toArray());
  }

  private static List<String> remarks(Program.Ended ended) {
    assertThat(ended.exit()).as(ended.stderr()).isZero();
    List<String> lines = ended.stderr().lines().toList();
    return lines.subList(1, lines.size());
  }

  @Test
  void printsOneLineWithAbsolutePathsAndEveryOptionButNoKey() throws Exception {
    program.env("OPENAI_API_KEY", Program.KEY);
    program.env("OPENAI_PROJECT_ID", "p '1'").env("GRADUATE_JAVA_OPTS", "-Da=\\ -Db=50%");
    program.env("EDITOR", "vi").env("GRADUATE_LOGS", "elsewhere");
    program.prompt("stand up.txt", "Stand up");
    Files.writeString(home.resolve("notes.md"), "Notes");

    Program.Ended ended =
        program.run(
            "cron",
            "-q",
            "prompts/stand up.txt",
            "0  7 * * 1-5",
            "-o",
            "./out/{date}/{name}.md",
            "-i",
            "notes.md",
            "-m",
            "m",
            "-p",
            "temperature=0.5",
            "-p",
            "stop=[\"it's\"]",
            "-p",
            "user=-100%",
            "--max-time",
            "90s",
            "--retry",
            "0",
            "--max-usd",
            "0.5",
            "--once-per",
            "day",
            "--json",
            "-v",
            "--config",
            "prompts/graduate.json",
            "--logs=logs");

    assertThat(ended.exit()).as(ended.stderr()).isZero();
    assertThat(ended.out())
        .isEqualTo(
            "0 7 * * 1-5 JAVA_HOME='JAVA' GRADUATE_JAVA_OPTS='-Da=\\\\ -Db=50\\%'"
                    .replace("JAVA'", JAVA_HOME + "'")
                + " GRADUATE_LOGS='HOME/elsewhere' OPENAI_API_KEY_FILE='HOME/key'"
                    .replace("HOME", home.toString())
                + " OPENAI_PROJECT_ID='p '\"'\"'1'\"'\"''"
                + (" 'HOME/graduate' 'run' 'HOME/prompts/stand up.txt' '--quiet'"
                        + " '--output' 'HOME/out/{date}/{name}.md' '--input' 'HOME/notes.md'")
                    .replace("HOME", home.toString())
                + " '--model' 'm' '--param' 'temperature=0.5' '--param' 'stop=[\"it'\"'\"'s\"]'"
                + " '--param' 'user=-100\\%' '--max-time' '90s' '--retry' '0' '--max-usd' '0.5'"
                + " '--once-per' 'day' '--json' '--verbose'"
                + " '--config' 'HOME/prompts/graduate.json' '--logs' 'HOME/logs'\n"
                    .replace("HOME", home.toString()));
    assertThat(ended.stderr()).doesNotContain(Program.KEY).hasLineCount(1);
  }

  @Test
  void anEmptyKeyStaysSinceALocalServerNeedsIt() throws Exception {
    program.unset("OPENAI_API_KEY_FILE").env("OPENAI_API_KEY", "");

    Program.Ended ended = daily("-o", "answer.md");

    assertThat(ended.out()).contains(" OPENAI_API_KEY='' ");
    assertThat(remarks(ended)).isEmpty();
  }

  @Test
  void saysTheNextThreeTimesAndTheMostThatAMonthCanCost() throws Exception {
    LocalDate before = LocalDate.now(ZONE);
    Program.Ended ended = daily("-o", "answer.md");
    LocalDate after = LocalDate.now(ZONE);

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr()).isIn(next(before), next(after));
  }

  private static final String IN_TWO_ZONES =
      """
      set -eu
      mkdir -p "$1/target"
      cp graduate "$1/graduate"
      cp target/graduate.jar "$1/target/graduate.jar"
      for zone in Pacific/Kiritimati Etc/GMT+12; do
        TZ=$zone JAVA_HOME=$2 OPENAI_API_KEY_FILE=$1/key \\
          "$1/graduate" cron "$1/prompts/hello.md" @daily -o "$1/answer.md" 2>&1 >"$1/line"
      done | sort -u
      """;

  /** Cron goes by the machine's zone, whatever the shell's is. */
  @Test
  void theNextTimesAreTheSameInEveryShell() throws Exception {
    LocalDate before = LocalDate.now(ZONE);
    String said = sh(IN_TWO_ZONES, JAVA_HOME);
    assertThat(said).isIn(next(before), next(LocalDate.now(ZONE)));
  }

  @Test
  void namesTheProxyThatCronDoesNotHave() throws Exception {
    program.env("HTTPS_PROXY", "http://me:secret@proxy:3128").env("no_proxy", "localhost");

    Program.Ended ended = daily("-o", "answer.md");

    assertThat(remarks(ended))
        .containsExactly(
            "HTTPS_PROXY is set here, but not in cron: put it into the crontab, on a line of its"
                + " own above this one",
            "no_proxy is set here, but not in cron: put it into the crontab, on a line of its own"
                + " above this one");
    assertThat(ended.out() + ended.stderr()).doesNotContain("secret").doesNotContain("=http");
    assertThat(remarks(daily("-o", "answer.md", "--replay"))).isEmpty();
  }

  private static final String ADD =
      """
      line=$("$1/graduate" cron prompts/hello.md "@daily" -o answer.md) &&
        (crontab -l | grep -vxF -e "$line"; printf '%s\n' "$line") | crontab -
      """;

  private static final String CRONTAB =
      """
      #!/bin/sh
      case $1 in
        -l) cat 'HOME/crontab.of.me' ;;
        -) cat >'HOME/new' && mv 'HOME/new' 'HOME/crontab.of.me' ;;
      esac
      """;

  @Test
  void theLineCanBeAddedTwiceAndStandsThereOnce() throws Exception {
    Path crontab = Files.writeString(home.resolve("crontab.of.me"), "# mine\n0 1 * * * backup\n");
    Path bin = Files.createDirectories(home.resolve("bin"));
    FakeCheckout.executable(bin.resolve("crontab"), CRONTAB.replace("HOME", home.toString()));
    String line = "@daily JAVA_HOME='/opt/jdk' 'graduate' 'run' '100\\%'\n";
    FakeCheckout.executable(
        home.resolve("graduate"), "#!/bin/sh\ncat <<'LINE'\n" + line + "LINE\n");
    String path = "PATH='" + bin + "':$PATH\n";
    for (int i = 0; i < 3; i++) {
      sh(path + ADD);
      assertThat(crontab).hasContent("# mine\n0 1 * * * backup\n" + line);
    }
    FakeCheckout.executable(home.resolve("graduate"), "#!/bin/sh\nexit 3\n");
    sh(path + ADD + "[ $? = 3 ]");
    assertThat(crontab).hasContent("# mine\n0 1 * * * backup\n" + line);
  }

  private static String next(LocalDate today) {
    List<String> times = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      times.add(WHEN.format(today.plusDays(i).atStartOfDay()));
    }
    return "next " + String.join(", ", times) + "; at most $0.31 of $10.00 a month\n";
  }

  @Test
  void withoutAMonthlyCapTheMonthIsComparedWithNone() throws Exception {
    program.prompt(
        "graduate.json",
        CENT.replace(SHUT_DOWN, "2999-01-01").replaceFirst("\\{", "{\"caps\": [],"));
    assertThat(daily("-o", "answer.md").stderr()).endsWith("; at most $0.31 a month\n");
  }

  @Test
  void saysThatCronMailsTheAnswerWithoutO() throws Exception {
    assertThat(remarks(daily())).containsExactly("no -o FILE: cron mails the answer");
  }

  @Test
  void standardOutputStaysThatAndWhatARunWouldRefuseIsRefused() throws Exception {
    assertThat(daily("-o", "-").out()).contains(" '--output' '-'");
    assertThat(daily("-o", "-").stderr()).contains("no -o FILE: cron mails the answer");
    for (String output : List.of("{nmae}", "prompts/hello.md", "logs/audit.jsonl")) {
      assertThat(daily("-o", output).exit()).as(output).isEqualTo(2);
    }
  }

  /** Whatever month it is now. */
  @Test
  void theMostOfAMonthIsThatOfTheDearestOne() throws Exception {
    Program.Ended ended = program.run("cron", "prompts/hello.md", "0 7 * jan *");

    assertThat(ended.stderr()).contains("; at most $0.31 of $10.00 a month");
  }

  @ParameterizedTest
  @CsvSource({"a key in the variable, true", "no key, false"})
  void saysHowCronGetsTheKey(String name, boolean variable) throws Exception {
    program.unset("OPENAI_API_KEY_FILE");
    if (variable) {
      program.env("OPENAI_API_KEY", Program.KEY);
    }

    Program.Ended ended = daily("-o", "answer.md");

    assertThat(remarks(ended))
        .containsExactly(
            "the key is never put into a crontab: save it in a file, chmod 600, and set"
                + " OPENAI_API_KEY_FILE to its path before you type this again");
    assertThat(ended.out()).doesNotContain("OPENAI_API_KEY").doesNotContain(Program.KEY);
    assertThat(remarks(program.run("cron", "prompts/hello.md", "@daily", "--replay")))
        .containsExactly("no -o FILE: cron mails the answer");
  }

  /** The variable would do now, but cron has the file alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing | OPENAI_API_KEY_FILE: names no file",
        "open    | OPENAI_API_KEY_FILE: key is open to others. Type: chmod 600 key",
      })
  void saysWhatIsWrongWithTheKeyFile(String what, String remark) throws Exception {
    program.env("OPENAI_API_KEY", Program.KEY);
    keyFile("rw-r-----");
    if (what.equals("missing")) {
      Files.delete(home.resolve("key"));
    }
    assertThat(remarks(daily("-o", "answer.md"))).containsExactly(remark);
  }

  @Test
  void namesAModelThatIsShutDownWithin30Days() throws Exception {
    LocalDate end = LocalDate.now(ZONE).plusDays(29);
    program.prompt("graduate.json", CENT.replace(SHUT_DOWN, end.toString()));
    assertThat(remarks(daily("-o", "answer.md"))).containsExactly("m is shut down on " + end);
  }

  @Test
  void aWrongCommandLineIs2() throws Exception {
    program.stdin(home.resolve("key"));
    String needs = "cron: needs a prompt and a schedule, in quotes, such as \"0 7 * * 1-5\"";
    refused(program.run("cron", "prompts/hello.md", "0", "7", "*", "*", "1-5"), 2, needs);
    refused(program.run("cron", "prompts/hello.md"), 2, needs);
    refused(program.run("cron", "prompts/hello.md", "0 24 * * *"), 2, "bad hour \"24\": no number");
    refused(daily("-i", "-"), 2, "cron: -i - has nothing to read there; name a file");
    refused(daily("--dry-run"), 2, "cron: --dry-run sends nothing; leave it out");
    refused(daily("--retry", "-1"), 2, "--retry: must be a whole number, 0 or more, not -1");
  }

  @Test
  void whatCouldNotRunIs3() throws Exception {
    refused(daily("-o", "a\nb.md"), 3, "crontab line: a newline in JAVA_HOME=");
    refused(daily("-m", "gpt-7"), 3, "gpt-7: no price known");
    refused(program.run("cron", "prompts/no.md", "@daily"), 3, "prompts/no.md: ");
    program.prompt("hello.input.md", "Yesterday's notes");
    refused(daily(), 3, "prompts/hello.md: has a saved input, prompts/hello.input.md");
  }

  private static void refused(Program.Ended ended, int exit, String problem) {
    assertThat(ended.stderr()).startsWith("graduate: " + problem).hasLineCount(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exit()).isEqualTo(exit);
  }

  /**
   * Names that are not ASCII stay in the shell: in a POSIX locale Java opens none, and the tests
   * may run in one.
   */
  private static final String CHECKOUT =
      """
      set -eu
      project="$1/Dödé's \\"50 %\\" \\\\% \\$PATH ; & 工"
      mkdir -p "$project/target" "$project/prompts" "$1/user"
      cp graduate "$project/graduate"
      cp target/graduate.jar "$project/target/graduate.jar"
      cp "$1/prompts/graduate.json" "$project/prompts/graduate.json"
      ln -s "$project" "$1/link"
      cd "$project"
      printf 'Say hello' >'prompts/büro 100%.md'
      env -i PATH="$PATH" JAVA_HOME="$2" OPENAI_BASE_URL="$3" OPENAI_API_KEY_FILE="$1/key" \\
        ./graduate cron 'prompts/büro 100%.md' '0 7 * * 1-5' -p "user=Zoë's \\\\ 5%" \\
        -o 'out/an "answer"/{name}.md' >"$1/line" 2>"$1/remarks"
      """;

  private static final String AS_CRON_DOES =
      """
      cd "$1/user"
      command=$(cat "$1/command")
      env -i HOME="$1/user" SHELL=/bin/sh PATH=/usr/bin:/bin /bin/sh -c "$command"
      echo "exit $?"
      cp "$1/link/out/an \\"answer\\"/büro 100%.md" "$1/answer"
      """;

  private String sh(String script, String... arguments) throws Exception {
    Path file = Files.writeString(home.resolve("script"), script);
    List<String> command = new ArrayList<>(List.of("/bin/sh", file.toString(), home.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void theLineWorksThroughTheLauncherInCronsEnvironmentFromAPathWithOddLetters() throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Grüß dich!"))) {
      sh(CHECKOUT, JAVA_HOME, "http://127.0.0.1:" + server.port() + "/v1");
      String line = Files.readString(home.resolve("line"), UTF_8);
      assertThat(line).startsWith("0 7 * * 1-5 ").endsWith("\n").hasLineCount(1);
      assertThat(Files.readString(home.resolve("remarks"), UTF_8)).startsWith("next ");

      // As the daemon does it: a percent sign with no backslash before it would end the command.
      assertThat(line.replaceAll("\\\\[%\\\\]", "")).doesNotContain("%");
      String command = line.strip().substring("0 7 * * 1-5 ".length());
      Files.writeString(home.resolve("command"), command.replaceAll("\\\\([%\\\\])", "$1"));
      String output = sh(AS_CRON_DOES);

      assertThat(output).isEqualTo("exit 0\n");
      assertThat(Files.readString(home.resolve("answer"), UTF_8)).isEqualTo("Grüß dich!\n");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0))
          .contains("Authorization: Bearer " + Program.KEY, "\"Zoë's \\\\ 5%\"", "Say hello");
      assertThat(home.resolve("link/logs/audit.jsonl")).content().hasLineCount(2);
    }
  }
}
