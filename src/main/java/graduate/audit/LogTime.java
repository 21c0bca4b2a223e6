package graduate.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Moments as the log has them: RFC 3339 in UTC with milliseconds. */
public final class LogTime {
  private static final String FORM = "0000-00-00T00:00:00.000Z";

  private LogTime() {}

  /** The moment in that form; what is less than a millisecond is cut off. */
  public static String of(Instant moment) {
    // One nanosecond more has the library print every digit.
    Instant more = moment.truncatedTo(ChronoUnit.MILLIS).plusNanos(1);
    String digits = LocalDateTime.ofInstant(more, ZoneOffset.UTC).toString();
    return digits.substring(0, FORM.length() - 1) + "Z";
  }

  /** The moment that {@code text} names; empty where it is not in that form. */
  public static Optional<Instant> parse(String text) {
    // By hand, for a log has many, and the library's formatters take longer than the rest of a
    // line.
    for (int i = 0; i < FORM.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (FORM.charAt(i) == '0' ? c < '0' || c > '9' : c != FORM.charAt(i)) {
        return Optional.empty();
      }
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19),
              number(text, 20, 23) * 1_000_000);
      return text.length() > FORM.length()
          ? Optional.empty()
          : Optional.of(time.toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The day that {@code text} names, as {@code 2026-11-21}; empty where it names none. */
  public static Optional<LocalDate> date(String text) {
    return parse(text + "T00:00:00.000Z").map(start -> LocalDate.ofInstant(start, ZoneOffset.UTC));
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }
}
