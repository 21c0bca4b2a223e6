package graduate.export;

import static graduate.export.Chat.DAY;
import static graduate.export.Chat.MONDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a family's runs say of its use, and how its wordings compare. */
class FamilyTest {
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final Head HEAD = new Head("c", "Title", 0, 0, null, null, "a.json", 0);

  @Test
  void countsTheActiveDaysOfTheBestThirty() {
    assertThat(at(days(0, 0, 1, 5, 5, 9)).activeDaysIn30(UTC)).isEqualTo(4);
    assertThat(at(days(0, 29, 30, 31)).activeDaysIn30(UTC)).isEqualTo(3);
    assertThat(at(days(0, 29)).activeDaysIn30(UTC)).isEqualTo(2);
    assertThat(at(days(0, 30)).activeDaysIn30(UTC)).isEqualTo(1);
  }

  @Test
  void countsLocalDays() {
    double evening = MONDAY + 10 * 3600;
    Family family = at(evening, evening + 3 * 3600);

    assertThat(family.activeDaysIn30(UTC)).isEqualTo(2);
    assertThat(family.activeDaysIn30(ZoneId.of("America/Los_Angeles"))).isEqualTo(1);
  }

  @Test
  void isDailyFrom25DaysIn30() {
    double[] days = new double[25];
    for (int i = 0; i < 25; i++) {
      days[i] = MONDAY + i * DAY;
    }
    assertThat(at(days).daily(UTC)).isTrue();
    days[24] = days[23];
    assertThat(at(days).daily(UTC)).isFalse();
  }

  @Test
  void countsTheMostRunsInAnHour() {
    assertThat(at(0, 1800, 3600, 5400, 9000, 9001).mostInAnHour()).isEqualTo(3);
    assertThat(at(0, 3601).mostInAnHour()).isEqualTo(1);
  }

  @Test
  void isBulkWhereHalfOfTheWeeksHaveTwentyInAnHour() {
    List<Double> times = new ArrayList<>();
    burst(times, 0, 20);
    assertThat(at(times).bulk(UTC)).isTrue();
    burst(times, 7, 19);
    assertThat(at(times).bulk(UTC)).isTrue();
    burst(times, 14, 19);
    assertThat(at(times).bulk(UTC)).isFalse();
    burst(times, 21, 20);
    assertThat(at(times).bulk(UTC)).isTrue();
    burst(times, 35, 1);
    assertThat(at(times).bulk(UTC)).isFalse();
  }

  @Test
  void saysWhatChanges() {
    assertThat(varies("Do it well.\n\n%s")).isEqualTo(Varies.END);
    assertThat(varies("%s\n\nDo it well.")).isEqualTo(Varies.START);
    assertThat(varies("Do it.\n---\n%s\n---")).isEqualTo(Varies.MIDDLE);
    assertThat(varies("%s")).isEqualTo(Varies.ALL);
    assertThat(varies("Do it.")).isEqualTo(Varies.NOTHING);
    Family attached = new Family("name", List.of(run("Do it.", 0, true), run("Do it.", 1, true)));
    assertThat(attached.varies()).isEqualTo(Varies.ATTACHMENT);
  }

  @Test
  void scoresAPointForEachSymptom() {
    Family seldom = at(MONDAY, MONDAY + DAY);

    Symptoms unasked = Symptoms.of(seldom, UTC, null);
    assertThat(unasked.score()).isZero();
    assertThat(unasked.open()).containsExactly(Symptom.PASTED, Symptom.LOG, Symptom.EVENTS);
    assertThat(unasked.verdict()).isEqualTo("stays in ChatGPT");

    Symptoms two = Symptoms.of(seldom, UTC, EnumSet.of(Symptom.PASTED, Symptom.LOG));
    assertThat(two.open()).isEmpty();
    assertThat(two.verdict()).isEqualTo("your call");

    Set<Symptom> all = EnumSet.of(Symptom.PASTED, Symptom.LOG, Symptom.EVENTS);
    assertThat(Symptoms.of(seldom, UTC, all).verdict()).isEqualTo("graduate it");
  }

  @Test
  void cutsBeforeTheLastBlankLineThatRunsShare() {
    String text = "Do it.\n\nKeep numbers.\n\nred\n\ngreen";
    List<String> like =
        List.of(
            "Do it.\n\nKeep numbers.\n\nblue", "Do it.\n\nKeep numbers.\n\npink\n\ngreen", text);

    int cut = Wording.cut(text, like);

    assertThat(text.substring(0, cut)).isEqualTo("Do it.\n\nKeep numbers.\n");
    assertThat(text.substring(cut + 1)).isEqualTo("red\n\ngreen");
  }

  @Test
  void cutsNothingWhereTooFewShareABeginning() {
    String text = "Do it.\n\nred";

    assertThat(Wording.cut(text, List.of(text, text, "Do it.\n\nblue"))).isEqualTo(-1);
    assertThat(
            Wording.cut("Do it.\r\n\r\nred", List.of("Do it.\r\n\r\nblue", "Do it.\r\n\r\npink")))
        .isEqualTo(-1);
    assertThat(Wording.cut("\n\nDo it.", List.of("\n\nblue", "\n\npink"))).isEqualTo(-1);
    assertThat(Wording.cut("Do it.\n\n ", List.of("Do it.\n\nblue", "Do it.\n\npink")))
        .isEqualTo(-1);
  }

  @Test
  void namesByTheSentenceThatStays() {
    List<Run> runs =
        List.of(
            run("From: a@b.example\n\nTurn the mail above into JSON.", 0, false),
            run("From: c@d.example\n\nTurn the mail above into JSON.", 1, false));

    assertThat(Wording.name(runs)).isEqualTo("turn-the-mail-above-into");
  }

  @Test
  void makesFileNamesOfLettersDigitsAndHyphens() {
    assertThat(Wording.slug("  Ops: Q3/2026 — naïve_test! ", 9, 80))
        .isEqualTo("ops-q3-2026-naïve_test");
    assertThat(Wording.slug("../../etc/passwd", 9, 80)).isEqualTo("etc-passwd");
    assertThat(Wording.slug("日".repeat(40), 9, 80)).isEqualTo("日".repeat(26));
    assertThat(Wording.slug("one two three four", 9, 12)).isEqualTo("one-two");
    assertThat(Wording.slug("?!", 9, 80)).isEmpty();
  }

  private static double[] days(int... days) {
    double[] times = new double[days.length];
    for (int i = 0; i < days.length; i++) {
      times[i] = MONDAY + days[i] * DAY;
    }
    return times;
  }

  private static void burst(List<Double> times, int day, int runs) {
    for (int i = 0; i < runs; i++) {
      times.add(MONDAY + day * DAY + i * 180);
    }
  }

  private static Family at(List<Double> times) {
    return at(times.stream().mapToDouble(t -> t).toArray());
  }

  private static Family at(double... times) {
    List<Run> runs = new ArrayList<>();
    for (double time : times) {
      runs.add(run("text", time, false));
    }
    return new Family("name", runs);
  }

  /** Of three runs, in each of which something else stands in place of {@code %s}. */
  private static Varies varies(String text) {
    List<Run> runs = new ArrayList<>();
    for (String input : List.of("red", "green", "blue")) {
      runs.add(run(text.replace("%s", input), runs.size(), false));
    }
    return new Family("name", runs).varies();
  }

  private static Run run(String text, double time, boolean attached) {
    return new Run(HEAD, "n" + time, time, attached, true, false, text.hashCode(), true, text);
  }
}
