package graduate.compare;

import graduate.compare.Fact.Kind;
import java.util.List;

/** What came out, in one sentence. */
final class Headline {
  private Headline() {}

  /** The sentence without the prompt's name. */
  static String of(Comparison result) {
    String sentence = result.measures.sameText() ? same(result) : different(result);
    return result.answer.replay()
        ? "replayed: ChatGPT's own saved answer, proves nothing about the API; " + sentence
        : sentence;
  }

  private static String same(Comparison result) {
    return result.measures.identical() ? "identical, byte for byte" : "the same text";
  }

  private static String different(Comparison result) {
    String json = result.json.applies() ? "JSON: " + result.json.inWords() + "; " : "";
    return json + facts(result.facts) + "; " + wording(result);
  }

  /** Such as "2 numbers missing, 1 extra". */
  static String facts(Facts facts) {
    int missing = facts.missing().size();
    int extra = facts.extra().size();
    if (missing + extra == 0) {
      return facts.kept() == 0 ? "no facts in either" : "no fact missing or extra";
    }
    String lost =
        missing == 0 ? "no fact missing" : missing + " " + noun(facts.missing()) + " missing";
    if (extra == 0) {
      return lost;
    }
    boolean alike = missing > 0 && noun(facts.missing(), 2).equals(noun(facts.extra(), 2));
    return lost + ", " + extra + (alike ? "" : " " + noun(facts.extra())) + " extra";
  }

  private static String noun(List<Fact> facts) {
    return noun(facts, facts.size());
  }

  private static String noun(List<Fact> facts, int count) {
    List<Kind> kinds = facts.stream().map(Fact::kind).distinct().toList();
    return kinds.size() == 1 ? kinds.get(0).noun(count) : count == 1 ? "fact" : "facts";
  }

  private static String wording(Comparison result) {
    Double score = result.measures.rougeL();
    if (score == null) {
      return "no words to compare";
    }
    Spread spread = result.spread;
    String wording = "wording " + Score.inWords(score);
    if (spread == null) {
      return wording;
    }
    String than =
        score > spread.high()
            ? "closer than ChatGPT is to itself"
            : score < spread.low()
                ? "not as close as ChatGPT is to itself"
                : "as close as ChatGPT is to itself";
    return wording + ", " + than + " (" + spread.inWords() + ")";
  }
}
