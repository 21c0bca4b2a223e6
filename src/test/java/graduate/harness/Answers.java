package graduate.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/** Bodies as the endpoint sends them. */
public final class Answers {
  public static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Answers() {}

  /** One whole answer, or several; 9 tokens in, 2 out. */
  public static String completion(String... texts) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", "chatcmpl-1").put("object", "chat.completion").put("created", 1);
    json.put("model", "gpt-5.6-luna").putArray("choices");
    for (String text : texts) {
      choice(json, text, "stop");
    }
    json.putObject("usage")
        .put("prompt_tokens", 9)
        .put("completion_tokens", 2)
        .put("total_tokens", 11);
    return json.toString();
  }

  /** An answer that ended for {@code reason}. */
  public static String ended(String reason, String text) {
    ObjectNode json = (ObjectNode) json(completion());
    choice(json, text, reason);
    return json.toString();
  }

  /** An answer in which the model refuses. */
  public static String refusal(String text) {
    ObjectNode json = (ObjectNode) json(completion(""));
    ((ObjectNode) json.at("/choices/0/message")).putNull("content").put("refusal", text);
    return json.toString();
  }

  private static void choice(ObjectNode json, String text, String reason) {
    ObjectNode choice = json.withArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", reason);
    choice.putObject("message").put("role", "assistant").put("content", text);
  }

  /** An error body. */
  public static String error(String code, String message) {
    ObjectNode json = MAPPER.createObjectNode();
    json.putObject("error").put("message", message).put("type", "error").put("code", code);
    return json.toString();
  }

  public static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
