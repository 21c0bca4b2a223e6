package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a reply asks to wait, whatever it says. */
class RetryDelayTest {
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "7, PT7S",
    "0.25, PT0.25S",
    "+3, PT3S",
    "-1, PT0S",
    "-1e99, PT0S",
    "1e-999999999, PT0S",
    "1000000, PT277H46M40S",
    "'Fri, 20 Nov 2026 08:00:30 GMT', PT30S",
    "'Fri, 20 Nov 2026 07:59:59 GMT', PT0S",
    "'Sun, 06 Nov 1994 08:49:37 GMT', PT0S",
  })
  void followsRetryAfter(String value, Duration wait) {
    assertThat(RetryDelay.after(Map.of("retry-after", value), 1, NOW)).isEqualTo(wait);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99", "99999999999999999999999", "1e999999999"})
  void waitsForAYearAtTheLeastWhereANumberIsBeyondAllUse(String value) {
    assertThat(RetryDelay.after(Map.of("retry-after", value), 1, NOW))
        .isGreaterThanOrEqualTo(Duration.ofDays(365))
        .isLessThan(Duration.ofDays(400_000));
    assertThat(RetryDelay.after(Map.of("retry-after-ms", value), 1, NOW))
        .isEqualTo(Duration.ofDays(365));
  }

  @Test
  void prefersMilliseconds() {
    assertThat(RetryDelay.after(Map.of("retry-after-ms", "1500", "retry-after", "9"), 1, NOW))
        .isEqualTo(Duration.ofMillis(1500));
    assertThat(RetryDelay.after(Map.of("retry-after-ms", "soon", "retry-after", "9"), 1, NOW))
        .isEqualTo(Duration.ofSeconds(9));
  }

  @ParameterizedTest
  @CsvSource({"1, 250, 500", "2, 500, 1000", "3, 1000, 2000", "5, 4000, 8000", "6, 4000, 8000"})
  void doublesFromHalfASecondToEightWithJitter(int attempt, long least, long most) {
    for (int i = 0; i < 200; i++) {
      assertThat(RetryDelay.after(Map.of(), attempt, NOW).toMillis()).isBetween(least, most);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "",
        " ",
        "soon",
        "1, 2",
        "0x10",
        "1e99999999999",
        "Fri, 20 Nov"
      })
  void takesItsOwnWaitWhereTheReplySaysNone(String value) {
    assertThat(RetryDelay.after(Map.of("retry-after", value), 1, NOW).toMillis())
        .isBetween(250L, 500L);
    assertThat(RetryDelay.after(Map.of("retry-after", value), Integer.MAX_VALUE, NOW).toMillis())
        .isBetween(4000L, 8000L);
  }
}
