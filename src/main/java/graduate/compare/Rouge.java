package graduate.compare;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ROUGE's F1 between two texts, given as the numbers of their words (Lin 2004; the same figures as
 * google-research's rouge_score). Null where neither side has anything to count.
 */
final class Rouge {
  private Rouge() {}

  /** By the longest common subsequence, one over the whole text. */
  static @Nullable Double l(int[] a, int[] b) {
    return f1(Lcs.length(a, b), a.length, b.length);
  }

  /** By runs of one or two words, each counted as often as both sides have it. */
  static @Nullable Double n(int[] a, int[] b, int n) {
    Map<Long, Integer> left = new HashMap<>();
    long[] grams = grams(a, n);
    for (long gram : grams) {
      left.merge(gram, 1, Integer::sum);
    }
    long[] others = grams(b, n);
    int common = 0;
    for (long gram : others) {
      if (left.merge(gram, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return f1(common, grams.length, others.length);
  }

  private static long[] grams(int[] words, int n) {
    long[] grams = new long[Math.max(0, words.length - n + 1)];
    for (int i = 0; i < grams.length; i++) {
      grams[i] = n == 1 ? words[i] : ((long) words[i] << 32) | words[i + 1];
    }
    return grams;
  }

  /** 2PR/(P+R), which for P = common/b and R = common/a is this. */
  private static @Nullable Double f1(int common, int a, int b) {
    return a + b == 0 ? null : 2.0 * common / (a + b);
  }
}
