package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "90, PT90S",
    "90s, PT90S",
    "250ms, PT0.25S",
    "1.5s, PT1.5S",
    "0.25h, PT15M",
    "15m, PT15M",
    "26h, PT26H",
    "2d, PT48H",
    "999999999d, P999999999D",
  })
  void readsATime(String text, Duration time) {
    assertThat(Durations.parse(text)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "-1s",
        "+1s",
        "1 s",
        " 1s",
        "1S",
        "1w",
        "1h30m",
        "1e3",
        ".5s",
        "1.",
        "1,5s",
        "1.2345s",
        "1000000000d",
        "NaN",
        "٣s"
      })
  void refusesWhatIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1ms, true", "1d, true", "24h, true", "0, false", "0.0d, false", "24.001h, false"})
  void letsARunWaitADayAtTheMost(String text, boolean allowed) {
    assertThat(Durations.wait(text).isPresent()).isEqualTo(allowed);
  }
}
