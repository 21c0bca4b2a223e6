package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reply says, read with tolerance: any field may be absent or of another type.
 *
 * @param outcome how the attempt ended
 * @param texts of the choices, in order, without those that have none
 * @param notes why the answer is incomplete, or what the API said instead; a line each
 * @param refusal the model's own words where it refused
 */
public record ChatResponse(
    Reply reply,
    JsonNode json,
    Outcome outcome,
    List<String> texts,
    List<String> notes,
    @Nullable String refusal) {

  private static final Set<String> NEVER_AGAIN =
      Set.of(
          "insufficient_quota",
          "credit_balance_exhausted",
          "project_spend_limit_exceeded",
          "organization_spend_limit_exceeded",
          "organization_usage_limit_exceeded",
          "billing_not_active",
          "billing_hard_limit_reached");
  private static final Set<Integer> RETRIED = Set.of(429, 500, 502, 503, 504);
  private static final String SPEAKS_OF_CONTENT = "(?is).*(content|policy|safety).*";

  /** Whether there is something to print. */
  public boolean isUsable() {
    return outcome == Outcome.ANSWERED || outcome == Outcome.INCOMPLETE;
  }

  /**
   * Reads a reply.
   *
   * @param limit the parameter that bounds a choice's tokens
   */
  public static ChatResponse of(Reply reply, String limit) {
    JsonNode json = parse(reply.body());
    int status = reply.status();
    boolean success = status / 100 == 2;
    if (status == 0 || (success && reply.problem() != null)) {
      Outcome outcome = reply.sent() ? Outcome.UNKNOWN : Outcome.FAILED;
      return none(reply, json, outcome, String.valueOf(reply.problem()));
    }
    if (success && json.path("choices").path(0).isObject()) {
      return answer(reply, json, limit);
    }
    String code = json.path("error").path("code").asText();
    boolean again = status == 429 && !NEVER_AGAIN.contains(code);
    Outcome outcome = saysNo(status) && !again ? Outcome.REFUSED : Outcome.FAILED;
    return none(reply, json, outcome, "HTTP " + status + said(reply, json));
  }

  /**
   * Reads the body of a response that a log holds.
   *
   * @param body as received
   */
  public static ChatResponse of(byte[] body) {
    return of(new Reply(true, 200, Map.of(), body, null, 0), ChatRequest.LIMIT);
  }

  private static JsonNode parse(byte @Nullable [] body) {
    try {
      // An exponent that no decimal can hold must not lose an answer.
      return JsonTree.read(body == null ? new byte[0] : body, Fractions.DOUBLE);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static ChatResponse none(Reply reply, JsonNode json, Outcome outcome, String note) {
    return new ChatResponse(reply, json, outcome, List.of(), List.of(note), null);
  }

  private static ChatResponse answer(Reply reply, JsonNode json, String limit) {
    List<String> texts = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    String refusal = null;
    for (JsonNode choice : json.path("choices")) {
      texts.add(text(choice, "content"));
      notes.add(shortfall(choice, limit));
      refusal = text(choice, "refusal").isEmpty() ? refusal : text(choice, "refusal");
    }
    texts.removeIf(String::isEmpty);
    notes.remove("");
    Outcome outcome = notes.isEmpty() ? Outcome.ANSWERED : Outcome.INCOMPLETE;
    return new ChatResponse(reply, json, outcome, texts, List.copyOf(notes), refusal);
  }

  private static String text(JsonNode choice, String field) {
    JsonNode text = choice.path("message").path(field);
    return text.isTextual() ? text.textValue() : "";
  }

  /** Why a choice is incomplete, empty where it is not. */
  private static String shortfall(JsonNode choice, String limit) {
    String tool = "the model asks to call a tool, which Graduate does not do";
    boolean calls = !choice.path("message").path("tool_calls").isEmpty();
    boolean empty = text(choice, "content").isEmpty();
    if (!text(choice, "refusal").isEmpty()) {
      return "the model refused";
    }
    return switch (choice.path("finish_reason").asText()) {
      case "length" ->
          (empty ? "reasoning used up every token and left no text" : "the answer was cut off")
              + (". Raise " + limit)
              + (empty ? " or lower reasoning_effort" : "");
      case "content_filter" -> "the content filter cut the answer off";
      case "tool_calls", "function_call" -> tool;
      default -> calls ? tool : empty ? "the answer has no text" : "";
    };
  }

  /** Whether the API did nothing, by its status. */
  static boolean saysNo(int status) {
    return status >= 300 && status < 500 && status != 408 && status != 409;
  }

  private static String said(Reply reply, JsonNode json) {
    JsonNode error = json.path("error");
    String code = error.path("code").asText("");
    String message = (error.isTextual() ? error : error.path("message")).asText("");
    String known = code.isEmpty() || code.equals("" + reply.status()) ? "" : " " + code;
    if (!message.isEmpty()) {
      return known + ": " + message;
    }
    if (isPage(reply.body())) {
      return ": a web page (HTML) came, not an answer. Check base_url, proxy and network login";
    }
    return reply.status() / 100 == 2 ? ": the body is no answer" : known;
  }

  private static boolean isPage(byte @Nullable [] body) {
    return body != null && new String(body, StandardCharsets.UTF_8).stripLeading().startsWith("<");
  }

  /** Whether nothing can have been billed, so that the reservation may be released. */
  public boolean unbilled() {
    JsonNode error = json.path("error");
    String kind = error.path("code").asText() + " " + error.path("type").asText();
    // A 400 of which nothing can be read may speak of content too.
    boolean content = kind.matches(SPEAKS_OF_CONTENT) || reply.problem() != null;
    return !reply.sent() || (saysNo(reply.status()) && !(reply.status() == 400 && content));
  }

  /**
   * Whether a second try may bring an answer. What was sent may be billed all the same, so it stays
   * held; it is none that may still be running, of which no status came.
   */
  public boolean retryable() {
    return outcome == Outcome.FAILED && (!reply.sent() || RETRIED.contains(reply.status()));
  }

  /** Whether a choice ended at the limit of tokens. */
  public boolean isCut() {
    return json.path("choices").findValuesAsText("finish_reason").contains("length");
  }

  /** The answer's {@code usage}, a missing node where there is none. */
  public JsonNode usage() {
    return json.path("usage");
  }

  /** The model that answered. */
  public Optional<String> model() {
    return Optional.ofNullable(json.path("model").textValue());
  }

  /** The tier that served. */
  public Optional<String> tier() {
    return Optional.ofNullable(json.path("service_tier").textValue());
  }

  /** The answer as it is printed: with one newline at the end if there is none. */
  public String text() {
    String received = received();
    return received.isEmpty() || received.endsWith("\n") ? received : received + "\n";
  }

  /** The answer as it came: every choice's text, a blank line between two. */
  public String received() {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(all.isEmpty() ? "" : all.charAt(all.length() - 1) == '\n' ? "\n" : "\n\n");
      all.append(text);
    }
    return all.toString();
  }
}
