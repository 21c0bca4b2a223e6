package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  @Test
  void removesCitationsByWholeSpans() {
    assertThat(clean("Fares rose.\uE200cite\uE202turn0search0\uE202turn0search2\uE201 Yes."))
        .isEqualTo("Fares rose. Yes.");
    assertThat(clean("a\uE200filecite\uE202turn3file14\uE202L180-L293\uE201b")).isEqualTo("ab");
    assertThat(clean("a【8†source】b【4:10†Ferry news†ferry.example】c")).isEqualTo("abc");
  }

  @Test
  void keepsTheVisibleNameOfAnEntity() {
    assertThat(clean("by \uE200entity\uE202[\"people\", \"Ann $1 B\", 0]\uE201."))
        .isEqualTo("by Ann $1 B.");
    assertThat(clean("by \uE200entity\uE202not JSON\uE201.")).isEqualTo("by .");
  }

  @Test
  void removesOnlyTheMarksAroundText() {
    assertThat(clean("\uE203kept\uE204")).isEqualTo("kept");
  }

  @Test
  void leavesOrdinaryWordsAndUnclosedSpans() {
    String text = "【注意】 turn0search0 【died 1999†】 \uE200cite and the rest";
    assertThat(clean(text)).isEqualTo(text);
    assertThat(clean("\uE200cite open \uE200cite\uE202x\uE201 kept"))
        .isEqualTo("\uE200cite open  kept");
  }

  @Test
  void setsAsideLineEndsTrailingBlanksAndUnicodeForms() {
    assertThat(clean("Café \r\n\r\nb\t\rc\n\n"))
        .isEqualTo(clean(Normalizer.normalize("Café\n\nb\nc", Normalizer.Form.NFD)));
    assertThat(clean("  indented")).isEqualTo("  indented");
  }

  private static String clean(String raw) {
    return AnswerText.of(raw).clean();
  }
}
