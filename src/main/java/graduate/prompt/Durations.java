package graduate.prompt;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as people write it: {@code 90}, {@code 90s}, {@code 15m}, {@code 26h}, {@code
 * 2d}.
 */
public final class Durations {
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)?");

  private Durations() {}

  /**
   * How long a run may wait for its answer: more than nothing, and a day at the most, for a call
   * that is held can't be settled before its time is over.
   */
  public static Optional<Duration> wait(String text) {
    Optional<Duration> time = parse(text);
    boolean fits =
        time.isPresent() && !time.get().isZero() && time.get().compareTo(LONGEST_WAIT) <= 0;
    return fits ? time : Optional.empty();
  }

  /** The time that {@code text} names, seconds where it names no unit; empty where it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    long millis =
        switch (unit) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    BigDecimal total = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(millis));
    return Optional.of(Duration.ofMillis(total.longValue()));
  }
}
