package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Caps as they are written. */
class CapTest {
  @Test
  void isReadAsItIsWritten() {
    String all =
        "{'usd': 0, 'per': 'call'}, {'usd': 1.00, 'per': 'day'}, {'usd': 2.5, 'per': 'month'},"
            + " {'usd': 9, 'per': 'total'}";
    assertThat(read(all))
        .containsExactly(
            new Cap(BigDecimal.ZERO, Cap.Per.CALL),
            new Cap(new BigDecimal("1.00"), Cap.Per.DAY),
            new Cap(new BigDecimal("2.5"), Cap.Per.MONTH),
            new Cap(new BigDecimal("9"), Cap.Per.TOTAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'usd': 1, 'per': 'day'}, {'usd': -0.01, 'per': 'day'}"
            + "|caps[1].usd: must be an amount, 0 or more, not -0.01",
        "{'usd': '1', 'per': 'day'}|caps[0].usd: must be an amount, 0 or more, not '1'",
        "{'usd': 1e999999999, 'per': 'day'}|caps[0].usd: must be an amount, 0 or more, not ",
        "{'usd': 1e-999999999, 'per': 'day'}|caps[0].usd: must be an amount, 0 or more, not ",
        "{'per': 'day'}|caps[0].usd: is missing",
        "{'usd': 1}|caps[0].per: is missing",
        "{'usd': 1, 'per': 2}|caps[0].per: must be a text, not 2",
        "{'usd': 1, 'per': 'week'}|caps[0].per: must be call, day, month or total, not 'week'",
        "{'usd': 1, 'per': 'DAY'}|caps[0].per: must be call, day, month or total, not 'DAY'",
        "{'usd': 1, 'pr': 'day'}|caps[0].pr: no such key; known: per, usd",
      })
  void refusesWhatItDoesNotKnowAndNamesIt(String caps, String problem) {
    assertThatThrownBy(() -> read(caps))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith("graduate.json: " + problem.replace('\'', '"'));
  }

  private static List<Cap> read(String caps) {
    String json = "{\"caps\": [" + caps.replace('\'', '"') + "]}";
    return StrictJson.read("graduate.json", json).objects("caps").stream().map(Cap::of).toList();
  }
}
