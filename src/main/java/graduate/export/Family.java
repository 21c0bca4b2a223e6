package graduate.export;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A recurring prompt: its runs, the oldest first, and what they say of its use. */
public final class Family {
  private static final int SPAN_DAYS = 30;
  private static final int DAILY_DAYS = 25;
  private static final int BULK_RUNS = 20;
  private static final double HOUR = 3600;

  private final String name;
  private final List<Run> runs;

  Family(String name, List<Run> runs) {
    this.name = name;
    this.runs = runs;
  }

  public String name() {
    return name;
  }

  List<Run> runs() {
    return runs;
  }

  Run newest() {
    return runs.get(runs.size() - 1);
  }

  public int size() {
    return runs.size();
  }

  /** The ids of its conversations, each once, in the order of their first runs. */
  public List<String> conversationIds() {
    return runs.stream().map(r -> r.head().id()).distinct().toList();
  }

  public ZonedDateTime first(ZoneId zone) {
    return at(runs.get(0), zone);
  }

  public ZonedDateTime last(ZoneId zone) {
    return at(newest(), zone);
  }

  /** The newest wording; the middle of a very long one is left out. */
  public String newestText() {
    return newest().text();
  }

  public Varies varies() {
    return Wording.varies(runs);
  }

  /** The most days of {@code zone} with a run, of any 30 in a row. */
  public int activeDaysIn30(ZoneId zone) {
    TreeSet<LocalDate> days = new TreeSet<>();
    runs.forEach(r -> days.add(at(r, zone).toLocalDate()));
    return days.stream()
        .mapToInt(d -> days.subSet(d, d.plusDays(SPAN_DAYS)).size())
        .max()
        .orElse(0);
  }

  /** The most runs within 60 minutes. */
  public int mostInAnHour() {
    int most = 0;
    for (int i = 0, from = 0; i < runs.size(); i++) {
      from = hourBefore(i, from);
      most = Math.max(most, i - from + 1);
    }
    return most;
  }

  /** Run daily: on 25 or more of some 30 days. */
  public boolean daily(ZoneId zone) {
    return activeDaysIn30(zone) >= DAILY_DAYS;
  }

  /** Run in bulk: 20 times or more within an hour in at least half of its weeks. */
  public boolean bulk(ZoneId zone) {
    Set<LocalDate> weeks = new HashSet<>();
    for (int i = 0, from = 0; i < runs.size(); i++) {
      from = hourBefore(i, from);
      if (i - from + 1 >= BULK_RUNS) {
        weeks.add(week(runs.get(i), zone));
      }
    }
    long all = ChronoUnit.WEEKS.between(week(runs.get(0), zone), week(newest(), zone)) + 1;
    return !weeks.isEmpty() && weeks.size() * 2L >= all;
  }

  /** The first run, from {@code from} on, that is less than an hour before run {@code i}. */
  private int hourBefore(int i, int from) {
    int first = from;
    while (runs.get(i).time() - runs.get(first).time() > HOUR) {
      first++;
    }
    return first;
  }

  private static LocalDate week(Run run, ZoneId zone) {
    LocalDate day = at(run, zone).toLocalDate();
    return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }

  private static ZonedDateTime at(Run run, ZoneId zone) {
    return Instant.ofEpochMilli(Math.round(run.time() * 1000)).atZone(zone);
  }
}
