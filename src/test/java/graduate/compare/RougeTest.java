package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each figure is worked out by hand: 2 × what is common ÷ what both have together. */
class RougeTest {
  static Stream<Arguments> examples() {
    return Stream.of(
        // saved, new, ROUGE-1, ROUGE-2, ROUGE-L
        Arguments.of("the cat sat", "the cat sat", 1.0, 1.0, 1.0),
        Arguments.of("", "", null, null, null),
        Arguments.of("a b c", "", 0.0, 0.0, 0.0),
        Arguments.of("", "a", 0.0, null, 0.0),
        Arguments.of("a", "b", 0.0, null, 0.0),
        Arguments.of("a", "a", 1.0, null, 1.0),
        // police killed the gunman / police kill the gunman: 3 of 4; pairs 1 of 3; in order 3
        Arguments.of("police killed the gunman", "police kill the gunman", 0.75, 1 / 3.0, 0.75),
        // the same words elsewhere: all 4; pair "the gunman"; longest in order "the gunman"
        Arguments.of("police killed the gunman", "the gunman killed police", 1.0, 1 / 3.0, 0.5),
        // repeated words count as often as both have them: min(3, 2) of 5; pairs a-a min(2, 1) of 3
        Arguments.of("a a a", "a a", 0.8, 2 / 3.0, 0.8),
        Arguments.of("to be or not to be", "to be", 0.5, 1 / 3.0, 0.5),
        // 天气很好 / 天气不好: 3 characters of 4 each, one pair of 3
        Arguments.of("天气很好", "天气不好。", 0.75, 1 / 3.0, 0.75),
        Arguments.of("Привет, мир", "привет МИР!", 1.0, 1.0, 1.0),
        Arguments.of("¿…? — !!!", "***", null, null, null),
        Arguments.of("…", "yes", 0.0, null, 0.0),
        // common in order: a c e of 5 and 4; single words a c e too; pairs none
        Arguments.of("a b c d e", "a x c e", 6 / 9.0, 0.0, 6 / 9.0));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void agreesWithTheFiguresWorkedOutByHand(
      String saved, String fresh, @Nullable Double one, @Nullable Double two, @Nullable Double l) {
    Vocabulary vocabulary = new Vocabulary();
    Measures measures =
        Measures.between(new AnswerText(saved, vocabulary), new AnswerText(fresh, vocabulary));
    assertSame(measures.rouge1(), one);
    assertSame(measures.rouge2(), two);
    assertSame(measures.rougeL(), l);
  }

  private static void assertSame(@Nullable Double actual, @Nullable Double expected) {
    if (expected == null) {
      assertThat(actual).isNull();
    } else {
      assertThat(actual).isCloseTo(expected, within(1e-12));
    }
  }
}
