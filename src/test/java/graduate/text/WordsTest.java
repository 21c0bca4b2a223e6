package graduate.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void keepsLettersAndDigitsOfAsciiInLowerCase() {
    assertThat(Words.of("Don't PAY $1,250.00 to a_b-C3!"))
        .containsExactly("don", "t", "pay", "1", "250", "00", "to", "a", "b", "c3");
  }

  @Test
  void agreesWithTheReferenceImplementationOnAnyAscii() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      random.ints(300, 0, 128).forEach(c -> text.append((char) c));
      List<String> reference =
          Arrays.stream(text.toString().toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
              .filter(word -> !word.isEmpty())
              .toList();
      assertThat(Words.of(text.toString())).isEqualTo(reference);
    }
  }

  @Test
  void keepsWordsOfOtherAlphabetsWhole() {
    assertThat(Words.of("Größe: ДОМ, naïve")).containsExactly("größe", "дом", "naïve");
    assertThat(Words.of("हिन्दी ٣٤")).containsExactly("हिन्दी", "٣٤");
  }

  @Test
  void takesComposedAndDecomposedLettersForTheSame() {
    String decomposed = Normalizer.normalize("Café Ёлка が", Normalizer.Form.NFD);
    assertThat(Words.of(decomposed)).isEqualTo(Words.of("Café Ёлка が")).hasSize(3);
  }

  @Test
  void countsHanKanaAndHangulByCharacter() {
    assertThat(Words.of("東京タワーのGPT4は한국 々"))
        .containsExactly("東", "京", "タ", "ワ", "ー", "の", "gpt4", "は", "한", "국", "々");
  }

  @Test
  void countsThaiLaoKhmerAndBurmeseByCharacterWithItsMarks() {
    assertThat(Words.of("\u0e17\u0e35\u0e48 \u0eab \u1780 \u1019\u103c"))
        .containsExactly("\u0e17\u0e35\u0e48", "\u0eab", "\u1780", "\u1019\u103c");
    assertThat(Words.of("\u0e01\u0e02ok")).containsExactly("\u0e01", "\u0e02", "ok");
  }

  @Test
  void findsNoWordInSignsAlone() {
    assertThat(Words.of("… — ⚠️ 👍 ** _ \u0301")).isEmpty();
  }

  @Test
  void losesNothingWhenATextIsTakenIntoTokens() {
    String text = "EUR 12,480.50 — don't,\n\n\t東京 a@b.example!  e\u0301\r\n👍";
    assertThat(String.join("", Words.tokens(text))).isEqualTo(text);
    assertThat(Words.tokens(text))
        .contains("12,480.50", "don't", "東", "a@b.example", "\n", "e\u0301");
  }
}
