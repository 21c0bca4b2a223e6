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

  /** By single words, each counted as often as both sides have it. */
  static @Nullable Double one(int[] a, int[] b) {
    return byGrams(singles(a), singles(b));
  }

  /** By pairs of neighbouring words, each counted as often as both sides have it. */
  static @Nullable Double two(int[] a, int[] b) {
    return byGrams(pairs(a), pairs(b));
  }

  private static long[] singles(int[] words) {
    long[] grams = new long[words.length];
    for (int i = 0; i < grams.length; i++) {
      grams[i] = words[i];
    }
    return grams;
  }

  private static long[] pairs(int[] words) {
    long[] grams = new long[Math.max(0, words.length - 1)];
    for (int i = 0; i < grams.length; i++) {
      grams[i] = ((long) words[i] << 32) | words[i + 1];
    }
    return grams;
  }

  private static @Nullable Double byGrams(long[] a, long[] b) {
    Map<Long, Integer> left = new HashMap<>();
    for (long gram : a) {
      left.merge(gram, 1, Integer::sum);
    }
    int common = 0;
    for (long gram : b) {
      if (left.merge(gram, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return f1(common, a.length, b.length);
  }

  /** 2PR/(P+R), which for P = common/b and R = common/a is this. */
  private static @Nullable Double f1(int common, int a, int b) {
    return a + b == 0 ? null : 2.0 * common / (a + b);
  }
}
