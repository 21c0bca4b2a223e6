package graduate.compare;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The longest common subsequence of two lists, bit-parallel (Hyyrö 2004): a row of the table is a
 * number in which a 0 at place i is one step of length at element i of the first list.
 */
final class Lcs {
  /** An element of the first list that stands in the second too. */
  record Match(int first, int second) {
    /** Whether neither the elements before it nor those after it are a match. */
    boolean isLone(Set<Match> all) {
      return !all.contains(new Match(first - 1, second - 1))
          && !all.contains(new Match(first + 1, second + 1));
    }
  }

  private final int size;
  private final Map<String, List<Integer>> places = new HashMap<>();

  private Lcs(List<String> first) {
    size = first.size();
    for (int i = 0; i < size; i++) {
      places.computeIfAbsent(first.get(i), word -> new ArrayList<>()).add(i);
    }
  }

  /**
   * ROUGE-L's F1 of two lists of words (Lin 2004), or null where both are empty. Takes time in the
   * order of a.size() × b.size() ÷ 64.
   */
  static @Nullable Double f1(List<String> a, List<String> b) {
    Lcs lcs = new Lcs(a);
    BigInteger row = lcs.ones();
    for (String word : b) {
      row = lcs.step(row, word);
    }
    int common = a.size() - row.and(lcs.ones()).bitCount();
    return a.size() + b.size() == 0 ? null : 2.0 * common / (a.size() + b.size());
  }

  /** The matches in order; takes a.size() × b.size() bits of memory. */
  static List<Match> matches(List<String> a, List<String> b) {
    Lcs lcs = new Lcs(a);
    List<BigInteger> rows = new ArrayList<>(List.of(lcs.ones()));
    b.forEach(word -> rows.add(lcs.step(rows.get(rows.size() - 1), word)));
    List<Match> matches = new ArrayList<>();
    int i = a.size();
    int j = b.size();
    while (i > 0 && j > 0) {
      if (a.get(i - 1).equals(b.get(j - 1))) {
        matches.add(new Match(--i, --j));
      } else if (rows.get(j).testBit(i - 1)) {
        i--;
      } else {
        j--;
      }
    }
    Collections.reverse(matches);
    return matches;
  }

  private BigInteger ones() {
    return BigInteger.ONE.shiftLeft(size).subtract(BigInteger.ONE);
  }

  private BigInteger step(BigInteger row, String word) {
    List<Integer> at = places.get(word);
    if (at == null) {
      return row;
    }
    byte[] mask = new byte[size / 8 + 1];
    at.forEach(i -> mask[mask.length - 1 - i / 8] |= (byte) (1 << i % 8));
    BigInteger match = row.and(new BigInteger(1, mask));
    return row.add(match).or(row.subtract(match));
  }
}
