package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
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

  /** Reads a reply. */
  public static ChatResponse of(Reply reply) {
    JsonNode json = parse(reply.body());
    boolean whole = reply.problem() == null;
    List<String> notes = new ArrayList<>();
    if (reply.status() / 100 == 2 && whole && json.path("choices").path(0).isObject()) {
      return answer(reply, json, notes);
    }
    Outcome outcome;
    if (reply.status() == 0 || (reply.status() / 100 == 2 && !whole)) {
      outcome = reply.sent() ? Outcome.UNKNOWN : Outcome.FAILED;
      notes.add(String.valueOf(reply.problem()));
    } else {
      outcome = refused(reply.status(), json) ? Outcome.REFUSED : Outcome.FAILED;
      notes.add("HTTP " + reply.status() + said(reply, json));
    }
    return new ChatResponse(reply, json, outcome, List.of(), notes, null);
  }

  /**
   * Reads the body of a response that a log holds.
   *
   * @param body as received
   */
  public static ChatResponse of(byte[] body) {
    return of(new Reply(true, 200, Map.of(), body, null, 0));
  }

  private static JsonNode parse(byte @Nullable [] body) {
    try {
      // An exponent that no decimal can hold must not lose an answer.
      return JsonTree.read(body == null ? new byte[0] : body, Fractions.DOUBLE);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static ChatResponse answer(Reply reply, JsonNode json, List<String> notes) {
    List<String> texts = new ArrayList<>();
    String refusal = null;
    for (JsonNode choice : json.path("choices")) {
      JsonNode message = choice.path("message");
      String text = message.path("content").asText("");
      String reason = choice.path("finish_reason").asText("");
      if (!text.isEmpty()) {
        texts.add(text);
      }
      if (message.path("refusal").isTextual() && !message.path("refusal").asText().isEmpty()) {
        refusal = message.path("refusal").asText();
        notes.add("the model refused");
      } else if (reason.equals("length")) {
        notes.add(
            text.isEmpty()
                ? "reasoning used up every token and left no text. Raise max_completion_tokens or"
                    + " lower reasoning_effort"
                : "the answer was cut off. Raise max_completion_tokens");
      } else if (reason.equals("content_filter")) {
        notes.add("the content filter cut the answer off");
      } else if (reason.equals("tool_calls")
          || reason.equals("function_call")
          || !message.path("tool_calls").isEmpty()) {
        notes.add("the model asks to call a tool, which Graduate does not do");
      } else if (text.isEmpty()) {
        notes.add("the answer has no text");
      }
    }
    Outcome outcome = notes.isEmpty() ? Outcome.ANSWERED : Outcome.INCOMPLETE;
    return new ChatResponse(
        reply, json, outcome, texts, List.copyOf(new LinkedHashSet<>(notes)), refusal);
  }

  private static boolean refused(int status, JsonNode json) {
    return switch (status) {
      case 408, 409 -> false;
      case 429 -> NEVER_AGAIN.contains(json.path("error").path("code").asText());
      default -> status >= 300 && status < 500;
    };
  }

  private static String said(Reply reply, JsonNode json) {
    JsonNode error = json.path("error");
    String code = error.path("code").asText("");
    String message = (error.isTextual() ? error : error.path("message")).asText("");
    if (reply.status() / 100 == 2 && message.isEmpty()) {
      return ": the body is no answer";
    }
    return (code.isEmpty() ? "" : " " + code) + (message.isEmpty() ? "" : ": " + message);
  }

  /** Whether nothing can have been billed, so that the reservation may be released. */
  public boolean unbilled() {
    int status = reply.status();
    boolean refused = status >= 300 && status < 500 && status != 408 && status != 409;
    JsonNode error = json.path("error");
    String kind = error.path("code").asText() + " " + error.path("type").asText();
    // A 400 of which nothing can be read may speak of content too.
    boolean content = status == 400 && (kind.matches(SPEAKS_OF_CONTENT) || reply.problem() != null);
    return !reply.sent() || (refused && !content);
  }

  /** Whether a second try may bring an answer without paying twice for this one. */
  public boolean retryable() {
    return outcome == Outcome.FAILED && (!reply.sent() || RETRIED.contains(reply.status()));
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

  /**
   * The answer as it is printed: every choice's text, a blank line between two, and one newline at
   * the end if there is none.
   */
  public String text() {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      if (!all.isEmpty()) {
        all.append('\n');
      }
      all.append(text);
      if (!text.endsWith("\n")) {
        all.append('\n');
      }
    }
    return all.toString();
  }
}
