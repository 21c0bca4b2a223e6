package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String A = "one two three four five six seven eight";
  private static final String B = "one two three four five six 7 8";
  private static final String C = "one two 3 4 5 6 7 8";

  @Test
  void letsTheBestOfSeveralDecideAndShowsHowTheyAgree() {
    Comparison result = compare(A + " 9", C, A, B);
    assertThat(result.saved).extracting(score -> score.path()).startsWith("prompts/standup.2.md");
    assertThat(result.facts.extra()).extracting(Facts.Fact::text).containsExactly("9");
    assertThat(result.facts.missing()).isEmpty();
    // A and C have 2 of 8 words in common, A and B 6, B and C 4.
    assertThat(result.spread).isEqualTo(new Comparison.Spread(0.25, 0.75));
  }

  @Test
  void prefersTheSameTextAmongEqualScores() {
    Comparison result = compare("A b.", "a, b", "A b.\n", "A b.");
    assertThat(result.saved).extracting(score -> score.path()).startsWith("prompts/standup.3.md");
    assertThat(result.measures.identical()).isTrue();
    assertThat(compare("A b.", "a, b", "A b.\n").measures.sameText()).isTrue();
    assertThat(compare("👍", "👎", "👍").measures.sameText()).isTrue();
  }

  @Test
  void comparesRawBytesForIdenticalAndCleanTextForTheRest() {
    Comparison result = compare("Yes 5 \uE200cite\uE202turn7search1\uE201\r\n", "Yes 5");
    assertThat(result.measures.identical()).isFalse();
    assertThat(result.measures.sameText()).isTrue();
    assertThat(result.facts).isEqualTo(new Facts(List.of(), List.of(), 1));
  }

  @Test
  void saysInTheHeadlineWhatCameOut() {
    Stream.of(
            compare("a 5 b", "a 5 b"),
            compare("a 5 b\n", "a 5 b"),
            compare("a 5 7 b 9", "a 5 3 b 14"),
            compare("a", "a, on 3 May, 7"),
            compare("on 3 May 7", "on"),
            compare("a 5 b", "b a 5", "a b 5"),
            compare("x y z", "a b c", "a b d"),
            compare("…", "—"),
            compare("{\"a\": 1}", "{\"a\": 2}"))
        .map(Comparison::headline)
        .reduce((all, next) -> all + "\n" + next)
        .ifPresent(
            all ->
                assertThat(all)
                    .isEqualTo(
                        """
                        identical, byte for byte
                        the same text
                        2 numbers missing, 2 numbers extra; wording 0.60
                        2 facts missing; wording 0.33
                        no number, date or id missing, 2 facts extra; wording 0.40
                        no number, date or id missing or extra; wording 0.66, as close as ChatGPT is to itself (0.66)
                        no number, date or id in either; wording 0.00, not as close as ChatGPT is to itself (0.66)
                        no number, date or id in either; no words to compare
                        JSON: 1 changed; 1 number missing, 1 number extra; wording 0.50"""));
  }

  @Test
  void saysWhenTheNewAnswerIsCloserThanTheSavedOnesAre() {
    assertThat(compare("a b c d", "a b c x", "a y z d").headline())
        .endsWith("wording 0.75, closer than ChatGPT is to itself (0.25)");
  }

  @Test
  void marksAReplayAsNoEvidence() {
    Comparison replayed = compare("standup", answer("a 5 b", true), Checks.NONE, "a 5 b");
    assertThat(replayed.headline())
        .isEqualTo(
            "replayed: ChatGPT's own saved answer, proves nothing about the API; identical, byte for"
                + " byte");
  }

  @Test
  void promisesOnlyWhatWasLookedAt() {
    Comparison result = compare("PASS: up, 310 ms", "FAIL: down, 310 s");
    assertThat(result.headline()).isEqualTo("no number, date or id missing or extra; wording 0.25");
  }

  @Test
  void laysOutJsonBeforeItComparesLines() {
    Comparison result = compare("{\"a\":1,\"b\":{\"c\":2}}", "{\"a\": 1, \"b\": {\"c\": 3}}");
    assertThat(result.difference.rows()).hasSize(6).filteredOn(row -> !row.same()).hasSize(1);
    assertThat(result.measures.sameText()).isFalse();
    assertThat(compare("no JSON", "{\"a\":1}").difference.rows()).hasSize(1);
  }
}
