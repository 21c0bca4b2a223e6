package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportTest {
  @Test
  void showsOnePromptInFull() {
    String saved = "## Done\n- OPS-1877 at 14:05\n- b\n- c\n- d\n- e\n\nbye";
    String fresh = "## Done\n- OPS-1877 at 14:15\n- b\n- c\n- d\n- e\n\nbye";
    Comparison result =
        compare(new Checks("0.99", true, false), fresh, saved, "## Done\n- nothing");
    assertThat(TextReport.render(List.of(result), false))
        .isEqualTo(
            """
            standup: 1 time missing, 1 extra; wording 0.90, closer than ChatGPT is to itself (0.15)
            failed --min-rouge-l 0.99: wording is 0.90
            failed --facts: missing 14:05
              new    gpt-5.6-luna, 2026-11-20 08:02 CET, $0.00184, 3.2 s, call call-1
              saved  prompts/standup.1.md (best of 2), ChatGPT used gpt-5

            Facts
              missing  14:05
              extra    14:15
              in both  1

            Shape (saved → new)
              headings    1 in each
              list items  5 in each
              words       11 in each

            Likeness
              identical  no
              same text  no
              wording    0.90 (ROUGE-L F1) against the best of 2; they agree with each other at 0.15
                         0.90 prompts/standup.1.md
                         0.15 prompts/standup.2.md

            Difference ([-saved-] {+new+})
              ## Done
              - OPS-1877 at [-14:05-]{+14:15+}
              - b
              - c
              (4 equal lines)
            """);
  }

  @Test
  void coloursOnlyWhereItIsAskedTo() {
    Comparison result = compare(new Checks("1", false, false), "a new b", "a old b");
    assertThat(TextReport.render(List.of(result), false)).doesNotContain("\u001b");
    assertThat(TextReport.render(List.of(result), true))
        .startsWith("\u001b[1mstandup\u001b[0m: ")
        .contains("  a \u001b[31m[-old-]\u001b[0m\u001b[32m{+new+}\u001b[0m b\n");
  }

  @Test
  void marksEachLineOfABlockByItself() {
    assertThat(TextReport.render(List.of(compare("a", "a\nb c\n\nd e")), false))
        .endsWith("  a\n  [-b c-]\n  [-¶-]\n  [-d e-]\n");
  }

  @Test
  void saysOnceThatMarkdownWasLostInCopying() {
    Comparison result = compare("## Done\n- **a** 5", "Done\na 5");
    assertThat(TextReport.render(List.of(result), false))
        .contains(
            """
            Shape (saved → new)
              Markdown  lost in the saved answer, as in copying by selection
              words     3 in each
            """);
  }

  @Test
  void showsJsonByPath() {
    Comparison result = compare("{\"a\": 1, \"c\": 3}", "{\"a\": 2, \"b\": 3}");
    assertThat(TextReport.render(List.of(result), false))
        .contains(
            """
            JSON
              missing  .b
              extra    .c
              changed  .a  2 → 1
            """);
    assertThat(TextReport.render(List.of(compare("[1]", "[1.0]")), false))
        .contains("\nJSON\n  equal\n");
  }

  @Test
  void makesATableOfSeveralWithTheWorstFirst() {
    Checks checks = new Checks(null, true, false);
    List<Comparison> results =
        List.of(
            compare("mail", answer("[1]", true), checks, "[1]"),
            compare("weekly", NewAnswer.ofFile("a b 5"), checks, "a b 5 7 9", "a b 7 9"));
    assertThat(TextReport.render(results, false))
        .isEqualTo(
            """
              prompt  checks  missing  extra  JSON   wording  ChatGPT itself  model
              weekly  fail    2        0      -      0.75     0.88            -
              mail    pass    0        0      equal  1.00     -               replayed
            weekly failed --facts: missing 7, 9
            """);
  }

  @Test
  void makesVisibleWhatATerminalWouldObey() {
    String hostile = "a\u001b[31m\u0007\u009b2J \u202e5\u2066\u200f\u061c\u007f\tend";
    Comparison result =
        compare("x\u001b\ny", answer(hostile, false), Checks.NONE, "https://a.example/\u001bb 7");
    String report = TextReport.render(List.of(result), false);
    assertThat(report)
        .contains("x\\x1b y: ")
        .contains("[31m\\x07\\x9b2J \\u202e5\\u2066\\u200f\\u061c\\x7f\tend")
        .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069&&[^\n\t]]");
  }
}
