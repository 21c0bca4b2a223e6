package graduate.compare;

import graduate.text.Visible;
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

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if {@code minRougeL} is neither {@code self} nor a number from
   *     0 to 1; the message is for the user
   */
  public Checks {
    if (minRougeL != null && !minRougeL.matches("self|[01]|1\\.0+|0?\\.\\d+")) {
      throw new IllegalArgumentException(
          "--min-rouge-l: neither self nor a number from 0 to 1: " + Visible.line(minRougeL));
    }
  }

  /** The verdict, or null where nothing is asked for. A check that can't be decided fails. */
  @Nullable Verdict judge(Measures measures, @Nullable Spread spread, Facts found, JsonDiff json) {
    if (equals(NONE)) {
      return null;
    }
    List<String> failures = new ArrayList<>();
    if (minRougeL != null && !measures.sameText()) {
      checkWording(minRougeL, measures.rougeL(), spread, failures);
    }
    if (facts && !found.missing().isEmpty()) {
      failures.add("--facts: missing " + String.join(", ", Facts.texts(found.missing())));
    }
    if (jsonEqual && !json.equal()) {
      failures.add("--json-equal: " + json.inWords());
    }
    return new Verdict(failures);
  }

  private static void checkWording(
      String least, @Nullable Double rougeL, @Nullable Spread spread, List<String> failures) {
    if (!least.equals("self")) {
      if (rougeL == null || rougeL < Double.parseDouble(least)) {
        failures.add("--min-rouge-l " + least + ": wording is " + Score.inWords(rougeL));
      }
    } else if (spread == null) {
      failures.add("--min-rouge-l self: needs two saved answers with words in them");
    } else if (rougeL == null || rougeL < spread.low()) {
      failures.add(
          "--min-rouge-l self: wording is %s, ChatGPT's own at least %s"
              .formatted(Score.inWords(rougeL), Score.inWords(spread.low())));
    }
  }
}
