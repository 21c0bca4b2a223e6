package graduate.cron;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When a crontab line runs, as crontab(5) and cron(8) of Debian's cron 3.0pl1 have it.
 *
 * <p>A line whose minute and hour both begin with something else than {@code *} has a fixed time.
 * Where the clock is put forward by less than three hours, fixed times in the gap run right after
 * it; where it is put back by up to three hours, they are not repeated. All others follow the new
 * time at once.
 */
public final class Schedule {
  private static final List<Field> FIELDS = List.of(Field.values());
  private static final Map<String, String> NICKNAMES =
      new TreeMap<>(
          Map.of(
              "@yearly", "0 0 1 1 *",
              "@annually", "0 0 1 1 *",
              "@monthly", "0 0 1 * *",
              "@weekly", "0 0 * * 0",
              "@daily", "0 0 * * *",
              "@midnight", "0 0 * * *",
              "@hourly", "0 * * * *"));
  private static final Duration CORRECTION = Duration.ofHours(3);

  private final String text;
  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean fixedTime;
  private final boolean bothDays;

  /**
   * Reads five fields, or a nickname such as {@code @daily}.
   *
   * @throws IllegalArgumentException with one line that names the bad field; also where no day is
   *     ever right (31 February), and for {@code @reboot}, which has no time
   */
  public Schedule(String text) {
    if (text.contains("\n")) {
      throw bad(text.replace("\n", "\\n"), "a newline in it");
    }
    this.text = String.join(" ", words(text));
    List<String> fields = fields(this.text);
    minutes = Field.MINUTE.parse(fields.get(0));
    hours = Field.HOUR.parse(fields.get(1));
    days = Field.DAY_OF_MONTH.parse(fields.get(2));
    months = Field.MONTH.parse(fields.get(3));
    weekdays = Field.DAY_OF_WEEK.parse(fields.get(4));
    fixedTime = !fields.get(0).startsWith("*") && !fields.get(1).startsWith("*");
    bothDays = fields.get(2).startsWith("*") || fields.get(4).startsWith("*");
    if (!everComes()) {
      throw Field.DAY_OF_MONTH.bad(fields.get(2), "never comes in month " + fields.get(3));
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> fields(String text) {
    if (text.startsWith("@")) {
      String fields = NICKNAMES.get(text);
      if (fields == null) {
        String problem = text.equals("@reboot") ? "has no time" : "not known";
        throw bad(text, problem + "; use five fields or " + String.join(", ", NICKNAMES.keySet()));
      }
      return words(fields);
    }
    List<String> fields = words(text);
    if (fields.size() != FIELDS.size()) {
      boolean fewer = fields.size() < FIELDS.size();
      String problem = fewer ? "no " + FIELDS.get(fields.size()) : "more than five fields";
      String needed = FIELDS.stream().map(Field::toString).collect(joining(" "));
      throw bad(text, problem + "; it is " + needed);
    }
    return fields;
  }

  private static IllegalArgumentException bad(String schedule, String problem) {
    return new IllegalArgumentException("bad schedule \"" + schedule + "\": " + problem);
  }

  /** Every date and weekday that go together do so within 28 years without a century's leap. */
  private boolean everComes() {
    LocalDate first = LocalDate.of(2000, 1, 1);
    return first.datesUntil(first.plusYears(28)).anyMatch(this::comesOn);
  }

  /** Whether a day is right: by both its fields where one begins with {@code *}, else by either. */
  private boolean comesOn(LocalDate date) {
    boolean day = days.get(date.getDayOfMonth());
    boolean weekday = weekdays.get(date.getDayOfWeek().getValue());
    return months.get(date.getMonthValue()) && (bothDays ? day && weekday : day || weekday);
  }

  private boolean comesAt(LocalDateTime time) {
    return minutes.get(time.getMinute())
        && hours.get(time.getHour())
        && comesOn(time.toLocalDate());
  }

  /**
   * The next runs after a moment, in its zone. Two fixed times that one gap has moved to the same
   * minute are two runs, so a time may stand there twice.
   */
  public List<ZonedDateTime> next(ZonedDateTime after, int count) {
    List<ZonedDateTime> times = new ArrayList<>();
    for (ZonedDateTime t = minuteAfter(after); times.size() < count; t = onward(t)) {
      times.addAll(Collections.nCopies(Math.min(runsAt(t), count - times.size()), t));
    }
    return times;
  }

  /** How often it runs later than {@code after} and no later than {@code until}. */
  public int runs(ZonedDateTime after, ZonedDateTime until) {
    int runs = 0;
    for (ZonedDateTime t = minuteAfter(after); !t.isAfter(until); t = onward(t)) {
      runs += runsAt(t);
    }
    return runs;
  }

  private static ZonedDateTime minuteAfter(ZonedDateTime time) {
    return time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
  }

  /**
   * The next minute; or the next day, where this one has neither a run nor a clock change. A clock
   * that was put back over midnight shows the end of a day after the next day's start.
   */
  private ZonedDateTime onward(ZonedDateTime time) {
    if (!comesOn(time.toLocalDate())) {
      ZonedDateTime morrow = time.toLocalDate().plusDays(1).atStartOfDay(time.getZone());
      ZoneOffsetTransition change = time.getZone().getRules().nextTransition(time.toInstant());
      boolean quiet = change == null || change.getInstant().isAfter(morrow.toInstant());
      if (quiet && morrow.isAfter(time)) {
        return morrow;
      }
    }
    return time.plusMinutes(1);
  }

  private int runsAt(ZonedDateTime time) {
    LocalDateTime local = time.toLocalDateTime();
    if (!fixedTime) {
      return comesAt(local) ? 1 : 0;
    }
    if (repeated(time)) {
      return 0;
    }
    int runs = 0;
    for (LocalDateTime t = local.minus(skippedBefore(time));
        !t.isAfter(local);
        t = t.plusMinutes(1)) {
      runs += comesAt(t) ? 1 : 0;
    }
    return runs;
  }

  /** Whether the clock has shown this minute before, and the daemon waits for it to catch up. */
  private static boolean repeated(ZonedDateTime time) {
    ZoneOffsetTransition change = time.getZone().getRules().getTransition(time.toLocalDateTime());
    return change != null
        && change.isOverlap()
        && time.getOffset().equals(change.getOffsetAfter())
        && change.getDuration().abs().compareTo(CORRECTION) <= 0;
  }

  /** How much the clock has skipped just before this minute; nothing where cron gives it up. */
  private static Duration skippedBefore(ZonedDateTime time) {
    LocalDateTime before = time.minusMinutes(1).toLocalDateTime();
    Duration skipped = Duration.between(before.plusMinutes(1), time.toLocalDateTime());
    return skipped.isNegative() || skipped.compareTo(CORRECTION) >= 0 ? Duration.ZERO : skipped;
  }

  /** The schedule as it stands in the line, one space between its fields. */
  @Override
  public String toString() {
    return text;
  }
}
