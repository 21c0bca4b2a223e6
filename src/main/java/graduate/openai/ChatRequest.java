package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
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
 * @param limit the parameter that bounds a choice's tokens
 * @param choices how many answers are asked for
 * @param completions tokens of all choices together, at the most
 */
public record ChatRequest(
    byte[] body,
    String model,
    @Nullable String tier,
    String cacheTtl,
    String limit,
    long choices,
    long completions) {

  /** The parameter that bounds a choice's tokens, where no older server is asked. */
  public static final String LIMIT = "max_completion_tokens";

  private static final String OLDER_LIMIT = "max_tokens";

  /** The parameters of which one bounds a choice's tokens. */
  public static final List<String> LIMITS = List.of(LIMIT, OLDER_LIMIT);

  private static final Set<String> UNBOUNDED = Set.of("prediction", "audio", "web_search_options");

  /**
   * Puts a message behind the parameters' own messages.
   *
   * @param parameters as they will be sent; few-shot messages among them stand in front
   * @throws UnusableException where a parameter is one whose cost has no known bound, or is missing
   */
  public static ChatRequest of(ObjectNode parameters, String message) {
    String model = parameters.path("model").asText();
    if (!parameters.path("model").isTextual() || model.isEmpty()) {
      throw new UnusableException("model: none is set");
    }
    requireBound(model, parameters);
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    ArrayNode messages = body.putArray("messages");
    parameters.path("messages").forEach(messages::add);
    messages.addObject().put("role", "user").put("content", message);
    messages.forEach(ChatRequest::requireText);
    parameters.properties().forEach(each -> body.putIfAbsent(each.getKey(), each.getValue()));
    StrictJson numbers = new StrictJson("", parameters);
    String limit = limit(parameters);
    long choices = parameters.has("n") ? numbers.whole("n", 1) : 1;
    return new ChatRequest(
        bytes(body),
        model,
        parameters.path("service_tier").textValue(),
        parameters.path("prompt_cache_options").path("ttl").asText(""),
        limit,
        choices,
        numbers.whole(limit, 1) * choices);
  }

  private static void requireBound(String model, ObjectNode parameters) {
    for (String parameter : UNBOUNDED) {
      if (parameters.has(parameter)) {
        throw unbounded(parameter);
      }
    }
    if (model.contains("-search-") || model.contains("-audio-")) {
      throw unbounded(model);
    }
    requireKinds("modalities", parameters.path("modalities"), Set.of("text"));
    requireKinds("tools", parameters.path("tools"), Set.of("function", "custom"));
    if (parameters.path("stream").asBoolean()) {
      throw new UnusableException("stream: true is not supported");
    }
  }

  private static void requireText(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isObject() || message.has("audio")) {
      throw unbounded("messages: audio, or a content that is an object");
    }
    requireKinds("messages", content, Set.of("text", "refusal"));
  }

  /** Each must be of a type, or be a modality, whose tokens are bounded. */
  private static void requireKinds(String name, JsonNode all, Set<String> bounded) {
    for (JsonNode each : all) {
      JsonNode kind = name.equals("modalities") ? each : each.path("type");
      if (!bounded.contains(kind.asText())) {
        throw unbounded(name + ": " + kind);
      }
    }
  }

  private static UnusableException unbounded(String what) {
    return new UnusableException(what + ": not sent, its cost has no known bound");
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
              + ": what such cache writes cost is not known, only those of 30m. Add the model to"
              + " \"prices\" with its \"cache_write\"");
    }
  }

  private static String limit(ObjectNode parameters) {
    if (parameters.has(LIMIT) == parameters.has(OLDER_LIMIT)) {
      throw new UnusableException(
          LIMIT + ": needed to bound the cost (or " + OLDER_LIMIT + ", for other servers)");
    }
    return parameters.has(LIMIT) ? LIMIT : OLDER_LIMIT;
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
}
