package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we take and refuse against Debian's own {@code crontab -n}. */
@Tag("machine")
class CrontabTest {
  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 7 * * 1-5",
        "*/5 */2 */3 */4 */5",
        "*/99 * * * *",
        "*,5 1-3,7-9/2 1,15 jan-DEC Mon-fri",
        "00 007 * feb,3 0-7/7",
        "0\t7  * * sun",
        "0 0 13 * 5",
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly"
      })
  void takesWhatCronTakes(String schedule) throws Exception {
    assertThatCode(() -> new Schedule(schedule)).doesNotThrowAnyException();
    assertThat(crontab(schedule + " 'x'")).contains("successfully checked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "60 * * * *",
        "-5 * * * *",
        "5- * * * *",
        "5, * * * *",
        "5/10 * * * *",
        "*/0 * * * *",
        "*/x * * * *",
        "5-64/30 * * * *",
        "? * * * *",
        "0 24 * * *",
        "0 1-24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 L * *",
        "0 0 * 0 *",
        "0 0 * 13 *",
        "0 0 * january *",
        "0 0 * mon *",
        "0 0 * * 8",
        "0 0 * * monday",
        "0 0 * * mon-8",
        "0 0 * *",
        "0",
        "@Daily",
        "@every_minute",
        "@"
      })
  void refusesWhatCronRefuses(String schedule) throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> new Schedule(schedule));
    assertThat(crontab(schedule + " 'x'")).contains("errors in crontab file");
  }

  /** Cron takes these and runs them at other times than they say, or never. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "*5 * * * *",
        "5;10 * * * *",
        "0 22-6 * * *",
        "0 0 * * sat-sun",
        "0 0 * * mon#1",
        "*/4294967297 * * * *",
        "0 0 31 2 *",
        "0 7 * * 1 5",
        "@reboot"
      })
  void refusesWhatCronMisreads(String schedule) throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> new Schedule(schedule));
    assertThat(crontab(schedule + " 'x'")).contains("successfully checked");
  }

  @Test
  void knowsTheLongestCommandThatCronTakes() throws Exception {
    String word = "a".repeat(998 - "JAVA_HOME='/j' ''".length());
    String longest =
        new CrontabLine(new Schedule("@daily"), Path.of("/j"), Map.of(), List.of(word), false)
            .toString();
    assertThat(crontab(longest)).contains("successfully checked");
    assertThat(crontab(longest + "a")).contains("command too long");
  }

  private String crontab(String line) throws IOException, InterruptedException {
    Path file = Files.writeString(dir.resolve("crontab"), line + "\n");
    Process process =
        new ProcessBuilder("crontab", "-n", file.toString()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
