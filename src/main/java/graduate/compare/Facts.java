package graduate.compare;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import graduate.text.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The facts of two answers, each once, in order of appearance.
 *
 * @param missing in the saved answer and not in the new one
 * @param extra in the new answer and not in the saved one
 * @param kept how many stand in both
 */
@JsonIncludeProperties({"missing", "extra"})
record Facts(List<Fact> missing, List<Fact> extra, int kept) {
  /** What a fact is. */
  enum Kind {
    NUMBER,
    DATE,
    TIME,
    URL,
    EMAIL,
    ID;

    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something in an answer that is right or wrong, whatever words stand around it.
   *
   * @param key the same for facts that mean the same
   * @param text as written
   * @param start where in the answer
   * @param context the words around it in its line, itself among them
   */
  @JsonIncludeProperties({"text", "kind", "context"})
  record Fact(Kind kind, String key, String text, int start, String context) {
    private static final int CONTEXT = 60;

    static Fact of(Kind kind, String key, String answer, int start, int end) {
      return new Fact(kind, key, answer.substring(start, end), start, context(answer, start, end));
    }

    /** At most {@value #CONTEXT} characters, cut between words where there are blanks. */
    private static String context(String answer, int start, int end) {
      int last = Math.min(end, start + CONTEXT - 2);
      int room = CONTEXT - 2 - (last - start);
      int first = Math.max(0, start - room / 2);
      int to = Math.min(answer.length(), last + room - (start - first));
      String before = answer.substring(first, start).replaceFirst("(?s)^.*\n", "\n");
      String after = answer.substring(last, to).replaceFirst("(?s)\n.*", "\n");
      if (first > 0 && !before.startsWith("\n")) {
        int blank = before.indexOf(' ');
        before = "…" + before.substring(blank < before.length() / 2 ? blank + 1 : 0);
      }
      if (to < answer.length() && !after.endsWith("\n")) {
        int blank = after.lastIndexOf(' ');
        after = after.substring(0, blank > after.length() / 2 ? blank : after.length()) + "…";
      }
      return (before + answer.substring(start, last) + after).strip();
    }
  }

  static Facts between(String saved, String fresh) {
    Map<String, Fact> before = byKey(saved);
    Map<String, Fact> after = byKey(fresh);
    List<Fact> missing = without(before, after.keySet());
    return new Facts(missing, without(after, before.keySet()), before.size() - missing.size());
  }

  private static Map<String, Fact> byKey(String answer) {
    Map<String, Fact> facts = new LinkedHashMap<>();
    FactFinder.find(answer).forEach(fact -> facts.putIfAbsent(fact.key(), fact));
    return facts;
  }

  private static List<Fact> without(Map<String, Fact> facts, Set<String> keys) {
    return facts.values().stream().filter(fact -> !keys.contains(fact.key())).toList();
  }

  /** The outcome as part of a sentence, such as "2 numbers missing, 1 date extra". */
  String inWords() {
    if (missing.isEmpty() && extra.isEmpty()) {
      return "no number, date or id " + (kept == 0 ? "in either" : "missing or extra");
    }
    String lost = missing.isEmpty() ? "no number, date or id" : count(missing);
    return lost + " missing" + (extra.isEmpty() ? "" : ", " + count(extra) + " extra");
  }

  private static String count(List<Fact> facts) {
    List<Kind> kinds = facts.stream().map(Fact::kind).distinct().toList();
    return Words.counted(facts.size(), kinds.size() == 1 ? kinds.get(0).word() : "fact");
  }
}
