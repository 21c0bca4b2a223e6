package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.text.Words;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LcsTest {
  @ParameterizedTest
  @CsvSource({"'','',0", "abc,'',0", "abc,abc,3", "abc,cba,1", "abcbdab,bdcaba,4", "aaaa,aa,2"})
  void findsTheLengthOfKnownExamples(String a, String b, int length) {
    assertThat(length(letters(a), letters(b))).isEqualTo(length);
  }

  @Test
  void agreesWithTheQuadraticTableAcrossBlocksAndVocabularies() {
    Random random = new Random(4);
    for (int round = 0; round < 400; round++) {
      int words = 1 + random.nextInt(60);
      List<String> a =
          random.ints(random.nextInt(300), 0, words).mapToObj(String::valueOf).toList();
      List<String> b =
          random.ints(random.nextInt(300), 0, words).mapToObj(String::valueOf).toList();
      List<Lcs.Match> matches = Lcs.matches(a, b);
      assertThat(matches).hasSize(byTable(a, b));
      assertThat(length(a, b)).isEqualTo(matches.size());
      int last = -1;
      int newLast = -1;
      for (Lcs.Match match : matches) {
        assertThat(a.get(match.first())).isEqualTo(b.get(match.second()));
        assertThat(match.first()).isGreaterThan(last);
        assertThat(match.second()).isGreaterThan(newLast);
        last = match.first();
        newLast = match.second();
      }
    }
  }

  /** Each figure is worked out by hand: 2 × what is common in order ÷ what both have together. */
  @ParameterizedTest
  @CsvSource({
    "the cat sat, the cat sat, 1",
    "a b c, '', 0",
    "'', a, 0",
    "a, b, 0",
    "police killed the gunman, police kill the gunman, 0.75",
    "police killed the gunman, the gunman killed police, 0.5",
    "a a a, a a, 0.8",
    "to be or not to be, to be, 0.5",
    "天气很好, 天气不好。, 0.75",
    "'Привет, мир', привет МИР!, 1",
    "…, yes, 0",
    "a b c d e, a x c e, 0.6666666666666666"
  })
  void agreesWithTheFiguresWorkedOutByHand(String saved, String fresh, double f1) {
    assertThat(Lcs.f1(Words.of(saved), Words.of(fresh))).isEqualTo(f1);
  }

  @Test
  void hasNoScoreWhereNeitherHasAWord() {
    assertThat(Lcs.f1(Words.of("¿…? — !!!"), Words.of("***"))).isNull();
  }

  private static List<String> letters(String text) {
    return text.chars().mapToObj(Character::toString).toList();
  }

  private static int length(List<String> a, List<String> b) {
    Double f1 = Lcs.f1(a, b);
    return f1 == null ? 0 : (int) Math.round(f1 * (a.size() + b.size()) / 2);
  }

  private static int byTable(List<String> a, List<String> b) {
    int[][] length = new int[a.size() + 1][b.size() + 1];
    for (int i = 1; i <= a.size(); i++) {
      for (int j = 1; j <= b.size(); j++) {
        length[i][j] =
            a.get(i - 1).equals(b.get(j - 1))
                ? length[i - 1][j - 1] + 1
                : Math.max(length[i - 1][j], length[i][j - 1]);
      }
    }
    return length[a.size()][b.size()];
  }
}
