package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void allowsNothingButItsOwnStyle() {
    String page = HtmlReport.render(compare("a", "b"));
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
        HtmlReport.render(compare("<i>n", answer(hostile, false), Checks.NONE, hostile + " 5"));
    assertThat(page)
        .contains(
            "&lt;script&gt;x&lt;/script&gt; &amp; &quot;&lt;img src&#x3D;q&gt;&quot; \\x1b\\u202e")
        .contains("<h1>&lt;i&gt;n</h1>", "Write &lt;b&gt;it&lt;/b&gt;.")
        .doesNotContain("<script", "<img", "<i>");
  }

  @Test
  void marksTheDifferingWordsSideBySide() {
    assertThat(HtmlReport.render(compare("same\nat three sharp", "same\nat four sharp")))
        .contains(
            "class=\"saved\">same</td>",
            "class=\"saved\">at <mark class=\"word\">four</mark> sharp</td>",
            "class=\"new\">at <mark class=\"word\">three</mark> sharp</td>");
  }

  @Test
  void holdsWhatWasAskedAndWhoAnswered() {
    Checks checks = new Checks(null, true, false);
    assertThat(HtmlReport.render(compare(checks, "on 3 May", "on 4 May", "on 5 May")))
        .contains(
            "<title>Graduate: standup</title>",
            "<strong class=\"fail\">fail</strong> 1 date missing, 1 date extra; wording 0.66",
            "<li>--facts: missing 4 May</li>",
            "gpt-5.6-luna, 2026-11-20 08:02 CET, $0.00184, 3.2 s, call call-1",
            "<dt>saved</dt><dd>prompts/standup.1.md, wording 0.66</dd>",
            "ChatGPT used gpt-5",
            "<summary>Prompt</summary>",
            "notes</pre>");
  }

  @Test
  void makesFactsThatDifferStandOutAndLinksToThem() {
    String saved = "At 14:05, 5 % of them, then 14:05 again";
    String page = HtmlReport.render(compare("At 14:15, 5 of them, then again", saved));
    assertThat(page)
        .contains(
            "<a href=\"#SAVED-3\">14:05</a> <span>At 14:05, 5 % of them, then 14:05 again</span>",
            "At <mark class=\"fact\" id=\"SAVED-3\">14:05</mark>, "
                + "<mark class=\"fact\" id=\"SAVED-10\">5 %</mark>",
            "<mark class=\"fact\">14:05</mark> again",
            "At <mark class=\"fact\" id=\"NEW-3\">14:15</mark>, ");
  }

  @Test
  void neverStrikesAText() {
    assertThat(HtmlReport.render(compare("a new b", "an old b")))
        .contains("<mark class=\"word\">an old</mark> b")
        .doesNotContain("<del", "<s>", "<strike", "line-through");
  }

  @Test
  void setsCodeTablesAndJsonInMonospace() {
    String text = "word\n```sh\nls -l\n```\nmore\n| a | b |\nend";
    String page = HtmlReport.render(compare(text, text));
    assertThat(monospaced(page)).containsExactly("```sh", "ls -l", "```", "| a | b |");
    String json = HtmlReport.render(compare("{\"a\":[1]}", "{\"a\": [2]}"));
    assertThat(monospaced(json)).containsExactly("{", "\"a\" : [ 2 ]", "}");
  }

  private static List<String> monospaced(String page) {
    return Pattern.compile("class=\"saved mono\">(.*?)</td>")
        .matcher(page)
        .results()
        .map(
            m ->
                m.group(1)
                    .replaceAll("<[^>]*>", "")
                    .replace("&quot;", "\"")
                    .replace("&#x60;", "`")
                    .strip())
        .toList();
  }

  @Test
  void showsALoneBlankLine() {
    assertThat(HtmlReport.render(compare("a\nb", "a\n\nb")))
        .contains("class=\"saved\"><mark class=\"word\">¶</mark></td>");
  }
}
