package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("base_url", "caps", "max_time", "prices", "request", "retry", "zone");

  @ParameterizedTest
  @CsvSource({
    "max_tim, max_time",
    "maxtime, max_time",
    "Max_Time, max_time",
    "retrys, retry",
    "requests, request",
    "cap, caps",
    "price, prices",
    "baseurl, base_url",
    "zoen, zone",
    "caps, caps",
  })
  void findsTheWordThatWasMeant(String word, String meant) {
    assertThat(Nearest.to(word, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"temperature", "x", "''", "timezone_of_the_user"})
  void guessesNothingFromAfar(String word) {
    assertThat(Nearest.to(word, KNOWN)).isEmpty();
    assertThat(Nearest.hint(word, KNOWN)).isEmpty();
  }

  @Test
  void saysItAsAClause() {
    assertThat(Nearest.hint("cap", KNOWN)).isEqualTo("; did you mean caps?");
  }

  @Test
  void takesTheFirstInTheAlphabetOfTwoThatAreAsNear() {
    assertThat(Nearest.to("ac", List.of("bc", "aa"))).contains("aa");
  }
}
