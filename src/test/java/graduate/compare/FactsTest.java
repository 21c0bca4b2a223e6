package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.compare.Facts.Fact;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
  /** A text, and all its facts as written. */
  static Stream<Arguments> found() {
    return Stream.of(
        found("We sold 42 lamps", "42"),
        found("It was -5 or −7, in 10-12 days, not –3", "-5", "−7", "10", "12", "3"),
        found("£1,250.00 and 3 € and USD 7.5M", "£1,250.00", "3 €", "USD 7.5M"),
        found("a share of 5 % or 12.5 percent", "5 %", "12.5 percent"),
        found("1,2,3", "1", "2", "3"),
        found("due 2026-11-20, not 2026-02-30", "2026-11-20", "2026", "02", "30"),
        found(
            "20 November 2026; Nov. 3rd; the 5th of May",
            "20 November 2026",
            "Nov. 3rd",
            "5th of May"),
        found("On 17 Nov. The 3 may wait", "17 Nov", "3"),
        found("43 and 17. November", "43", "17. November"),
        found("in March 2026", "March 2026"),
        found("at 14:05, 9 a.m. or 16:00:", "14:05", "9 a.m.", "16:00"),
        found("2026-11-20T14:05:00Z", "2026-11-20", "14:05:00Z"),
        found("see https://a.example/x?y=1, or", "https://a.example/x?y=1"),
        found("(https://a.example/b_(c)).", "https://a.example/b_(c)"),
        found(
            "[7](http://a.example/)，http://b.example。",
            "7",
            "http://a.example/",
            "http://b.example"),
        found("Mail ines.r+x@pay.example.", "ines.r+x@pay.example"),
        found("**OPS-1877:** ERR_42 and FT-2026-118340", "OPS-1877", "ERR_42", "FT-2026-118340"),
        found("p95 of /v1/x in Q3, GPT-5.6-luna", "p95", "v1", "Q3", "GPT-5.6"),
        found("v2.3.1 on 192.168.0.1", "v2.3.1", "192.168.0.1"),
        found("a top-10 of mid-2026, 5kg, 2nd, 4,312/h", "10", "2026", "5", "2", "4,312"),
        found("file_2 and order-1878", "2", "1878"),
        found("24/7, 3/4, 11/20/2026", "24/7", "3/4", "11/20/2026"),
        found("共有3个，٣٤", "3", "٣٤"),
        found("1. one\n2) two\n  - 3 apples\n> 10. ten", "3"),
        found("## 2. Costs\n### 2.1 Rent 900\n**3. Power**\n## 4 risks", "900", "4"),
        found("no fact at all: one, two (a) I.", new String[0]));
  }

  private static Arguments found(String text, String... facts) {
    return Arguments.of(text, List.of(facts));
  }

  @ParameterizedTest
  @MethodSource("found")
  void findsFactsAsWritten(String text, List<String> facts) {
    assertThat(FactFinder.find(text).stream().map(Fact::text).toList()).isEqualTo(facts);
  }

  static Stream<Arguments> same() {
    return Stream.of(
        Arguments.of("1,250.00", "1250"),
        Arguments.of("1.250,00 m", "1,250 m"),
        Arguments.of("1\u202f250\u202f000 people", "1,250,000 people"),
        Arguments.of("1'250.5", "1250.50"),
        Arguments.of("1,5", "1.5"),
        Arguments.of("$1.2 million", "USD 1,200,000"),
        Arguments.of("US$5", "5 $"),
        Arguments.of("10k", "10,000"),
        Arguments.of("5 %", "5 per cent"),
        Arguments.of("+7", "7.0"),
        Arguments.of("2026-11-03", "3 November 2026"),
        Arguments.of("Nov 3, 2026", "3rd of November 2026"),
        Arguments.of("May 5", "5 May"),
        Arguments.of("09:05", "9:05"),
        Arguments.of("2:30 pm", "14:30"),
        Arguments.of("12 a.m.", "0:00"),
        Arguments.of("HTTPS://A.example", "https://a.example/."),
        Arguments.of("Ines@Pay.example", "ines@pay.example"));
  }

  @ParameterizedTest
  @MethodSource("same")
  void takesForTheSameWhatMeansTheSame(String saved, String fresh) {
    assertThat(Facts.between(saved, fresh)).isEqualTo(new Facts(List.of(), List.of(), 1));
  }

  static Stream<Arguments> different() {
    return Stream.of(
        Arguments.of("1.250", "1250"),
        Arguments.of("1.250", "1.25"),
        Arguments.of("5", "5 %"),
        Arguments.of("5", "-5"),
        Arguments.of("$5", "€5"),
        Arguments.of("1.2 million", "1.2 billion"),
        Arguments.of("3 May", "3 May 2026"),
        Arguments.of("3 pm", "3 am"),
        Arguments.of("OPS-1877", "OPS-1878"),
        Arguments.of("https://a.example/X", "https://a.example/x"));
  }

  @ParameterizedTest
  @MethodSource("different")
  void keepsApartWhatMayDiffer(String saved, String fresh) {
    Facts facts = Facts.between(saved, fresh);
    assertThat(facts.missing()).extracting(Fact::text).containsExactly(saved);
    assertThat(facts.extra()).extracting(Fact::text).containsExactly(fresh);
  }

  @Test
  void listsEachFactOnceInOrderOfAppearance() {
    Facts facts = Facts.between("b 7, 3 and 7 at 9:00, 1", "1 and 8");
    assertThat(facts.missing()).extracting(Fact::text).containsExactly("7", "3", "9:00");
    assertThat(facts.extra()).extracting(Fact::text).containsExactly("8");
    assertThat(facts.kept()).isEqualTo(1);
  }

  @Test
  void carriesTheWordsAroundIt() {
    String line = "Of all the tickets of this week 11 were late, compared with 9 of the 38 before.";
    assertThat(contexts("first 1\n" + line + "\nlast 2"))
        .containsExactly(
            "first 1",
            "…the tickets of this week 11 were late, compared with 9…",
            "…were late, compared with 9 of the 38 before.",
            "…compared with 9 of the 38 before.",
            "last 2");
    assertThat(contexts("| 7 | 会议" + "很".repeat(90) + " |"))
        .containsExactly("| 7 | 会议" + "很".repeat(50) + "…");
    String link = "https://a.example/" + "x".repeat(90);
    assertThat(contexts("see " + link)).containsExactly("…" + link.substring(0, 58) + "…");
    assertThat(contexts(("7 " + "word ".repeat(30)).repeat(3))).allMatch(c -> c.length() <= 60);
  }

  private static List<String> contexts(String answer) {
    return FactFinder.find(answer).stream().map(Fact::context).toList();
  }

  /** Each takes a blink; a pattern that tried again and again would take hours, or overflow. */
  @ParameterizedTest
  @Timeout(20)
  @ValueSource(
      strings = {
        "1,",
        "9",
        "A-1",
        "a1.",
        "1/",
        "x@",
        "https://",
        "https://a.example/))))",
        "0.0.",
        "A",
        "1:00",
        "1. ",
        "3 Mai",
        "+4 ",
        "01 ",
        "9-",
        "9 – ",
        "3. de ",
        "2026年",
        "5 mil ",
        "a?utm_"
      })
  void survivesLongRunsOfWhatMightBecomeAFact(String part) {
    List<Fact> whole = FactFinder.find(part.repeat(10_000) + " and 77777");
    List<Fact> tail =
        FactFinder.find(part + part.substring(part.length() - 1).repeat(40_000) + " and 77777");
    assertThat(whole).extracting(Fact::text).last().isEqualTo("77777");
    assertThat(tail).extracting(Fact::text).last().isEqualTo("77777");
  }
}
