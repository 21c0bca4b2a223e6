package graduate.openai;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: as the server says, else doubling from half a second.
 */
public final class RetryDelay {
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(365).toMillis());
  private static final long FIRST_MS = 500;
  private static final long LAST_MS = 8_000;

  private RetryDelay() {}

  /**
   * The wait after a reply.
   *
   * @param headers of the reply, in lower case
   * @param attempt the number of the attempt that failed, from 1
   * @return 0 or more
   */
  public static Duration after(Map<String, String> headers, int attempt, Instant now) {
    return millis(headers.getOrDefault("retry-after-ms", ""), 1)
        .or(() -> millis(headers.getOrDefault("retry-after", ""), 1_000))
        .or(() -> date(headers.getOrDefault("retry-after", ""), now))
        .orElseGet(() -> backoff(attempt));
  }

  private static Duration backoff(int attempt) {
    long whole = Math.min(LAST_MS, FIRST_MS << Math.min(attempt - 1, 10));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(whole / 2, whole + 1));
  }

  private static Optional<Duration> millis(String value, long unit) {
    try {
      BigDecimal number = new BigDecimal(value.trim());
      BigDecimal clamped = number.max(BigDecimal.ZERO).min(LONGEST);
      return Optional.of(Duration.ofMillis(clamped.multiply(BigDecimal.valueOf(unit)).longValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String value, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(then.isBefore(now) ? Duration.ZERO : Duration.between(now, then));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
