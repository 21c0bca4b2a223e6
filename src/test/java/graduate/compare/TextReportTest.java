package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.compare.Comparison.NewAnswer;
import org.junit.jupiter.api.Test;

class TextReportTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void showsAComparisonInFull() {
    String saved = "## Done\n- OPS-1877 at 14:05\n- b\n- c\n- d\n- e\n\nbye";
    String fresh = "## Done\n- OPS-1877 at 14:15\n- b\n- c\n- d\n- e\n\nbye";
    Comparison result =
        compare(new Checks("0.99", true, false), fresh, saved, "## Done\n- nothing");
    assertThat(TextReport.text(result, false))
        .isEqualTo(
            """
            standup: 1 time missing, 1 time extra; wording 0.90, closer than ChatGPT is to itself (0.15)
            failed --min-rouge-l 0.99: wording is 0.90
            failed --facts: missing 14:05
              new      gpt-5.6-luna, 2026-11-20 08:02 CET, $0.00184, 3.2 s, call call-1
              saved    prompts/standup.1.md, wording 0.90
              saved    prompts/standup.2.md, wording 0.15
                       ChatGPT used gpt-5

            Facts
              missing  14:05   in: - OPS-1877 at 14:05
              extra    14:15   in: - OPS-1877 at 14:15
              in both  1

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
    assertThat(TextReport.text(result, false)).doesNotContain("\u001b");
    assertThat(TextReport.text(result, true))
        .startsWith("\u001b[1mstandup\u001b[0m: ")
        .contains("  a \u001b[31m[-old-]\u001b[0m\u001b[32m{+new+}\u001b[0m b\n");
  }

  @Test
  void marksEachLineByItselfBlankOnesToo() {
    assertThat(TextReport.text(compare("a", "a\nb c\n\nd e"), false))
        .endsWith("  a\n  [-b c-]\n  [-¶-]\n  [-d e-]\n");
  }

  @Test
  void showsJsonByPath() {
    Comparison result = compare("{\"a\": 1, \"c\": 3}", "{\"a\": 2, \"b\": 3}");
    assertThat(TextReport.text(result, false))
        .contains(
            """
            JSON
              missing  .b
              extra    .c
              changed  .a  2 → 1
            """);
    assertThat(TextReport.text(compare("[1]", "[1.0]"), false)).contains("\nJSON\n  equal\n");
  }

  @Test
  void makesVisibleWhatATerminalWouldObey() {
    String hostile = "a\u001b[31m\u0007 \u202e5\u007f end";
    Comparison result =
        compare("x\u001b\ny", answer(hostile, false), Checks.NONE, "https://a.example/\u001bb 7");
    assertThat(TextReport.text(result, false))
        .contains("x\\x1b y: ", "[31m\\x07 \\u202e5\\x7f", "https://a.example/\\x1bb")
        .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069&&[^\n]]");
  }

  @Test
  void hasExactlyTheFieldsOfTheReadme() throws JsonProcessingException {
    Comparison result =
        compare(new Checks(null, true, false), "{\"a\": 5, \"b\": 1}", "{\"a\": 7}", "[7, 9, 1]");
    assertThat(JSON.readTree(TextReport.json(result)))
        .isEqualTo(
            JSON.readTree(
                """
                {"prompt": "standup", "answer": "call-1", "replay": false, "model": "gpt-5.6-luna",
                  "saved": [
                    {"path": "prompts/standup.1.md", "rougeL": 0.3333333333333333},
                    {"path": "prompts/standup.2.md", "rougeL": 0.2857142857142857}],
                  "spread": [0.4, 0.4],
                  "measures": {"identical": false, "same_text": false,
                    "rougeL": 0.3333333333333333},
                  "facts": {
                    "missing": [{"text": "7", "kind": "number", "context": "\\"a\\" : 7"}],
                    "extra": [{"text": "5", "kind": "number", "context": "\\"a\\" : 5,"},
                              {"text": "1", "kind": "number", "context": "\\"b\\" : 1"}]},
                  "json": {"missing": [], "extra": [".b"], "changed": [".a"]},
                  "verdict": "fail"}
                """));
  }

  @Test
  void namesTheKindsOfFacts() throws JsonProcessingException {
    String saved = "5 on 3 May at 14:05, https://a.example, a@b.example, OPS-1877";
    assertThat(JSON.readTree(TextReport.json(compare("none", saved))).at("/facts/missing"))
        .extracting(fact -> fact.get("kind").textValue())
        .containsExactly("number", "date", "time", "url", "email", "id");
  }

  @Test
  void saysNullForWhatIsNotKnown() throws JsonProcessingException {
    Comparison result =
        compare("standup", new NewAnswer("…", null, null, false, "from a file"), Checks.NONE, "—");
    assertThat(JSON.readTree(TextReport.json(result)))
        .isEqualTo(
            JSON.readTree(
                """
                {"prompt": "standup", "answer": null, "replay": false, "model": null,
                  "saved": [{"path": "prompts/standup.1.md", "rougeL": null}], "spread": null,
                  "measures": {"identical": false, "same_text": false, "rougeL": null},
                  "facts": {"missing": [], "extra": []}, "verdict": null}
                """));
  }

  @Test
  void escapesWhatATerminalWouldObeyAndLosesNothing() throws JsonProcessingException {
    String name = "a\u001b\u009b\u202e\u007f\n";
    String json = TextReport.json(compare(name, answer("a", true), Checks.NONE, "a"));
    assertThat(json).contains("\\u001B\\u009b\\u202e\\u007f\\n");
    assertThat(JSON.readTree(json).get("prompt").textValue()).isEqualTo(name);
    assertThat(JSON.readTree(json).get("replay").booleanValue()).isTrue();
  }
}
