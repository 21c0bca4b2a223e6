package graduate.prompt;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known word that a mistyped one was meant to be. */
public final class Nearest {
  private Nearest() {}

  /** The nearest of {@code known} by edit distance, empty where none is near. */
  public static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .filter(k -> distance(word, k) <= Math.max(1, k.length() / 2))
        .min(Comparator.comparing((String k) -> distance(word, k)).thenComparing(k -> k));
  }

  /** The same as a clause of a message, empty where there is none. */
  public static String hint(String word, Collection<String> known) {
    return to(word, known).map(k -> "; did you mean " + k + "?").orElse("");
  }

  /** Letters left out, put in, changed or swapped with the next; a beginning is one away. */
  private static int distance(String a, String b) {
    if (!a.isEmpty() && b.startsWith(a)) {
      return a.equals(b) ? 0 : 1;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int changed = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(changed, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
