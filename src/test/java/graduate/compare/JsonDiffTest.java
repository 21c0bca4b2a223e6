package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDiffTest {
  @Test
  void namesWhatIsMissingExtraAndChangedByPath() {
    JsonDiff diff =
        new JsonDiff(
            "{'a': 1, 'b': {'c': [1, 2, 3]}, 'd e': true, 'f': null}".replace('\'', '"'),
            "{'b': {'c': [1, 5], 'g': 0}, 'd e': 'true', 'f': null}".replace('\'', '"'));
    assertThat(diff.missing).containsExactly(".a", ".b.c[2]");
    assertThat(diff.extra).containsExactly(".b.g");
    assertThat(diff.changed)
        .containsExactly(
            new JsonDiff.Change(".b.c[1]", "2", "5"),
            new JsonDiff.Change(".[\"d e\"]", "true", "\"true\""));
    assertThat(diff.inWords()).isEqualTo("2 missing, 1 extra, 2 changed");
  }

  @Test
  void passesOverTheOrderOfKeysAndHowNumbersAreWritten() {
    assertThat(new JsonDiff("{\"a\":1.50,\"b\":100}", "{ \"b\" : 1e2, \"a\" : 1.5 }").equal())
        .isTrue();
    assertThat(new JsonDiff("[0.1]", "[0.10000000000000000001]").equal()).isFalse();
  }

  @Test
  void comparesArraysInOrder() {
    JsonDiff diff = new JsonDiff("[[1], 2]", "[2, [1]]");
    assertThat(diff.changed).extracting(JsonDiff.Change::path).isEqualTo(List.of(".[0]", ".[1]"));
  }

  @Test
  void takesAFencedBlockForItsContent() {
    assertThat(new JsonDiff("```json\n{\"a\": 1}\n```\n", "{\"a\":1}").equal()).isTrue();
    assertThat(new JsonDiff("```\n1\n```\nand more", "1").applies()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Yes.", "{\"a\":1} {\"a\":1}", "{\"a\":1,\"a\":1}", "{\"a\":NaN}"})
  void doesNotApplyWhereASideIsNoJson(String answer) {
    JsonDiff diff = new JsonDiff("{\"a\":1}", answer);
    assertThat(diff.applies()).isFalse();
    assertThat(diff.equal()).isFalse();
    assertThat(diff.inWords()).isEqualTo("the new answer is no JSON");
    assertThat(new JsonDiff(answer, answer).inWords()).isEqualTo("neither answer is JSON");
  }

  @Test
  void survivesDeepNesting() {
    String deep = "[".repeat(100_000);
    assertThat(new JsonDiff(deep, deep).applies()).isFalse();
  }
}
