package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @TempDir private Path dir;

  /** Worked out by hand; 1 August 2027 is a Sunday. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 7 * * 1-5       | 2027-08-02T07:00 2027-08-03T07:00 2027-08-04T07:00",
        "*/20 23 * * *     | 2027-08-01T23:00 2027-08-01T23:20 2027-08-01T23:40",
        "5,*/30 2-3 * * *  | 2027-08-02T02:00 2027-08-02T02:05 2027-08-02T02:30",
        "1-59/29 12 * * *  | 2027-08-01T12:01 2027-08-01T12:30 2027-08-01T12:59",
        "*/99 * * * *      | 2027-08-01T13:00 2027-08-01T14:00 2027-08-01T15:00",
        "0 0 * * 7         | 2027-08-08T00:00 2027-08-15T00:00 2027-08-22T00:00",
        "0 0 * * 0         | 2027-08-08T00:00 2027-08-15T00:00 2027-08-22T00:00",
        "0 0 * * sat-7     | 2027-08-07T00:00 2027-08-08T00:00 2027-08-14T00:00",
        "0 0 13 * 5        | 2027-08-06T00:00 2027-08-13T00:00 2027-08-20T00:00",
        "0 0 13 * */5      | 2027-08-13T00:00 2028-02-13T00:00 2028-08-13T00:00",
        "0 0 */13 * fri    | 2027-08-27T00:00 2027-10-01T00:00 2028-01-14T00:00",
        "45 2 28-31 feb,MAR * | 2028-02-28T02:45 2028-02-29T02:45 2028-03-28T02:45",
        "0 0 29 2 *        | 2028-02-29T00:00 2032-02-29T00:00 2036-02-29T00:00",
        "00 007 1 1-12/11 *| 2027-12-01T07:00 2028-01-01T07:00 2028-12-01T07:00",
        "@hourly           | 2027-08-01T13:00 2027-08-01T14:00 2027-08-01T15:00",
        "@daily            | 2027-08-02T00:00 2027-08-03T00:00 2027-08-04T00:00",
        "@midnight         | 2027-08-02T00:00 2027-08-03T00:00 2027-08-04T00:00",
        "@weekly           | 2027-08-08T00:00 2027-08-15T00:00 2027-08-22T00:00",
        "@monthly          | 2027-09-01T00:00 2027-10-01T00:00 2027-11-01T00:00",
        "@yearly           | 2028-01-01T00:00 2029-01-01T00:00 2030-01-01T00:00",
        "@annually         | 2028-01-01T00:00 2029-01-01T00:00 2030-01-01T00:00",
      })
  void runsAtTheTimesThatItNames(String text, String times) {
    LocalDateTime sunday = LocalDateTime.parse("2027-08-01T12:00");
    assertThat(new Schedule(text).after(sunday).limit(3).map(LocalDateTime::toString))
        .containsExactly(times.split(" ", -1));
  }

  @Test
  void doesNotRunAtTheMomentThatItStartsFrom() {
    LocalDateTime seven = LocalDateTime.parse("2027-08-01T07:00");
    assertThat(new Schedule("0 7 * * *").after(seven).limit(1)).containsExactly(seven.plusDays(1));
    assertThat(new Schedule("0 7 * * *").after(seven.minusSeconds(1)).limit(1))
        .containsExactly(seven);
  }

  @Test
  void writesOneSpaceBetweenFields() {
    assertThat(new Schedule(" 0  7\t* * mon-FRI ")).hasToString("0 7 * * mon-FRI");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "60 * * * *      | bad minute \"60\": no number from 0 to 59",
        "-5 * * * *      | bad minute \"-5\": not a number, a range (1-5), * or */5",
        "5- * * * *      | bad minute \"5-\": not a number, a range",
        "5, * * * *      | bad minute \"\": not a number, a range",
        "5/10 * * * *    | bad minute \"5/10\": not a number, a range",
        "*/0 * * * *     | bad minute \"*/0\": not a number, a range",
        "*/x * * * *     | bad minute \"*/x\": not a number, a range",
        "5-64/30 * * * * | bad minute \"5-64/30\": no number from 0 to 59",
        "? * * * *       | bad minute \"?\": not a number, a range",
        "0 24 * * *      | bad hour \"24\": no number from 0 to 23",
        "0 1-24 * * *    | bad hour \"1-24\": no number from 0 to 23",
        "0 0 0 * *       | bad day of month \"0\": no number from 1 to 31",
        "0 0 L * *       | bad day of month \"L\": no number from 1 to 31",
        "0 0 * 0 *       | bad month \"0\": no number from 1 to 12",
        "0 0 * january * | bad month \"january\": no number from 1 to 12, nor one of jan feb mar",
        "0 0 * mon *     | bad month \"mon\": no number from 1 to 12, nor one of jan feb mar",
        "0 0 * * 8       | bad day of week \"8\": no number from 0 to 7, nor one of sun mon",
        "0 0 * * mon-8   | bad day of week \"mon-8\": no number from 0 to 7",
        "0 0 * *         | bad schedule \"0 0 * *\": neither five fields (minute, hour, day of",
        "@Daily          | bad schedule \"@Daily\": neither five fields",
        "@               | bad schedule \"@\": neither five fields",
      })
  void refusesWhatCronRefuses(String text, String message) {
    refuses(text, message);
  }

  /** Cron takes these and runs them at other times than they say, or never. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*5 * * * *      | bad minute \"*5\": not a number, a range",
        "5;10 * * * *    | bad minute \"5;10\": not a number, a range",
        "*/4294967297 * * * * | bad minute \"*/4294967297\": not a number, a range",
        "0 22-6 * * *    | bad hour \"22-6\": runs backwards, from 22 to 6",
        "0 0 * * sat-sun | bad day of week \"sat-sun\": runs backwards, from 6 to 0",
        "0 0 * * mon#1   | bad day of week \"mon#1\": not a number, a range",
        "0 0 31 2 *      | bad day of month \"31\": never comes in month 2",
        "0 0 30 feb */2  | bad day of month \"30\": never comes in month feb",
        "0 0 31 4,6 *    | bad day of month \"31\": never comes in month 4,6",
        "0 7 * * 1 5     | bad schedule \"0 7 * * 1 5\": neither five fields",
        "@reboot         | bad schedule \"@reboot\": neither five fields",
      })
  void refusesWhatCronMisreads(String text, String message) {
    refuses(text, message);
  }

  private static void refuses(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule(text))
        .withMessageStartingWith(message);
  }

  @Test
  void refusesANewlineInOneLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule("0 7 * * 1-5\n* * * * *"))
        .withMessageStartingWith("bad schedule \"0 7 * * 1-5\\n* * * * *\": ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule("0 7 * * 1\n"))
        .withMessageStartingWith("bad day of week \"1\\n\": ");
  }

  @Tag("machine")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 7 * * 1-5",
        "*/5 */2 */3 */4 */5",
        "*/99 * * * *",
        "*,5 1-3,7-9/2 1,15 jan-DEC Mon-fri",
        "00 007 * feb,3 0-7/7",
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
    assertThat(new Schedule(schedule)).hasToString(schedule);
    assertThat(crontab(schedule + " 'x'")).contains("successfully checked");
  }

  @Tag("machine")
  @Test
  void knowsTheLongestCommandThatCronTakes() throws Exception {
    List<String> word = List.of("a".repeat(998 - "JAVA_HOME='/j' ''".length()));
    String longest = CrontabLine.of(new Schedule("@daily"), "/j", Map.of(), word);
    assertThat(crontab(longest)).contains("successfully checked");
    assertThat(crontab(longest + "a")).contains("command too long");
  }

  /** What Debian's own {@code crontab} says of a line. */
  private String crontab(String line) throws Exception {
    Path file = Files.writeString(dir.resolve("crontab"), line + "\n");
    Process process =
        new ProcessBuilder("crontab", "-n", file.toString()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
