package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void allowsNothingButItsOwnStyle() {
    String page = HtmlReport.render(List.of(compare("a", "b")));
    assertThat(page)
        .contains(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                + " 'unsafe-inline'; base-uri 'none'; form-action 'none'\">")
        .doesNotContainPattern("<(script|link|img|iframe)|url\\(|@import| on[a-z]+=");
  }

  @Test
  void showsMarkupOfAnAnswerAsText() {
    String hostile = "<script>x</script> & \"<img src=q>\" \u001b\u202e";
    String page =
        HtmlReport.render(
            List.of(compare("<i>n", answer(hostile, false), Checks.NONE, hostile + " 5")));
    assertThat(page)
        .contains("&lt;script&gt;x&lt;/script&gt; &amp; &quot;&lt;img src=q&gt;&quot; \\x1b\\u202e")
        .contains("<h2>&lt;i&gt;n</h2>", "Write &lt;b&gt;it&lt;/b&gt;.")
        .doesNotContain("<script", "<img", "<i>");
  }

  @Test
  void marksTheDifferingWordsSideBySide() {
    assertThat(HtmlReport.render(List.of(compare("same\nat 14:15 sharp", "same\nat 14:05 sharp"))))
        .contains(
            "data-side=\"saved\">same</td>",
            "data-side=\"saved\">at <del>14:05</del> sharp</td>",
            "data-side=\"new\">at <ins>14:15</ins> sharp</td>");
  }

  @Test
  void holdsWhatWasAskedAndWhoAnswered() {
    Checks checks = new Checks(null, true, false);
    assertThat(HtmlReport.render(List.of(compare(checks, "on 3 May", "on 4 May", "on 5 May"))))
        .contains(
            "<title>Graduate: standup</title>",
            "<strong class=\"fail\">fail</strong> 1 date missing, 1 extra; wording 0.66",
            "<li>--facts: missing 4 May</li>",
            "gpt-5.6-luna, 2026-11-20 08:02 CET, $0.00184, 3.2 s, call call-1",
            "prompts/standup.1.md (best of 2), ChatGPT used gpt-5",
            "<h4>Missing: only in the saved answer (1)</h4><ul class=\"missing\"><li>4 May</li></ul>",
            "<summary>Prompt</summary>",
            "notes</pre>");
  }

  @Test
  void makesOnePageOfSeveralWithAnIndexWorstFirst() {
    String page =
        HtmlReport.render(
            List.of(
                compare("good", answer("a", false), Checks.NONE, "a"),
                compare("bad", answer("a", true), Checks.NONE, "b 5")));
    assertThat(page)
        .contains("<title>Graduate: 2 prompts</title>")
        .containsSubsequence(
            "<a href=\"#prompt-1\">bad</a>",
            "<a href=\"#prompt-2\">good</a>",
            "<section id=\"prompt-1\"><h2>bad</h2>",
            "<section id=\"prompt-2\"><h2>good</h2>");
  }
}
