package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, and what bounds its cost.
 *
 * @param body JSON in UTF-8, as it will be sent
 * @param model asked for
 * @param tier the {@code service_tier} asked for; null where there is none
 * @param cacheTtl how long the prompt cache is to keep it; empty where nothing is said
 * @param choices how many answers are asked for
 * @param limit tokens of each, at the most
 */
public record ChatRequest(
    byte[] body, String model, @Nullable String tier, String cacheTtl, long choices, long limit) {

  private static final String LIMIT = "max_completion_tokens";
  private static final String OLDER_LIMIT = "max_tokens";
  private static final Set<String> UNBOUNDED = Set.of("prediction", "audio", "web_search_options");

  /**
   * Puts a message behind the parameters' own messages.
   *
   * @param parameters as they will be sent; few-shot messages among them stand in front
   * @throws UnusableException where a parameter is one whose cost has no known bound, or is missing
   */
  public static ChatRequest of(ObjectNode parameters, String message) {
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    JsonNode before = parameters.path("messages");
    if (!before.isMissingNode() && !before.isArray()) {
      throw new UnusableException("messages: no array: " + before);
    }
    before.forEach(messages::add);
    messages.addObject().put("role", "user").put("content", message);
    String model = parameters.path("model").asText();
    if (!parameters.path("model").isTextual() || model.isEmpty()) {
      throw new UnusableException("model: none is set");
    }
    for (String parameter : UNBOUNDED) {
      if (parameters.has(parameter)) {
        throw new UnusableException(parameter + ": not sent, its cost has no known bound");
      }
    }
    if (model.contains("-search-") || model.contains("-audio-")) {
      throw new UnusableException(model + ": not used, its cost has no known bound");
    }
    for (JsonNode modality : parameters.path("modalities")) {
      if (!modality.asText().equals("text")) {
        throw new UnusableException("modalities: " + modality + " has no known bound of its cost");
      }
    }
    if (parameters.path("stream").asBoolean()) {
      throw new UnusableException("stream: true is not supported");
    }
    messages.forEach(ChatRequest::requireText);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("model", parameters.get("model"));
    body.set("messages", messages);
    ObjectNode others = parameters.deepCopy();
    others.remove(List.of("model", "messages"));
    body.setAll(others);
    return new ChatRequest(
        bytes(body),
        model,
        parameters.path("service_tier").textValue(),
        parameters.path("prompt_cache_options").path("ttl").asText(""),
        choices(parameters),
        limit(parameters));
  }

  /** Tokens of all choices together, at the most. */
  public long completions() {
    return Math.multiplyExact(choices, limit);
  }

  /**
   * Makes sure that cache writes cost what our own prices say, which hold for the shortest life.
   *
   * @throws UnusableException where another life is asked for
   */
  public void requireShortCache() {
    if (!cacheTtl.isEmpty() && !cacheTtl.equals("30m")) {
      throw new UnusableException(
          "prompt_cache_options.ttl: "
              + cacheTtl
              + ": what writing it costs is not known. Give the model a row of your own in"
              + " \"prices\", with \"cache_write\"");
    }
  }

  private static long limit(ObjectNode parameters) {
    boolean newer = parameters.has(LIMIT);
    if (newer == parameters.has(OLDER_LIMIT)) {
      throw new UnusableException(
          newer
              ? "max_completion_tokens, max_tokens: only one may be set; null removes the other"
              : "max_completion_tokens: needed to bound the cost (max_tokens for other servers)");
    }
    return atLeastOne(parameters, newer ? LIMIT : OLDER_LIMIT);
  }

  private static long choices(ObjectNode parameters) {
    return parameters.has("n") ? atLeastOne(parameters, "n") : 1;
  }

  private static long atLeastOne(ObjectNode parameters, String name) {
    JsonNode value = parameters.path(name);
    if (!value.isInt() || value.asInt() < 1) {
      throw new UnusableException(name + ": no whole number of 1 or more: " + value);
    }
    return value.asInt();
  }

  private static void requireText(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isObject()) {
      throw new UnusableException("messages: a content that is an object: " + content);
    }
    for (JsonNode part : content) {
      JsonNode type = part.path("type");
      if (!type.asText().equals("text") && !type.asText().equals("refusal")) {
        throw new UnusableException("messages: " + type + " has no known bound of its cost");
      }
    }
    if (message.has("audio")) {
      throw new UnusableException("messages: audio has no known bound of its cost");
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JsonTree.bytes(json);
    } catch (IOException e) {
      throw new UnusableException("the request is no JSON: " + e.getMessage());
    }
  }

  /**
   * The most tokens that the input can be: one a byte, for no byte-level BPE makes more tokens than
   * bytes.
   */
  public long inputBound() {
    return body.length;
  }

  /** The body as text. */
  public String json() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
