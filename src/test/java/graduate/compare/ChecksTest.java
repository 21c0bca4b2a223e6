package graduate.compare;

import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  private static final Checks FACTS = new Checks(null, true, false);
  private static final Checks JSON = new Checks(null, false, true);

  @Test
  void givesNoVerdictWhereNoneIsAskedFor() {
    assertThat(compare("a", "b").failures).isNull();
  }

  @Test
  void holdsTheWordingAgainstANumber() {
    assertThat(failures(wording("0.75"), "a b c d", "a b c x")).isEmpty();
    assertThat(failures(wording("0.76"), "a b c d", "a b c x"))
        .containsExactly("--min-rouge-l 0.76: wording is 0.75");
  }

  @Test
  void neverShowsAFailedScoreAsHighAsItsLimit() {
    String saved = "w ".repeat(999) + "x";
    assertThat(failures(wording("1"), "w ".repeat(999) + "y", saved))
        .containsExactly("--min-rouge-l 1: wording is 0.99");
  }

  @Test
  void holdsTheWordingAgainstTheSavedAnswersThemselves() {
    assertThat(failures(wording("self"), "a b y z", "a b c d", "a b x d")).hasSize(1);
    assertThat(failures(wording("self"), "a b c z", "a b c d", "a b x d")).isEmpty();
    assertThat(failures(wording("self"), "a b y z", "a b c d", "a b x d"))
        .containsExactly("--min-rouge-l self: wording is 0.50, ChatGPT's own at least 0.75");
  }

  @Test
  void failsWhatCannotBeDecided() {
    assertThat(failures(wording("self"), "a b", "a c"))
        .containsExactly("--min-rouge-l self: needs two saved answers with words in them");
    assertThat(failures(wording("0"), "👍", "👎"))
        .containsExactly("--min-rouge-l 0: wording is n/a");
  }

  @Test
  void passesTheSameTextWhateverItsWords() {
    assertThat(failures(wording("self"), "👍", "👍")).isEmpty();
  }

  @Test
  void failsOnMissingFactsAndNotOnExtraOnes() {
    assertThat(failures(FACTS, "on Friday", "on 3 May, 7"))
        .containsExactly("--facts: missing 3 May, 7");
    assertThat(failures(FACTS, "on 3 May, 7", "on Friday")).isEmpty();
  }

  @Test
  void failsWhereJsonDiffersOrThereIsNone() {
    assertThat(failures(JSON, "{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}")).isEmpty();
    assertThat(failures(JSON, "[1]", "[2]")).containsExactly("--json-equal: 1 changed");
    assertThat(failures(JSON, "same text", "same text"))
        .containsExactly("--json-equal: neither answer is JSON");
  }

  @Test
  void namesEveryCheckThatFails() {
    assertThat(failures(new Checks("1", true, true), "a", "b 5")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-0.1", "1.01", "2", "NaN", "1e-1", "Self", "0,5"})
  void refusesALimitThatIsNone(String least) {
    assertThat(Checks.isLimit(least)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1.0", "0.5", ".5", "self"})
  void takesEveryLimitThatIsOne(String least) {
    assertThat(Checks.isLimit(least)).isTrue();
    assertThat(failures(wording(least), "a", "a")).isEmpty();
  }

  private static Checks wording(String least) {
    return new Checks(least, false, false);
  }

  private static List<String> failures(Checks checks, String fresh, String... saved) {
    return Objects.requireNonNull(compare(checks, fresh, saved).failures);
  }
}
