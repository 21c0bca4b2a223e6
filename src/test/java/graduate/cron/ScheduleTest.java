package graduate.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /**
   * Clock changes by an hour, by half of one, at or over midnight, and by a day (not caught up).
   */
  private static final List<String> CHANGES =
      List.of(
          "Europe/Berlin 2027-03-28",
          "Europe/Berlin 2027-10-31",
          "America/New_York 2027-03-14",
          "America/New_York 2027-11-07",
          "Australia/Lord_Howe 2027-04-04",
          "Australia/Lord_Howe 2027-10-03",
          "America/Santiago 2027-04-03",
          "America/Santiago 2027-09-05",
          "America/St_Johns 2010-11-07",
          "Pacific/Apia 2011-12-30",
          "Pacific/Kwajalein 1969-09-30");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 7 * * 1-5",
        "30 2 * * *",
        "0,30 2 * * *",
        "0-59/20 1-3 * * *",
        "*/20 2 * * *",
        "30 */2 * * *",
        "15 * * * *",
        "5,*/30 2 * * *",
        "*,5 2-3 * * *",
        "30 2,* * * 0",
        "59 23 * * *",
        "0 0 * * *",
        "15 0,1 * * 6,0",
        "0 9 1,15 * fri",
        "0 9 13 * 5",
        "0 9 */2 * mon",
        "0 9 2-30/7 * */2",
        "0 9 1-7 * *",
        "0 9 * * 7",
        "0 9 * * 5-7",
        "45 2 28-31 mar,OCT *",
        "45 1 * 3-11/8 SUN",
        "0 12 31 * *",
        "10 3 * Apr-Sep tue",
        "7 0-23/5 * 9,10,11,3,4 *",
        "* 2 * * sat-7",
        "*/20 * * * 6",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly"
      })
  void runsWhenTheDaemonRuns(String text) {
    int seen = 0;
    for (String change : CHANGES) {
      ZoneId zone = ZoneId.of(change.split(" ", -1)[0]);
      LocalDate date = LocalDate.parse(change.split(" ", -1)[1]);
      ZonedDateTime from = date.minusDays(4).atTime(6, 30, 20).atZone(zone);
      ZonedDateTime to = from.plusDays(12);
      List<ZonedDateTime> expected = DaemonScan.of(text).runs(from.withSecond(0), to.withSecond(0));
      Schedule schedule = new Schedule(text);
      assertThat(schedule.next(from, expected.size())).as(change).isEqualTo(expected);
      assertThat(schedule.runs(from, to)).as(change).isEqualTo(expected.size());
      seen += expected.size();
    }
    assertThat(seen).isPositive();
  }

  @Test
  void runsAFixedTimeInTheSpringGapRightAfterIt() {
    assertThat(next("30 2 * * *", "2027-03-27T12:00", 2))
        .containsExactly("2027-03-28T03:00+02:00", "2027-03-29T02:30+02:00");
  }

  @Test
  void runsEachOfTwoFixedTimesInTheSpringGap() {
    assertThat(next("0,30 2 * * *", "2027-03-28T00:00", 3))
        .containsExactly(
            "2027-03-28T03:00+02:00", "2027-03-28T03:00+02:00", "2027-03-29T02:00+02:00");
  }

  @Test
  void leavesOutAWildcardTimeInTheSpringGap() {
    assertThat(next("*/30 2 * * *", "2027-03-28T00:00", 1))
        .containsExactly("2027-03-29T02:00+02:00");
  }

  @Test
  void runsAFixedTimeInTheAutumnHourOnce() {
    assertThat(next("30 2 * * *", "2027-10-31T00:00", 2))
        .containsExactly("2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00");
  }

  @Test
  void runsAWildcardTimeInTheAutumnHourTwice() {
    assertThat(next("30 * * * *", "2027-10-31T02:00", 2))
        .containsExactly("2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00");
  }

  @Test
  void takesAStarLaterInAFieldAsAFixedTime() {
    assertThat(next("30 2,* * * *", "2027-10-31T02:00", 3))
        .containsExactly(
            "2027-10-31T02:30+02:00", "2027-10-31T03:30+01:00", "2027-10-31T04:30+01:00");
  }

  @Test
  void findsWhatComesOnceInYears() {
    assertThat(next("0 0 29 2 *", "2027-01-01T00:00", 3))
        .containsExactly(
            "2028-02-29T00:00+01:00", "2032-02-29T00:00+01:00", "2036-02-29T00:00+01:00");
    assertThat(next("@yearly", "2027-01-01T00:00", 1)).containsExactly("2028-01-01T00:00+01:00");
  }

  @Test
  void takesADayByEitherFieldUnlessOneBeginsWithAStar() {
    assertThat(next("0 0 13 * 5", "2027-08-01T00:00", 3))
        .containsExactly(
            "2027-08-06T00:00+02:00", "2027-08-13T00:00+02:00", "2027-08-20T00:00+02:00");
    assertThat(next("0 0 13 * */5", "2027-08-01T00:00", 2))
        .containsExactly("2027-08-13T00:00+02:00", "2028-02-13T00:00+01:00");
  }

  private static List<String> next(String schedule, String after, int count) {
    ZonedDateTime from = ZonedDateTime.parse(after + "Z[UTC]").withZoneSameLocal(BERLIN);
    return new Schedule(schedule)
        .next(from, count).stream().map(time -> time.toOffsetDateTime().toString()).toList();
  }

  @Test
  void stopsCountingAtTheEnd() {
    ZonedDateTime seven = ZonedDateTime.parse("2027-06-01T07:00+02:00[Europe/Berlin]");
    assertThat(new Schedule("0 7 * * *").runs(seven, seven.plusDays(31))).isEqualTo(31);
    assertThat(new Schedule("0 7 * * *").runs(seven, seven.plusDays(31).minusMinutes(1)))
        .isEqualTo(30);
  }

  @Test
  void writesOneSpaceBetweenFields() {
    assertThat(new Schedule(" 0  7\t* * mon-FRI ")).hasToString("0 7 * * mon-FRI");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "60 * * * *    | bad minute \"60\": outside 0 to 59",
        "5/10 * * * *  | bad minute \"5/10\": a step needs * or a range before it",
        "*/0 * * * *   | bad minute \"*/0\": a step of 0",
        "0 24 * * *    | bad hour \"24\": outside 0 to 23",
        "0 22-6 * * *  | bad hour \"22-6\": runs backwards, from 22 to 6",
        "0 0 0 * *     | bad day-of-month \"0\": outside 1 to 31",
        "0 0 L * *     | bad day-of-month \"L\": no number from 1 to 31",
        "0 0 ? * *     | bad day-of-month \"?\": not a number, a range (1-5), * or */5",
        "0 0 1, * *    | bad day-of-month \"\": not a number, a range (1-5), * or */5",
        "0 0 * 13 *    | bad month \"13\": outside 1 to 12",
        "0 0 * jane *  | bad month \"jane\": no number from 1 to 12, nor one of"
            + " jan feb mar apr may jun jul aug sep oct nov dec",
        "0 0 * * 8     | bad day-of-week \"8\": outside 0 to 7",
        "0 0 * * mon#1 | bad day-of-week \"mon#1\": not a number, a range (1-5), * or */5",
        "0 0 31 2 *    | bad day-of-month \"31\": never comes in month 2",
        "0 0 30 feb */2| bad day-of-month \"30\": never comes in month feb",
        "0 0 31 4,6 *  | bad day-of-month \"31\": never comes in month 4,6",
        "0 7 * *       | bad schedule \"0 7 * *\": no day-of-week;"
            + " it is minute hour day-of-month month day-of-week",
        "0 7 * * * *   | bad schedule \"0 7 * * * *\": more than five fields;"
            + " it is minute hour day-of-month month day-of-week",
        "@Daily        | bad schedule \"@Daily\": not known; use five fields or"
            + " @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly",
        "@reboot       | bad schedule \"@reboot\": has no time; use five fields or"
            + " @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly",
      })
  void refusesAndNamesTheField(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Schedule(text)).withMessage(message);
  }

  @Test
  void refusesANewlineInOneLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule("0 7 * * 1-5\n* * * * *"))
        .withMessage("bad schedule \"0 7 * * 1-5\\n* * * * *\": a newline in it");
  }
}
