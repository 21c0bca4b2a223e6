package graduate.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The facts of two answers, each once, in order of appearance.
 *
 * @param missing in the saved answer and not in the new one
 * @param extra in the new answer and not in the saved one
 * @param kept how many stand in both
 */
record Facts(List<Fact> missing, List<Fact> extra, int kept) {
  static Facts between(String saved, String fresh) {
    Map<String, Fact> before = byKey(saved);
    Map<String, Fact> after = byKey(fresh);
    List<Fact> missing = without(before, after.keySet());
    return new Facts(missing, without(after, before.keySet()), before.size() - missing.size());
  }

  private static Map<String, Fact> byKey(String text) {
    Map<String, Fact> facts = new LinkedHashMap<>();
    FactFinder.find(text).forEach(fact -> facts.putIfAbsent(fact.key(), fact));
    return facts;
  }

  private static List<Fact> without(Map<String, Fact> facts, Set<String> keys) {
    return facts.values().stream().filter(fact -> !keys.contains(fact.key())).toList();
  }

  static List<String> texts(List<Fact> facts) {
    return facts.stream().map(Fact::text).toList();
  }
}
