package graduate.compare;

import static graduate.compare.Examples.answer;
import static graduate.compare.Examples.compare;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReportTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void hasExactlyTheFieldsOfTheReadme() throws JsonProcessingException {
    Comparison result =
        compare(new Checks(null, true, false), "{\"a\": 5, \"b\": 1}", "{\"a\": 7}", "[7, 9, 1]");
    assertThat(JSON.readTree(JsonReport.render(List.of(result))))
        .isEqualTo(
            JSON.readTree(
                """
                [{"prompt": "standup", "answer": "call-1", "replay": false, "model": "gpt-5.6-luna",
                  "saved": [
                    {"path": "prompts/standup.1.md", "rougeL": 0.3333333333333333},
                    {"path": "prompts/standup.2.md", "rougeL": 0.2857142857142857}],
                  "spread": [0.4, 0.4],
                  "measures": {"identical": false, "same_text": false,
                    "rouge1": 0.3333333333333333, "rouge2": 0.0, "rougeL": 0.3333333333333333,
                    "length_ratio": 2.0},
                  "facts": {"missing": ["7"], "extra": ["5", "1"]},
                  "json": {"missing": [], "extra": [".b"], "changed": [".a"]},
                  "verdict": "fail"}]
                """));
  }

  @Test
  void saysNullForWhatIsNotKnown() throws JsonProcessingException {
    Comparison result = compare("standup", NewAnswer.ofFile("…"), Checks.NONE, "—");
    assertThat(JSON.readTree(JsonReport.render(List.of(result))))
        .isEqualTo(
            JSON.readTree(
                """
                [{"prompt": "standup", "answer": null, "replay": false, "model": null,
                  "saved": [{"path": "prompts/standup.1.md", "rougeL": null}], "spread": null,
                  "measures": {"identical": false, "same_text": false, "rouge1": null,
                    "rouge2": null, "rougeL": null, "length_ratio": null},
                  "facts": {"missing": [], "extra": []}, "verdict": null}]
                """));
  }

  @Test
  void keepsTheOrderGiven() throws JsonProcessingException {
    JsonNode array =
        JSON.readTree(
            JsonReport.render(
                List.of(
                    compare("good", answer("a", true), Checks.NONE, "a"),
                    compare("bad", answer("a", false), Checks.NONE, "b 5"))));
    assertThat(array.findValuesAsText("prompt")).containsExactly("good", "bad");
    assertThat(array.get(0).get("replay").booleanValue()).isTrue();
    assertThat(array.get(0).get("verdict").isNull()).isTrue();
  }

  @Test
  void escapesWhatATerminalWouldObeyAndLosesNothing() throws JsonProcessingException {
    String name = "a\u001b\u009b\u202e\u007f\n";
    String json = JsonReport.render(List.of(compare(name, answer("a", false), Checks.NONE, "a")));
    assertThat(json).contains("\\u001B\\u009b\\u202e\\u007f\\n");
    assertThat(JSON.readTree(json).get(0).get("prompt").textValue()).isEqualTo(name);
  }
}
