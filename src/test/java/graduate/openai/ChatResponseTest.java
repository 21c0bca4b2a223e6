package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reply means, read with tolerance; and whether it may have been billed. */
class ChatResponseTest {
  private static final String LIMIT = "max_completion_tokens";
  private static final String TOOL = "the model asks to call a tool, which Graduate does not do";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{'message':{'content':'Hi'},'finish_reason':'stop'}|answered|-",
        "{'message':{'content':'Hi'}}|answered|-",
        "{'message':{'content':'Hi','refusal':null,'tool_calls':null},'finish_reason':null}|answered|-",
        "{'message':{'content':'Hi','tool_calls':[],'refusal':''},'finish_reason':'stop'}|answered|-",
        "{'message':{'content':'Hi'},'finish_reason':'unheard_of'}|answered|-",
        "{'message':{'content':'Hi'},'finish_reason':'length'}|incomplete|"
            + "the answer was cut off. Raise max_completion_tokens",
        "{'message':{'content':''},'finish_reason':'length'}|incomplete|reasoning used up every"
            + " token and left no text. Raise max_completion_tokens or lower reasoning_effort",
        "{'message':{'content':null},'finish_reason':'length'}|incomplete|reasoning used up every"
            + " token and left no text. Raise max_completion_tokens or lower reasoning_effort",
        "{'message':{'content':'Hi'},'finish_reason':'content_filter'}|incomplete|"
            + "the content filter cut the answer off",
        "{'message':{'content':null,'refusal':'No'},'finish_reason':'stop'}|incomplete|"
            + "the model refused",
        "{'message':{'content':null,'tool_calls':[{}]},'finish_reason':'tool_calls'}|incomplete|TOOL",
        "{'message':{'content':'Hi','tool_calls':[{}]},'finish_reason':'stop'}|incomplete|TOOL",
        "{'message':{'function_call':{}},'finish_reason':'function_call'}|incomplete|TOOL",
        "{'message':{'content':null},'finish_reason':'stop'}|incomplete|the answer has no text",
        "{'message':null}|incomplete|the answer has no text",
        "{'message':[]}|incomplete|the answer has no text",
        "{}|incomplete|the answer has no text",
        "{'message':{'content':{'a':1}}}|incomplete|the answer has no text",
      })
  void readsAChoice(String choice, String outcome, String note) {
    ChatResponse response = response(200, "{'choices':[" + choice + "]}");

    assertThat(response.outcome()).hasToString(outcome);
    if (note == null) {
      assertThat(response.notes()).isEmpty();
      assertThat(response.text()).isEqualTo("Hi\n");
    } else {
      assertThat(response.notes()).containsExactly(note.equals("TOOL") ? TOOL : note);
    }
    assertThat(response.unbilled()).isFalse();
    assertThat(response.retryable()).isFalse();
  }

  @Test
  void printsEveryChoiceWithAnEmptyLineBetween() {
    ChatResponse response =
        response(
            200,
            "{'choices':[{'message':{'content':'a'}},{'message':{'content':'b\\n'}},"
                + "{'message':{'content':null},'finish_reason':'length'},"
                + "{'message':{'content':'\\nc\\r\\n'}}]}");

    assertThat(response.text()).isEqualTo("a\n\nb\n\n\nc\r\n");
    assertThat(response.outcome()).isEqualTo(Outcome.INCOMPLETE);
  }

  @Test
  void keepsTheModelsWordsWhereItRefuses() {
    ChatResponse response =
        response(200, "{'choices':[{'message':{'content':'Well, ','refusal':'No.'}}]}");

    assertThat(response.refusal()).isEqualTo("No.");
    assertThat(response.text()).isEqualTo("Well, \n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hi", ""})
  void namesTheParameterThatCutTheAnswerOff(String text) {
    byte[] body =
        ("{\"choices\":[{\"message\":{\"content\":\""
                + text
                + "\"},\"finish_reason\":\"length\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    Reply reply = new Reply(true, 200, Map.of(), body, null, 1);

    assertThat(ChatResponse.of(reply, "max_tokens").notes())
        .singleElement()
        .asString()
        .contains("Raise max_tokens")
        .doesNotContain("max_completion_tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'x': 1e400",
        "'x': [1.00, -0.0, 1e999999999, 1e99999999999]",
        "'x': 1, 'x': 2",
        "'x': '\\ud800'",
        "'id': null, 'model': 7, 'usage': [], 'service_tier': {}, 'created': '?'",
      })
  void findsTheAnswerBesideOddities(String odd) {
    ChatResponse response =
        response(200, "{" + odd + ",'choices':[{'message':{'content':'Hi'}}]," + odd + "}");

    assertThat(response.text()).isEqualTo("Hi\n");
    assertThat(response.outcome()).isEqualTo(Outcome.ANSWERED);
    assertThat(response.model()).isEmpty();
    assertThat(response.tier()).isEmpty();
  }

  @Test
  void findsALongAnswer() {
    String text = "ä".repeat(25 << 20);
    ChatResponse response = response(200, "{'choices':[{'message':{'content':'" + text + "'}}]}");

    assertThat(response.texts()).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "'Hi'",
        "{}",
        "{'choices':null}",
        "{'choices':[]}",
        "{'choices':['Hi']}",
        "{'choices':{}}",
        "{'choices':[",
        "{'error':null}"
      })
  void findsNoAnswerWhereThereIsNone(String body) {
    ChatResponse response = response(200, body);

    assertThat(response.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(response.notes()).containsExactly("HTTP 200: the body is no answer");
    assertThat(response.unbilled()).isFalse();
    assertThat(response.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // status, error, outcome, what becomes of the reservation, whether to try again
        "300|{}|refused|released|no",
        "302|{}|refused|released|no",
        "308|{}|refused|released|no",
        "400|{'code':'unsupported_value'}|refused|released|no",
        "400|{'code':null,'type':'invalid_request_error'}|refused|released|no",
        "400|{'code':'content_filter'}|refused|held|no",
        "400|{'code':'content_policy_violation'}|refused|held|no",
        "400|{'code':'Safety'}|refused|held|no",
        "400|{'code':1,'type':'POLICY'}|refused|held|no",
        "401|{'code':'invalid_api_key'}|refused|released|no",
        "403|{'code':'content_policy'}|refused|released|no",
        "404|{'code':'model_not_found'}|refused|released|no",
        "407|{}|refused|released|no",
        "408|{}|failed|held|no",
        "409|{}|failed|held|no",
        "413|{}|refused|released|no",
        "422|{}|refused|released|no",
        "429|{'code':'rate_limit_exceeded'}|failed|released|yes",
        "429|{'code':'slow_down'}|failed|released|yes",
        "429|{'code':null}|failed|released|yes",
        "429|{}|failed|released|yes",
        "429|{'code':'insufficient_quota'}|refused|released|no",
        "429|{'code':'credit_balance_exhausted'}|refused|released|no",
        "429|{'code':'project_spend_limit_exceeded'}|refused|released|no",
        "429|{'code':'organization_spend_limit_exceeded'}|refused|released|no",
        "429|{'code':'organization_usage_limit_exceeded'}|refused|released|no",
        "429|{'code':'billing_not_active'}|refused|released|no",
        "429|{'code':'billing_hard_limit_reached'}|refused|released|no",
        "500|{'code':'server_error'}|failed|held|yes",
        "501|{}|failed|held|no",
        "502|{}|failed|held|yes",
        "503|{'code':'server_is_overloaded'}|failed|held|yes",
        "504|{}|failed|held|yes",
        "520|{}|failed|held|no",
        "529|{}|failed|held|no",
        "204|{}|failed|held|no",
        "101|{}|failed|held|no",
        "600|{}|failed|held|no",
      })
  void knowsWhatAStatusMeans(
      int status, String error, String outcome, String reservation, String again) {
    ChatResponse response = response(status, "{'error':" + error + "}");

    assertThat(response.outcome()).hasToString(outcome);
    assertThat(response.unbilled()).isEqualTo(reservation.equals("released"));
    assertThat(response.retryable()).isEqualTo(again.equals("yes"));
    assertThat(response.texts()).isEmpty();
  }

  @Test
  void takesAnAnswerUnderAnyStatusButSuccessForNone() {
    ChatResponse response = response(500, "{'choices':[{'message':{'content':'Hi'}}]}");

    assertThat(response.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(response.texts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|{'error':{'code':'invalid_api_key','message':'Bad key'}}|HTTP 401 invalid_api_key: Bad key",
        "400|{'error':{'code':null,'message':'No','param':'n'}}|HTTP 400: No",
        "400|{'error':{'code':400,'message':null}}|HTTP 400",
        "500|{'error':{'code':'500','message':'Oh'}}|HTTP 500: Oh",
        "500|{'error':{'code':400,'message':'Oh'}}|HTTP 500 400: Oh",
        "404|{'error':'model not found'}|HTTP 404: model not found",
        "404|{'error':{}}|HTTP 404",
        "404|{'error':[]}|HTTP 404",
        "404|[]|HTTP 404",
        "502| <html>|HTTP 502: a web page (HTML) came, not an answer. Check base_url, proxy and"
            + " network login",
        "200|<!DOCTYPE html><p>Log in|HTTP 200: a web page (HTML) came, not an answer. Check base_url, proxy and"
            + " network login",
        "503|''|HTTP 503",
        "200|{'error':{'message':'Overloaded'}}|HTTP 200: Overloaded",
      })
  void saysWhatTheApiSaid(int status, String body, String note) {
    assertThat(response(status, body).notes()).containsExactly(note);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0, failed, released, true",
    "true, 0, unknown, held, false",
    "true, 200, unknown, held, false",
    "true, 400, refused, held, false",
    "true, 401, refused, released, false",
    "true, 429, failed, released, true",
    "true, 503, failed, held, true",
  })
  void knowsWhatAReplyMeansThatEndedEarly(
      boolean sent, int status, String outcome, String reservation, boolean again) {
    byte[] body =
        status == 0
            ? null
            : "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}".getBytes(StandardCharsets.UTF_8);
    ChatResponse response =
        ChatResponse.of(new Reply(sent, status, Map.of(), body, "it broke", 1), LIMIT);

    assertThat(response.outcome()).hasToString(outcome);
    assertThat(response.unbilled()).isEqualTo(reservation.equals("released"));
    assertThat(response.retryable()).isEqualTo(again);
    assertThat(response.texts()).isEmpty();
    if (status / 100 != 4 && status / 100 != 5) {
      assertThat(response.notes()).containsExactly("it broke");
    }
  }

  private static ChatResponse response(int status, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ChatResponse.of(new Reply(true, status, Map.of(), bytes, null, 1), LIMIT);
  }
}
