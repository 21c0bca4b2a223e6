package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The body as it is sent, and what is refused because its cost has no bound. */
class ChatRequestTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  @Test
  void putsTheMessageBehindThoseOfTheParameters() throws IOException {
    ChatRequest request =
        request(
            """
            {"seed": 1, "max_completion_tokens": 5, "model": "m", "messages":
             [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "a"},
              {"role": "assistant", "content": [{"type": "text", "text": "b"}]}]}""");

    assertThat(request.body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            ("{'model':'m','messages':[{'role':'system','content':'Be brief'},"
                    + "{'role':'user','content':'a'},"
                    + "{'role':'assistant','content':[{'type':'text','text':'b'}]},"
                    + "{'role':'user','content':'Hello'}],"
                    + "'seed':1,'max_completion_tokens':5}")
                .replace('\'', '"'));
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.tier()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nb\rc\n",
        "no final newline",
        "\u0000\u001F\u007F",
        "👋🏽 𝒳",
        "e\u0301 \u0301",
        "\u202E\uFEFF",
        "{{x}} ${x} %s $1 \\1 \" \\ / </script>",
        "\u2028\u2029\uFFFF",
        " "
      })
  void sendsEveryCharacterOfTheMessage(String message) throws IOException {
    ChatRequest request = ChatRequest.of(parameters(""), message);
    JsonNode sent = MAPPER.readTree(request.body()).path("messages").path(0);

    assertThat(sent.path("content").asText()).isEqualTo(message);
    assertThat(request.inputBound())
        .isEqualTo(request.body().length)
        .isGreaterThan(message.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void sendsEveryDigitOfANumber() throws IOException {
    String numbers = "[1.00,0.10,1E+400,12345678901234567890123,0.1234567890123456789,-1]";
    assertThat(request(with("\"logit_bias\": " + numbers)).body())
        .asString(StandardCharsets.UTF_8)
        .contains(numbers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'max_completion_tokens': 7|7",
        "'max_tokens': 7|7",
        "'max_tokens': 7, 'n': 3|21",
        "'max_tokens': 2147483647, 'n': 2147483647|4611686014132420609",
      })
  void boundsTheCompletionsOfAllChoices(String limits, long completions) throws IOException {
    assertThat(request("{'model': 'm', " + limits + "}").completions()).isEqualTo(completions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'model': 'm'|max_completion_tokens: needed to bound the cost (or max_tokens, for other servers)",
        "'model': 'm', 'max_tokens': 1, 'max_completion_tokens': 1"
            + "|max_completion_tokens: needed to bound the cost (or max_tokens,",
        "'model': 'm', 'max_tokens': 0|max_tokens: must be a whole number, 1 or more, not 0",
        "'model': 'm', 'max_tokens': -5|max_tokens: must be a whole number, 1 or more, not -5",
        "'model': 'm', 'max_tokens': '5'|max_tokens: must be a whole number, 1 or more, not '5'",
        "'model': 'm', 'max_tokens': 5.0|max_tokens: must be a whole number, 1 or more, not 5.0",
        "'model': 'm', 'max_tokens': 1e3|max_tokens: must be a whole number, 1 or more, not 1E+3",
        "'model': 'm', 'max_tokens': true|max_tokens: must be a whole number, 1 or more, not true",
        "'model': 'm', 'max_tokens': 4294967297|max_tokens: must be a whole number, 1 or more, not 4294967297",
        "'model': 'm', 'max_tokens': 5, 'n': 0|n: must be a whole number, 1 or more, not 0",
        "'model': 'm', 'max_tokens': 5, 'n': 1.5|n: must be a whole number, 1 or more, not 1.5",
        "'model': 'm', 'max_tokens': 5, 'n': [3]|n: must be a whole number, 1 or more, not [3]",
        "'model': 'm', 'max_tokens': 5, 'n': '3'|n: must be a whole number, 1 or more, not '3'",
        "'max_tokens': 5|model: none is set",
        "'model': '', 'max_tokens': 5|model: none is set",
        "'model': 4, 'max_tokens': 5|model: none is set",
        "'model': 'm', 'max_tokens': 5, 'stream': true|stream: true is not supported",
        "'model': 'm', 'max_tokens': 5, 'stream': 'true'|stream: true is not supported",
        "'model': 'm', 'max_tokens': 5, 'prediction': {}|prediction: not sent,",
        "'model': 'm', 'max_tokens': 5, 'audio': {}|audio: not sent,",
        "'model': 'm', 'max_tokens': 5, 'web_search_options': {}|web_search_options: not sent,",
        "'model': 'm', 'max_tokens': 5, 'tools': [{'type': 'web_search'}]|tools: \"web_search\": not",
        "'model': 'm', 'max_tokens': 5, 'modalities': ['text', 'audio']|modalities: 'audio': not sent,",
        "'model': 'm', 'max_tokens': 5, 'tools': ['function']|tools: : not sent, its cost",
        "'model': 'm', 'max_tokens': 5, 'modalities': [{'type': 'text'}]|modalities: {'type':'text'}: not",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': [{'type': 'image_url'}]}]"
            + "|messages: 'image_url': not sent,",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': [{'type': 'input_audio'}]}]"
            + "|messages: 'input_audio': not sent,",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': [{'type': 'file'}]}]"
            + "|messages: 'file': not sent,",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': [{'text': 'a'}]}]|messages: ",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': ['a']}]|messages: ",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'content': {'type': 'image_url'}}]|messages: ",
        "'model': 'm', 'max_tokens': 5, 'messages': [{'role': 'assistant', 'audio': {'id': 'x'}}]"
            + "|messages: audio, or a content that is an object: not sent,",
        "'model': 'gpt-4o-search-preview', 'max_tokens': 5|gpt-4o-search-preview: not sent,",
        "'model': 'gpt-4o-audio-preview', 'max_tokens': 5|gpt-4o-audio-preview: not sent,",
      })
  void refusesWhatHasNoBound(String parameters, String problem) {
    assertThatThrownBy(() -> request("{" + parameters + "}"))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(problem.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'stream': false",
        "'modalities': ['text']",
        "'messages': []",
        "'messages': [{'role': 'assistant', 'content': null, 'tool_calls': []}]",
        "'messages': [{'role': 'assistant', 'content': [{'type': 'refusal', 'refusal': 'No'}]}]",
        "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {'a': null}}}",
        "'stop': '\\ud800'",
        "'tools': [{'type': 'function'}]",
        "'unheard_of': {'a': [1, null]}",
      })
  void passesEverythingElseOn(String parameter) throws IOException {
    String quoted = parameter.replace('\'', '"');
    ObjectNode given = (ObjectNode) MAPPER.readTree("{" + quoted + "}");
    JsonNode sent = MAPPER.readTree(request(with(parameter)).body());

    given.remove("messages");
    given.properties().forEach(p -> assertThat(sent.get(p.getKey())).isEqualTo(p.getValue()));
    assertThat(
            sent.path("messages").path(sent.path("messages").size() - 1).path("content").asText())
        .isEqualTo("Hello");
  }

  private static ChatRequest request(String json) throws IOException {
    return ChatRequest.of((ObjectNode) MAPPER.readTree(json.replace('\'', '"')), "Hello");
  }

  private static String with(String parameter) {
    return "{'model': 'm', 'max_tokens': 5, " + parameter + "}";
  }

  private static ObjectNode parameters(String more) throws IOException {
    String json =
        "{\"model\": \"m\", \"max_tokens\": 5" + (more.isEmpty() ? "" : ", ") + more + "}";
    return (ObjectNode) MAPPER.readTree(json);
  }
}
