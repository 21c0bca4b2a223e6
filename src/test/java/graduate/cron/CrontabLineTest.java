package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrontabLineTest {
  private static final Schedule WEEKDAYS = new Schedule("0 7 * * 1-5");
  private static final Path JAVA = Path.of("/opt/jdk");

  @TempDir private Path dir;

  @Test
  void buildsOneLine() {
    CrontabLine line =
        new CrontabLine(
            WEEKDAYS,
            JAVA,
            Map.of("PATH", "/bin", "OPENAI_ORG_ID", "org-1", "GRADUATE_LOGS", "/var/log/g"),
            List.of("/x/graduate", "/x/prompts/stand up.md", "-o", "/x/{date}.md"),
            true);
    assertThat(line)
        .hasToString(
            "0 7 * * 1-5 JAVA_HOME='/opt/jdk' GRADUATE_LOGS='/var/log/g' OPENAI_ORG_ID='org-1'"
                + " '/x/graduate' '/x/prompts/stand up.md' '-o' '/x/{date}.md' >/dev/null");
  }

  @Test
  void keepsStandardOutputForTheMailWhereAsked() {
    assertThat(line(Map.of(), List.of("/x/graduate")))
        .isEqualTo("0 7 * * 1-5 JAVA_HOME='/opt/jdk' '/x/graduate'");
  }

  @Test
  void quotesForShAndThenForCron() {
    assertThat(line(Map.of(), List.of("it's", "100 %", "a\\b", "\\%")))
        .endsWith(" 'it'\"'\"'s' '100 \\%' 'a\\\\b' '\\\\\\%'");
  }

  @Test
  void neverCarriesAKey() {
    Map<String, String> env =
        Map.of(
            "OPENAI_API_KEY", "sk-1",
            "OPENAI_ADMIN_KEY", "sk-2",
            "OPENAI_WEBHOOK_SECRET", "sk-3",
            "OPENAI_API_KEY_FILE", "/home/me/key");
    assertThat(line(env, List.of("/x/graduate")))
        .isEqualTo(
            "0 7 * * 1-5 JAVA_HOME='/opt/jdk' OPENAI_API_KEY_FILE='/home/me/key' '/x/graduate'");
  }

  @Test
  void leavesOutWhatShTakesForNoAssignment() {
    assertThat(line(Map.of("OPENAI_A.B", "x", "GRADUATE_", "x"), List.of("/x/graduate")))
        .isEqualTo("0 7 * * 1-5 JAVA_HOME='/opt/jdk' '/x/graduate'");
  }

  @Test
  void makesPathsInTheEnvironmentAbsolute() {
    Path here = Path.of("").toAbsolutePath();
    Map<String, String> env = Map.of("OPENAI_API_KEY_FILE", "key", "GRADUATE_CONFIG", "");
    assertThat(line(env, List.of("/x/graduate")))
        .contains(" GRADUATE_CONFIG='' OPENAI_API_KEY_FILE='" + here.resolve("key") + "'");
  }

  @Test
  void refusesANewline() {
    assertThatExceptionOfType(UnusableException.class)
        .isThrownBy(() -> line(Map.of(), List.of("/x/graduate", "/x/stand\nup.md")))
        .withMessageContaining("a newline in JAVA_HOME='/opt/jdk' '/x/graduate' '/x/stand\\nup.md'")
        .withMessageNotContaining("\n");
    assertThatExceptionOfType(UnusableException.class)
        .isThrownBy(() -> line(Map.of("OPENAI_ORG_ID", "a\nb"), List.of("/x/graduate")));
  }

  @Test
  void refusesACommandAboveCronsLimitInBytes() {
    String fits = "ü".repeat(400) + "a".repeat(998 - 800 - "JAVA_HOME='/opt/jdk' ''".length());
    assertThat(line(Map.of(), List.of(fits)).getBytes(UTF_8))
        .hasSize("0 7 * * 1-5 ".length() + 998);
    assertThatExceptionOfType(UnusableException.class)
        .isThrownBy(() -> line(Map.of(), List.of(fits + "a")))
        .withMessageContaining("the command has 999 bytes, cron takes 998");
  }

  @Test
  void survivesShInAnEmptyEnvironment() throws Exception {
    List<String> words =
        List.of(
            "büro 'n' \"home\" 100% $HOME `id` \\%\\\\ *.md", "", "-o", "{date}.md", "\\", "%%");
    String javaHome = "/opt/it's a \\ 5% jdk";
    String options = "-Da=\"b c\" -De='%'";
    Recorder recorder =
        new Recorder(dir + "/Dödé's \"50 %\" \\% $PATH ; & 工", dir.resolve("record"));
    recorder.create(dir);
    Map<String, String> env = Map.of("GRADUATE_JAVA_OPTS", options, "OPENAI_API_KEY", "sk-1");
    CrontabLine line =
        new CrontabLine(WEEKDAYS, Path.of(javaHome), env, recorder.command(words), false);

    runInAnEmptyEnvironment(undone(line.toString().substring("0 7 * * 1-5 ".length())));

    List<String> expected = new ArrayList<>(words);
    expected.addAll(List.of(javaHome, options, "no key"));
    assertThat(recorder.recorded()).isEqualTo(expected);
  }

  private static String line(Map<String, String> env, List<String> command) {
    return new CrontabLine(WEEKDAYS, JAVA, env, command, false).toString();
  }

  private void runInAnEmptyEnvironment(String command) throws IOException, InterruptedException {
    Path file = Files.writeString(dir.resolve("command"), command);
    String wrapper = "exec env -i /bin/sh -c \"$(cat \"$1\")\"";
    Process process =
        new ProcessBuilder("/bin/sh", "-c", wrapper, "sh", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("the answer\n");
  }

  /** What the daemon hands to sh: the command up to a bare percent sign, escapes taken away. */
  private static String undone(String command) {
    StringBuilder undone = new StringBuilder();
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (c == '%') {
        return undone.toString();
      }
      boolean escape =
          c == '\\' && i + 1 < command.length() && "%\\".indexOf(command.charAt(i + 1)) >= 0;
      undone.append(escape ? command.charAt(++i) : c);
    }
    return undone.toString();
  }
}
