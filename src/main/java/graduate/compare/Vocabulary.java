package graduate.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for tokens, the same number for the same token. */
final class Vocabulary {
  private final Map<String, Integer> numbers = new HashMap<>();

  int[] numbers(List<String> tokens) {
    return tokens.stream()
        .mapToInt(token -> numbers.computeIfAbsent(token, t -> numbers.size()))
        .toArray();
  }
}
