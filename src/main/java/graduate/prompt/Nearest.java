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

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
