package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LcsTest {
  @ParameterizedTest
  @CsvSource({"'','',0", "abc,'',0", "abc,abc,3", "abc,cba,1", "abcbdab,bdcaba,4", "aaaa,aa,2"})
  void findsTheLengthOfKnownExamples(String a, String b, int length) {
    assertThat(Lcs.length(a.chars().toArray(), b.chars().toArray())).isEqualTo(length);
  }

  @Test
  void agreesWithTheQuadraticTableAcrossBlocksAndVocabularies() {
    Random random = new Random(4);
    for (int round = 0; round < 400; round++) {
      int words = 1 + random.nextInt(60);
      int[] a = random.ints(random.nextInt(300), 0, words).toArray();
      int[] b = random.ints(random.nextInt(300), 0, words).toArray();
      assertThat(Lcs.length(a, b)).isEqualTo(byTable(a, b));
    }
  }

  @Test
  void carriesFromBlockToBlock() {
    assertThat(Lcs.length(new int[400], new int[100])).isEqualTo(100);
  }

  private static int byTable(int[] a, int[] b) {
    int[][] length = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        length[i][j] =
            a[i - 1] == b[j - 1]
                ? length[i - 1][j - 1] + 1
                : Math.max(length[i - 1][j], length[i][j - 1]);
      }
    }
    return length[a.length][b.length];
  }
}
