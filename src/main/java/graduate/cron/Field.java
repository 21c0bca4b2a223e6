package graduate.cron;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the five fields: the name that cron gives it, its bounds, and words for its numbers. */
enum Field {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day-of-month", 1, 31, ""),
  MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  /** Sunday is 0 and 7. */
  DAY_OF_WEEK("day-of-week", 0, 7, "sun mon tue wed thu fri sat");

  private static final Pattern RANGE =
      Pattern.compile("(?:\\*|(?<from>\\w+)(?:-(?<to>\\w+))?)(?:/(?<step>\\d+))?");

  private final String label;
  private final int low;
  private final int high;
  private final String words;

  Field(String label, int low, int high, String words) {
    this.label = label;
    this.low = low;
    this.high = high;
    this.words = words;
  }

  /**
   * The numbers that a list of ranges stands for, as crontab(5) has it.
   *
   * <p>Two things that Debian's cron lets pass are refused, since they do not run as they read: it
   * drops what follows a range ({@code *5} is every minute), and a backward range ({@code sat-sun}
   * is 6 to 0) never comes.
   *
   * @throws IllegalArgumentException naming this field
   */
  BitSet parse(String list) {
    BitSet numbers = new BitSet();
    for (String range : list.split(",", -1)) {
      Matcher parts = RANGE.matcher(range);
      if (!parts.matches()) {
        throw bad(range, "not a number, a range (1-5), * or */5");
      }
      add(range, parts, numbers);
    }
    if (this == DAY_OF_WEEK && (numbers.get(0) || numbers.get(7))) {
      numbers.set(0);
      numbers.set(7);
    }
    return numbers;
  }

  private void add(String range, Matcher parts, BitSet numbers) {
    String from = parts.group("from");
    String to = parts.group("to");
    String step = parts.group("step");
    if (from != null && to == null && step != null) {
      throw bad(range, "a step needs * or a range before it");
    }
    int first = from == null ? low : number(range, from);
    int last = from == null ? high : to == null ? first : number(range, to);
    if (last < first) {
      throw bad(range, "runs backwards, from " + first + " to " + last);
    }
    int every = step == null ? 1 : integer(range, step);
    if (every == 0) {
      throw bad(range, "a step of 0");
    }
    for (long i = first; i <= last; i += every) {
      numbers.set((int) i);
    }
  }

  private int number(String range, String text) {
    int word = Arrays.asList(words.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
    if (word >= 0) {
      return low + word;
    }
    int number = integer(range, text);
    if (number < low || number > high) {
      throw bad(range, "outside " + low + " to " + high);
    }
    return number;
  }

  private int integer(String range, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      String known = words.isEmpty() ? "" : ", nor one of " + words;
      throw bad(range, "no number from " + low + " to " + high + known);
    }
  }

  IllegalArgumentException bad(String value, String problem) {
    return new IllegalArgumentException("bad " + label + " \"" + value + "\": " + problem);
  }

  @Override
  public String toString() {
    return label;
  }
}
