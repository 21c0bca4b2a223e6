package graduate.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a crontab line runs, as crontab(5) of Debian's cron 3.0pl1 has it, in local time: what cron
 * does when the clock is put forward or back is left out.
 */
public final class Schedule {
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final Field DAY_OF_WEEK =
      new Field("day of week", 0, 7, "sun mon tue wed thu fri sat");
  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, ""),
          new Field("hour", 0, 23, ""),
          new Field("day of month", 1, 31, ""),
          new Field("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
          DAY_OF_WEEK);
  private static final String KINDS =
      "neither five fields (minute, hour, day of month, month, day of week) nor @hourly, @daily,"
          + " @weekly, @monthly or @yearly";

  private final String text;

  /** Of each field, in their order. */
  private final List<BitSet> numbers = new ArrayList<>();

  private final boolean bothDays;

  /**
   * Reads five fields, or a nickname such as {@code @daily}.
   *
   * @throws IllegalArgumentException with one line that names the bad field; also where no day is
   *     ever right (31 February), and for {@code @reboot}, which has no time
   */
  public Schedule(String text) {
    this.text = String.join(" ", words(text));
    List<String> fields = words(NICKNAMES.getOrDefault(this.text, this.text));
    if (fields.size() != FIELDS.size()) {
      throw bad("schedule", text, KINDS);
    }
    for (Field field : FIELDS) {
      numbers.add(field.parse(fields.get(numbers.size())));
    }
    bothDays = fields.get(2).startsWith("*") || fields.get(4).startsWith("*");
    // Every date and weekday that go together do so within 28 years without a century's leap.
    LocalDate first = LocalDate.of(2000, 1, 1);
    if (first.datesUntil(first.plusYears(28)).noneMatch(this::comesOn)) {
      throw bad("day of month", fields.get(2), "never comes in month " + fields.get(3));
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static IllegalArgumentException bad(String what, String value, String problem) {
    return new IllegalArgumentException(
        "bad " + what + " \"" + value.replace("\n", "\\n") + "\": " + problem);
  }

  /** Whether a day is right: by both its fields where one begins with {@code *}, else by either. */
  private boolean comesOn(LocalDate date) {
    boolean day = numbers.get(2).get(date.getDayOfMonth());
    boolean weekday = numbers.get(4).get(date.getDayOfWeek().getValue());
    return numbers.get(3).get(date.getMonthValue()) && (bothDays ? day && weekday : day || weekday);
  }

  /** All runs later than a moment, without end. */
  public Stream<LocalDateTime> after(LocalDateTime moment) {
    return Stream.iterate(moment.toLocalDate(), day -> day.plusDays(1))
        .filter(this::comesOn)
        .flatMap(day -> numbers.get(1).stream().mapToObj(hour -> day.atTime(hour, 0)))
        .flatMap(hour -> numbers.get(0).stream().mapToObj(hour::plusMinutes))
        .filter(time -> time.isAfter(moment));
  }

  /** The schedule as it stands in the line, one space between its fields. */
  @Override
  public String toString() {
    return text;
  }

  /** One of the five fields: its bounds, and words for its numbers. */
  private record Field(String label, int low, int high, String words) {
    private static final Pattern RANGE =
        Pattern.compile(
            "(?<only>\\w+)|(?:\\*|(?<from>\\w+)-(?<to>\\w+))(?:/(?<step>0*[1-9]\\d{0,3}))?");

    /**
     * The numbers that a list of ranges stands for.
     *
     * <p>Two things that Debian's cron lets pass are refused, since they do not run as they read:
     * it drops what follows a range ({@code *5} is every minute), and a backward range ({@code
     * sat-sun} is 6 to 0) never comes.
     */
    BitSet parse(String list) {
      BitSet numbers = new BitSet();
      for (String range : list.split(",", -1)) {
        Matcher parts = RANGE.matcher(range);
        if (!parts.matches()) {
          throw bad(label, range, "not a number, a range (1-5), * or */5");
        }
        String only = parts.group("only");
        int first = number(range, only == null ? parts.group("from") : only, low);
        int last = number(range, only == null ? parts.group("to") : only, high);
        if (last < first) {
          throw bad(label, range, "runs backwards, from " + first + " to " + last);
        }
        int step = parts.group("step") == null ? 1 : Integer.parseInt(parts.group("step"));
        for (int i = first; i <= last; i += step) {
          numbers.set(i);
        }
      }
      if (equals(DAY_OF_WEEK) && numbers.get(0)) { // Sunday is 7, and 0 as well
        numbers.set(7);
      }
      return numbers;
    }

    private int number(String range, @Nullable String text, int otherwise) {
      if (text == null) {
        return otherwise;
      }
      int word = Arrays.asList(words.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
      int number = word >= 0 ? low + word : text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
      if (number < low || number > high) {
        String known = words.isEmpty() ? "" : ", nor one of " + words;
        throw bad(label, range, "no number from " + low + " to " + high + known);
      }
      return number;
    }
  }
}
