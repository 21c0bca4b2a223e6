package graduate.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node of a conversation's tree and the message in it; many hold none. A field that is missing,
 * or of another type than expected, counts as absent.
 *
 * @param text the words as typed or answered, unchanged
 */
record Node(String id, @Nullable String parent, JsonNode message, String text) {

  static Node of(String id, JsonNode json) {
    JsonNode message = json.path("message");
    StringJoiner text = new StringJoiner("\n");
    for (JsonNode part : message.path("content").path("parts")) {
      String said = word(isTranscript(part) ? part.path("text") : part);
      if (!said.isEmpty()) {
        text.add(said);
      }
    }
    return new Node(id, json.path("parent").textValue(), message, text.toString());
  }

  /** That of the id, which a conversation has once: a message may be large. */
  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** Unix seconds, 0 for anything else; above 1e11 they are milliseconds. */
  static double time(JsonNode json) {
    double time = json.isNumber() ? json.doubleValue() : 0;
    double seconds = time > 1e11 ? time / 1000 : time;
    return seconds > 0 && seconds < 1e11 ? seconds : 0;
  }

  /** The string, or an empty one for anything else. */
  static String word(JsonNode json) {
    return json.isTextual() ? json.textValue() : "";
  }

  /** Whether ChatGPT shows it as a message of the user's. */
  boolean isUser() {
    return role().equals("user") && isShown();
  }

  /** Whether ChatGPT shows it as an answer or a part of one. */
  boolean isAnswer() {
    return role().equals("assistant") && isShown();
  }

  private boolean isShown() {
    boolean hidden =
        metadata().path("is_visually_hidden_from_conversation").asBoolean()
            || metadata().path("is_user_system_message").asBoolean();
    boolean written = type().equals("text") || type().equals("multimodal_text");
    return written && isToAll() && !hidden && (!text.isBlank() || files("") > 0);
  }

  /** How many attachments and images came with it. */
  int files() {
    return files("audio");
  }

  /** The attachments, or if there are more the parts without text, but those of one kind. */
  private int files(String other) {
    int parts = 0;
    for (JsonNode part : content().path("parts")) {
      boolean counts = other.isEmpty() || !word(part.path("content_type")).contains(other);
      parts += part.isObject() && !isTranscript(part) && counts ? 1 : 0;
    }
    return Math.max(metadata().path("attachments").size(), parts);
  }

  private static boolean isTranscript(JsonNode part) {
    return word(part.path("content_type")).equals("audio_transcription");
  }

  /** When it was written, in Unix seconds; 0 where the export has no time. */
  double created() {
    double created = time(message.path("create_time"));
    return created > 0 ? created : time(message.path("update_time"));
  }

  /** When it was changed last, likewise. */
  double changed() {
    double updated = time(message.path("update_time"));
    return updated > 0 ? updated : created();
  }

  boolean isFinal() {
    return word(message.path("channel")).equals("final");
  }

  /** Whether the model was cut off in it, so that the next one goes on. */
  boolean isCut() {
    return word(message.path("status")).equals("finished_partial_completion")
        || word(metadata().path("finish_details").path("type")).equals("max_tokens");
  }

  /** The model that wrote it. */
  @Nullable String model() {
    return metadata().path("model_slug").textValue();
  }

  /** The model that had been chosen. */
  @Nullable String chosen() {
    return metadata().path("default_model_slug").textValue();
  }

  /** The tool that it called or came from; empty where there was none. */
  String tool() {
    String name = word(message.path("author").path("name"));
    return role().equals("tool") ? name : isToAll() ? "" : word(message.path("recipient"));
  }

  /** Whether results of a web search stand behind it. */
  boolean isSearch() {
    return !metadata().path("search_result_groups").isEmpty()
        || tool().startsWith("web")
        || tool().equals("browser");
  }

  boolean isMemory() {
    return !word(content().path("model_set_context")).isBlank() || tool().equals("bio");
  }

  boolean isThinking() {
    return type().equals("thoughts") || type().equals("reasoning_recap");
  }

  /** The custom instructions, where it holds those. */
  String instructions() {
    String now = joined(content(), "user_profile", "user_instructions");
    JsonNode older = metadata().path("user_context_message_data");
    return now.isEmpty() ? joined(older, "about_user_message", "about_model_message") : now;
  }

  private static String joined(JsonNode object, String... fields) {
    return Stream.of(fields)
        .map(field -> word(object.path(field)))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  private JsonNode content() {
    return message.path("content");
  }

  private JsonNode metadata() {
    return message.path("metadata");
  }

  private String role() {
    return word(message.path("author").path("role"));
  }

  private boolean isToAll() {
    return List.of("", "all").contains(word(message.path("recipient")));
  }

  private String type() {
    return word(content().path("content_type"));
  }
}
