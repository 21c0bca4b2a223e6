package graduate.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Moments as the log has them: RFC 3339 in UTC with milliseconds. */
public final class LogTime {
  private static final Pattern FORM =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  private LogTime() {}

  /** The moment in that form; what is less than a millisecond is cut off. */
  public static String of(Instant moment) {
    // One nanosecond more has the library print every digit.
    Instant more = moment.truncatedTo(ChronoUnit.MILLIS).plusNanos(1);
    String digits = LocalDateTime.ofInstant(more, ZoneOffset.UTC).toString();
    return digits.substring(0, "0000-00-00T00:00:00.000".length()) + "Z";
  }

  /** The moment that {@code text} names; empty where it is not in that form. */
  public static Optional<Instant> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      // By hand: loading the library's formatters takes 15 ms of a run.
      LocalDateTime time =
          LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19),
              number(text, 20, 23) * 1_000_000);
      return Optional.of(time.toInstant(ZoneOffset.UTC));
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
