package graduate.prompt;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
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
  private static final Map<String, Integer> MILLIS =
      Map.of("ms", 1, "s", 1_000, "m", 60_000, "h", 3_600_000, "d", 86_400_000);

  private Durations() {}

  /**
   * How long a run may wait for its answer: more than nothing, and a day at the most, for a call
   * that is held can't be settled before its time is over.
   */
  public static Optional<Duration> wait(String text) {
    return parse(text).filter(time -> !time.isZero() && time.compareTo(LONGEST_WAIT) <= 0);
  }

  /** The time that {@code text} names, seconds where it names no unit; empty where it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher time = FORM.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    int unit = MILLIS.getOrDefault(String.valueOf(time.group(2)), 1_000);
    BigDecimal millis = new BigDecimal(time.group(1)).multiply(BigDecimal.valueOf(unit));
    return Optional.of(Duration.ofMillis(millis.longValue()));
  }
}
