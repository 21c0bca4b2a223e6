package graduate.export;

import static graduate.export.Chat.DAY;
import static graduate.export.Chat.MONDAY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.export.Conversation.Head;
import graduate.export.Family.Varies;
import graduate.export.Wording.Parts;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a family's runs say of its use, what it is called, and where its input stands. */
class FamilyTest {
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final Head HEAD = new Head("c", "Title", 0, 0, null, null, "a.json", 0);

  @Test
  void countsTheActiveDaysOfTheBestThirty() {
    assertThat(at(days(0, 0, 1, 5, 5, 9)).activeDaysIn30()).isEqualTo(4);
    assertThat(at(days(0, 29, 30, 31)).activeDaysIn30()).isEqualTo(3);
    assertThat(at(days(0, 29)).activeDaysIn30()).isEqualTo(2);
    assertThat(at(days(0, 30)).activeDaysIn30()).isEqualTo(1);
  }

  @Test
  void countsLocalDays() {
    double evening = MONDAY + 10 * 3600;

    assertThat(at(evening, evening + 3 * 3600).activeDaysIn30()).isEqualTo(2);
    assertThat(in(ZoneId.of("America/Los_Angeles"), evening, evening + 3 * 3600).activeDaysIn30())
        .isEqualTo(1);
  }

  @Test
  void isDailyFrom25DaysIn30() {
    double[] days = new double[25];
    for (int i = 0; i < 25; i++) {
      days[i] = MONDAY + i * DAY;
    }
    assertThat(at(days).measured()).containsExactly(Symptom.DAILY);
    days[24] = days[23];
    assertThat(at(days).measured()).isEmpty();
  }

  @Test
  void countsTheMostRunsInAnHour() {
    assertThat(at(1, 1801, 3601, 5401, 9001, 9002).mostInAnHour()).isEqualTo(3);
    assertThat(at(1, 3602).mostInAnHour()).isEqualTo(1);
  }

  @Test
  void isBulkWhereHalfOfTheWeeksHaveTwentyInAnHour() {
    List<Double> times = new ArrayList<>();
    burst(times, 0, 20);
    assertThat(at(times).measured()).containsExactly(Symptom.BULK);
    burst(times, 7, 19);
    assertThat(at(times).measured()).containsExactly(Symptom.BULK);
    burst(times, 14, 19);
    assertThat(at(times).measured()).isEmpty();
    burst(times, 21, 20);
    assertThat(at(times).measured()).containsExactly(Symptom.BULK);
    burst(times, 35, 1);
    assertThat(at(times).measured()).isEmpty();
  }

  @Test
  void countsNoDayWhereTheExportHasNoTime() {
    Family untimed = at(0, 0, 0);
    assertThat(untimed.size()).isEqualTo(3);
    assertThat(untimed.first()).isNull();
    assertThat(untimed.last()).isNull();
    assertThat(untimed.activeDaysIn30()).isZero();
    assertThat(untimed.mostInAnHour()).isZero();
    assertThat(untimed.measured()).isEmpty();

    assertThat(at(0, MONDAY).first()).isEqualTo("2026-03-02T12:00:00Z");
  }

  @Test
  void saysWhatChanges() {
    assertThat(varies("Do it well.\n\n%s")).isEqualTo(Varies.END);
    assertThat(varies("%s\n\nDo it well.")).isEqualTo(Varies.START);
    assertThat(varies("Do it.\n---\n%s\n---")).isEqualTo(Varies.MIDDLE);
    assertThat(varies("%s")).isEqualTo(Varies.ALL);
    assertThat(varies("Do it.")).isEqualTo(Varies.NOTHING);
    List<Run> runs = List.of(run("Do it.", 0, true), run("Do it.", 1, true));
    assertThat(new Family("name", runs, UTC).varies()).isEqualTo(Varies.ATTACHMENT);
  }

  @Test
  void showsWhatStays() {
    assertThat(family("Do it well.\n\n%s").fixedText()).isEqualTo("Do it well.");
    assertThat(family("%s").fixedText()).isEqualTo("blue");
  }

  @Test
  void cutsAtTheLastBlankLineThatRunsShare() {
    assertThat(
            cut(
                true,
                false,
                "Do it.\n\nKeep numbers.\n\nred\n\ngreen",
                "Do it.\n\nKeep numbers.\n\nblue",
                "Do it.\n\nKeep numbers.\n\npink\n\ngreen"))
        .isEqualTo(new Parts("Do it.\n\nKeep numbers.\n", "red\n\ngreen", ""));
  }

  @Test
  void cutsWhatFollowsTheInput() {
    assertThat(cut(false, true, "red\n\nrose\n\nDo it.", "blue\n\nDo it.", "pink\n\nDo it."))
        .isEqualTo(new Parts("", "red\n\nrose\n", "Do it."));
    assertThat(
            cut(
                true,
                true,
                "Do it.\n\n\nred\n\nrose\n\nNow.\n\nGo.",
                "Do it.\n\n\nblue\n\nNow.\n\nGo.",
                "Do it.\n\n\npink\n\nNow.\n\nGo."))
        .isEqualTo(new Parts("Do it.\n\n", "red\n\nrose\n", "Now.\n\nGo."));
  }

  @Test
  void cutsNothingThatARunWouldNotJoinAgain() {
    assertThat(cut(true, false, "Do.\r\n\r\nred", "Do.\r\n\r\nblue", "Do.\r\n\r\npink")).isNull();
    assertThat(cut(true, true, "Do.\n\nred\n---", "Do.\n\nblue\n---", "Do.\n\npink\n---")).isNull();
  }

  @Test
  void cutsNothingWhereTooFewShareIt() {
    assertThat(cut(true, false, "Do it.\n\nred", "Do it.\n\nred", "Do it.\n\nblue")).isNull();
    assertThat(cut(false, true, "red\n\nDo it.", "blue\n\nDo it.")).isNull();
    assertThat(cut(true, false, "\n\nDo it.", "\n\nblue", "\n\npink")).isNull();
    assertThat(cut(true, false, "Do it.\n\n ", "Do it.\n\nblue", "Do it.\n\npink")).isNull();
  }

  @Test
  void cutsNothingThatOnlyAFewOfManyShare() {
    List<String> others =
        new ArrayList<>(List.of("Do it.\n\nDear Ann,\n\nred", "Do it.\n\nDear Ann,\n\npink"));
    for (int i = 0; i < 9; i++) {
      others.add("Do it.\n\nDear " + i + ",\n\nblue");
    }

    Parts parts = cut(true, false, "Do it.\n\nDear Ann,\n\nblue", others.toArray(String[]::new));

    assertThat(parts).isEqualTo(new Parts("Do it.\n", "Dear Ann,\n\nblue", ""));
  }

  @Test
  void cutsALongMessageWhereItsMiddleDiffers() {
    String long1 = "x".repeat(20_000);
    String text = "Do it.\n\n" + long1 + "a" + long1 + "\n\nDear Ann,\n\nred";

    Parts parts = cut(true, false, text, text.replace("xax", "xbx"), text.replace("xax", "xcx"));

    assertThat(Objects.requireNonNull(parts).prompt()).isEqualTo("Do it.\n");
  }

  @Test
  void namesByTheSentenceThatStays() {
    List<Run> runs =
        List.of(
            run("From: a@b.example\n\nTurn the mail above into JSON.", 0, false),
            run("From: c@d.example\n\nTurn the mail above into JSON.", 1, false));

    assertThat(Wording.fixedName(runs)).isEqualTo("turn-the-mail-above-into-json");
  }

  @Test
  void makesFileNamesOfLettersDigitsAndHyphens() {
    assertThat(Wording.slug("  Ops: Q3/2026 — naïve_test! ")).isEqualTo("ops-q3-2026-naïve_test");
    assertThat(Wording.slug("../../etc/passwd")).isEqualTo("etc-passwd");
    assertThat(Wording.slug("日".repeat(40))).isEqualTo("日".repeat(20));
    assertThat(Wording.slug("one two three four five six seven"))
        .isEqualTo("one-two-three-four-five-six");
    assertThat(Wording.slug("?! 2026")).isEmpty();
    assertThat(Wording.name("2026", "?!")).isEqualTo("prompt");
  }

  @Test
  void keepsTheMarksOfALetter() {
    assertThat(Wording.slug("साप्ताहिक रिपोर्ट")).isEqualTo("साप्ताहिक-रिपोर्ट");
    assertThat(Wording.slug("รายงานประจำสัปดาห์")).isEqualTo("รายงานประจําสัปดาห์");
    assertThat(Wording.slug("❤\uFE0F Recipes")).isEqualTo("recipes");
    assertThat(Wording.slug("ก".repeat(19) + "ก่")).isEqualTo("ก".repeat(19));
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
    return in(UTC, times);
  }

  private static Family in(ZoneId zone, double... times) {
    List<Run> runs = new ArrayList<>();
    for (double time : times) {
      runs.add(run("text", time, false));
    }
    return new Family("name", runs, zone);
  }

  /** Of three runs, in each of which something else stands in place of {@code %s}. */
  private static Family family(String text) {
    List<Run> runs = new ArrayList<>();
    for (String input : List.of("red", "green", "blue")) {
      runs.add(run(text.replace("%s", input), runs.size(), false));
    }
    return new Family("name", runs, UTC);
  }

  private static Varies varies(String text) {
    return family(text).varies();
  }

  private static @Nullable Parts cut(
      boolean startStays, boolean endStays, String text, String... others) {
    return Wording.parts(text, List.of(others), startStays, endStays);
  }

  private static Run run(String text, double time, boolean attached) {
    byte[] utf8 = text.getBytes(UTF_8);
    return new Run(HEAD, "n" + time, time, attached, true, false, new String(utf8, ISO_8859_1));
  }
}
