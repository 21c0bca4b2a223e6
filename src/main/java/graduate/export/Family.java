package graduate.export;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A recurring prompt: its runs, the oldest first, and what they say of its use. */
public final class Family {
  private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ISO_OFFSET_DATE_TIME;
  private static final int SPAN_DAYS = 30;
  private static final int DAILY_DAYS = 25;
  private static final int BULK_RUNS = 20;

  private final String name;
  private final List<Run> runs;
  private final List<ZonedDateTime> times = new ArrayList<>();
  private final List<Integer> inHour = new ArrayList<>();
  private final List<Optional<String>> kept;

  /** What changes from run to run. */
  public enum Varies {
    END,
    START,
    MIDDLE,
    ATTACHMENT,
    ALL,
    NOTHING
  }

  /**
   * @param zone whose days and weeks count
   */
  Family(String name, List<Run> runs, ZoneId zone) {
    this.name = name;
    this.runs = runs;
    this.kept = Wording.kept(runs);
    for (Run run : runs) {
      if (run.time() > 0) {
        times.add(Instant.ofEpochSecond((long) run.time()).atZone(zone));
      }
    }
    for (int i = 0, from = 0; i < times.size(); i++) {
      while (times.get(from).isBefore(times.get(i).minusHours(1))) {
        from++;
      }
      inHour.add(i - from + 1);
    }
  }

  public String name() {
    return name;
  }

  List<Run> runs() {
    return runs;
  }

  public int size() {
    return runs.size();
  }

  /** The ids of its conversations, each once, in the order of their first runs. */
  public List<String> conversationIds() {
    return runs.stream().map(run -> run.head().id()).distinct().toList();
  }

  /** When it was first run (RFC 3339), or null where the export has no time. */
  public @Nullable String first() {
    return times.isEmpty() ? null : RFC_3339.format(times.get(0));
  }

  /** When it was last run, likewise. */
  public @Nullable String last() {
    return times.isEmpty() ? null : RFC_3339.format(times.get(times.size() - 1));
  }

  /** From its first day to its last, after a comma; empty where the export has no time. */
  public String span() {
    String from = times.isEmpty() ? "" : ", " + times.get(0).toLocalDate() + " to ";
    return from.isEmpty() ? "" : from + times.get(times.size() - 1).toLocalDate();
  }

  /** The newest wording. */
  public String newestText() {
    return runs.get(runs.size() - 1).text();
  }

  /** What of the newest wording stays from run to run; where nothing does, all of it. */
  public String fixedText() {
    String fixed = kept.stream().flatMap(Optional::stream).collect(Collectors.joining("\n"));
    return fixed.isEmpty() ? newestText() : fixed;
  }

  /** What changes in the newest message against the ten newest, by whole lines and sentences. */
  public Varies varies() {
    if (kept.stream().allMatch(Optional::isPresent)) {
      return runs.stream().anyMatch(Run::attached) ? Varies.ATTACHMENT : Varies.NOTHING;
    }
    if (kept.stream().noneMatch(Optional::isPresent)) {
      return Varies.ALL;
    }
    Varies behind = kept.get(kept.size() - 1).isPresent() ? Varies.MIDDLE : Varies.END;
    return kept.get(0).isEmpty() ? Varies.START : behind;
  }

  /** One of its messages with the input cut out of it, where the runs show where it stands. */
  Wording.@Nullable Parts parts(String message) {
    List<String> texts = runs.stream().map(Run::text).toList();
    return Wording.parts(message, texts, varies() != Varies.START, varies() != Varies.END);
  }

  /** The most days with a run, of any 30 in a row. */
  public int activeDaysIn30() {
    TreeSet<LocalDate> days = new TreeSet<>();
    times.forEach(time -> days.add(time.toLocalDate()));
    return days.stream()
        .mapToInt(day -> days.subSet(day, day.plusDays(SPAN_DAYS)).size())
        .max()
        .orElse(0);
  }

  /** The most runs within 60 minutes. */
  public int mostInAnHour() {
    return inHour.stream().mapToInt(n -> n).max().orElse(0);
  }

  /**
   * The symptoms that its times show: daily is 25 or more of some 30 days, in bulk is 20 or more
   * runs within an hour in at least half of its weeks.
   */
  public Set<Symptom> measured() {
    Set<Symptom> measured = EnumSet.noneOf(Symptom.class);
    if (activeDaysIn30() >= DAILY_DAYS) {
      measured.add(Symptom.DAILY);
    }
    Set<LocalDate> bulky = new HashSet<>();
    for (int i = 0; i < times.size(); i++) {
      if (inHour.get(i) >= BULK_RUNS) {
        bulky.add(week(times.get(i)));
      }
    }
    TreeSet<LocalDate> weeks = new TreeSet<>(times.stream().map(Family::week).toList());
    if (!bulky.isEmpty()
        && bulky.size() * 2L > ChronoUnit.WEEKS.between(weeks.first(), weeks.last())) {
      measured.add(Symptom.BULK);
    }
    return measured;
  }

  private static LocalDate week(ZonedDateTime time) {
    return time.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }
}
