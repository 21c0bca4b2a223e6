package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import graduate.text.UnusableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrontabLineTest {
  @Test
  void buildsOneLine() {
    Map<String, String> env =
        Map.of("PATH", "/bin", "OPENAI_ORG_ID", "org-1", "GRADUATE_LOGS", "/var/log/g");
    assertThat(line(env, List.of("/x/graduate", "/x/prompts/stand up.md", "-o", "/x/{date}.md")))
        .isEqualTo(
            "0 7 * * 1-5 JAVA_HOME='/opt/jdk' GRADUATE_LOGS='/var/log/g' OPENAI_ORG_ID='org-1'"
                + " '/x/graduate' '/x/prompts/stand up.md' '-o' '/x/{date}.md'");
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
        .withMessageContaining("999 bytes, and cron takes 998");
  }

  /** What {@code link/..} names is the kernel's to say. */
  @Test
  void makesPathsAbsoluteAndLeavesLinksAlone() {
    Path here = Path.of("").toAbsolutePath();
    assertThat(CrontabLine.absolute("./link/../a/./b")).isEqualTo(here + "/link/../a/b");
    assertThat(CrontabLine.absolute("/a/../b")).isEqualTo("/a/../b");
  }

  private static String line(Map<String, String> env, List<String> command) {
    return CrontabLine.of(new Schedule("0 7 * * 1-5"), "/opt/jdk", env, command);
  }
}
