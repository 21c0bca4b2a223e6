package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {
  private static final TokenCounter O200K = TokenCounter.of("o200k_base").orElseThrow();

  /** Counts that tiktoken gives. */
  @ParameterizedTest
  @CsvSource({"'', 0", "hello world, 2", "tiktoken is great!, 6", "お誕生日おめでとう, 8"})
  void countsAsTheModelDoes(String text, int tokens) {
    assertThat(O200K.count(text)).isEqualTo(tokens);
  }

  @Test
  void takesWhatLooksLikeASpecialTokenForText() {
    assertThat(O200K.count("<|endoftext|>")).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        "\u0301",
        "👋🏽👩‍👩‍👧",
        "\uFEFF",
        "\r\n \t",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "ﷺ",
        "𒐫"
      })
  void neverCountsMoreThanTheBytes(String text) {
    assertThat(O200K.count(text)).isBetween(1, text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void knowsNoOtherName() {
    assertThat(TokenCounter.of("o300k_base")).isEmpty();
    assertThat(TokenCounter.of("cl100k_base")).isPresent();
  }
}
