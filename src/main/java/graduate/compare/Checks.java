package graduate.compare;

import graduate.compare.Comparison.Spread;
import graduate.compare.Facts.Fact;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold.
 *
 * @param minRougeL the least ROUGE-L F1 against the best saved answer, from 0 to 1; {@code self}
 *     for the lowest agreement among the saved answers; or null
 * @param facts whether no fact may be missing
 * @param jsonEqual whether both answers must be JSON and equal
 */
public record Checks(@Nullable String minRougeL, boolean facts, boolean jsonEqual) {
  /** Nothing is asked for. */
  public static final Checks NONE = new Checks(null, false, false);

  /** Whether {@code minRougeL} may be this. */
  public static boolean isLimit(String text) {
    return text.matches("self|[01]|1\\.0+|0?\\.\\d+");
  }

  /** A line for each check that fails, beginning with its option; null where none is asked for. */
  @Nullable List<String> failures(Comparison result) {
    if (equals(NONE)) {
      return null;
    }
    List<String> failures = new ArrayList<>();
    if (minRougeL != null && !result.measures.sameText()) {
      checkWording(minRougeL, result.measures.rougeL(), result.spread, failures);
    }
    if (facts && !result.facts.missing().isEmpty()) {
      List<String> missing = result.facts.missing().stream().map(Fact::text).toList();
      failures.add("--facts: missing " + String.join(", ", missing));
    }
    if (jsonEqual && !result.json.equal()) {
      failures.add("--json-equal: " + result.json.inWords());
    }
    return failures;
  }

  /** A check that can't be decided fails. */
  private static void checkWording(
      String least, @Nullable Double rougeL, @Nullable Spread spread, List<String> failures) {
    boolean self = least.equals("self");
    if (self && spread == null) {
      failures.add("--min-rouge-l self: needs two saved answers with words in them");
      return;
    }
    double limit = spread != null && self ? spread.low() : Double.parseDouble(least);
    if (rougeL == null || rougeL < limit) {
      String own = self ? ", ChatGPT's own at least " + Comparison.inWords(limit) : "";
      failures.add("--min-rouge-l " + least + ": wording is " + Comparison.inWords(rougeL) + own);
    }
  }
}
