package graduate.export;

import static graduate.export.ConversationReader.each;
import static graduate.export.ConversationReader.text;
import static graduate.export.ConversationReader.time;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import graduate.export.Message.Kind;
import graduate.export.Message.Role;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one message of a conversation, field by field in whatever order they come. */
final class MessageReader {
  private final JsonParser in;
  private boolean present;
  private String role = "";
  private String name = "";
  private String recipient = "all";
  private String type = "";
  private @Nullable String model;
  private @Nullable String wanted;
  private String text = "";
  private String editable = "";
  private String about = "";
  private boolean memory;
  private int attachments;
  private int parts;
  private int sounds;
  private double created;
  private double updated;
  private boolean hidden;
  private boolean last;
  private boolean cut;
  private boolean searched;

  MessageReader(JsonParser in) {
    this.in = in;
  }

  void field(String field) throws IOException {
    present = true;
    switch (field) {
      case "author" ->
          each(
              in,
              f -> {
                if (f.equals("role")) {
                  role = word();
                } else if (f.equals("name")) {
                  name = word();
                }
              });
      case "create_time" -> created = time(in);
      case "update_time" -> updated = time(in);
      case "recipient" -> recipient = in.currentToken() == JsonToken.VALUE_STRING ? word() : "all";
      case "channel" -> last = word().equals("final");
      case "status" -> cut |= word().equals("finished_partial_completion");
      case "content" -> each(in, this::content);
      case "metadata" -> each(in, this::metadata);
      default -> {}
    }
  }

  /** The message, or null if there was none. */
  @Nullable Message message() {
    if (!present) {
      return null;
    }
    Role who =
        role.equals("user") ? Role.USER : role.equals("assistant") ? Role.ASSISTANT : Role.OTHER;
    boolean toAll = recipient.equals("all");
    String tool = role.equals("tool") ? name : toAll ? "" : recipient;
    boolean written = type.equals("text") || type.equals("multimodal_text");
    Kind kind = kind(tool);
    String words = kind != Kind.INSTRUCTIONS ? text : editable.isEmpty() ? about : editable;
    int files = Math.max(attachments, parts - sounds);
    boolean some = !words.isBlank() || attachments + parts > 0;
    boolean visible = who != Role.OTHER && toAll && !hidden && written && some;
    boolean web = searched || tool.startsWith("web") || tool.equals("browser");
    return new Message(
        who, kind, visible, words, files, created, updated, last, cut, model, wanted, tool, web);
  }

  private Kind kind(String tool) {
    if (!editable.isEmpty() || !about.isEmpty()) {
      return Kind.INSTRUCTIONS;
    }
    if (memory || tool.equals("bio")) {
      return Kind.MEMORY;
    }
    boolean thinking = type.equals("thoughts") || type.equals("reasoning_recap");
    return thinking ? Kind.THINKING : Kind.PLAIN;
  }

  private void content(String field) throws IOException {
    switch (field) {
      case "content_type" -> type = word();
      case "parts" -> items(this::part);
      case "user_profile", "user_instructions" -> editable = joined(editable, "\n\n", word());
      case "model_set_context" -> memory = !word().isBlank();
      default -> {}
    }
  }

  private void part() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      text = joined(text, "\n", word());
      return;
    }
    String[] found = {"", ""};
    each(
        in,
        f -> {
          if (f.equals("content_type")) {
            found[0] = word();
          } else if (f.equals("text")) {
            found[1] = word();
          }
        });
    if (found[0].equals("audio_transcription")) {
      text = joined(text, "\n", found[1]);
    } else {
      parts++;
      sounds += found[0].contains("audio") ? 1 : 0;
    }
  }

  private void metadata(String field) throws IOException {
    switch (field) {
      case "is_visually_hidden_from_conversation", "is_user_system_message" ->
          hidden |= in.currentToken() == JsonToken.VALUE_TRUE;
      case "user_context_message_data" ->
          each(
              in,
              f -> {
                if (f.startsWith("about_")) {
                  about = joined(about, "\n\n", word());
                }
              });
      case "attachments" -> items(() -> attachments++);
      case "search_result_groups" -> items(() -> searched = true);
      case "model_slug" -> model = text(in);
      case "default_model_slug" -> wanted = text(in);
      case "finish_details" ->
          each(in, f -> cut |= f.equals("type") && word().equals("max_tokens"));
      default -> {}
    }
  }

  /** Goes through the array that the parser stands at, or over any other value. */
  private void items(Item item) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    for (JsonToken t = in.nextToken(); t != null && t != JsonToken.END_ARRAY; t = in.nextToken()) {
      item.read();
      in.skipChildren();
    }
  }

  private interface Item {
    void read() throws IOException;
  }

  private String word() throws IOException {
    String word = text(in);
    return word == null ? "" : word;
  }

  private static String joined(String first, String between, String next) {
    return first.isEmpty() ? next : next.isEmpty() ? first : first + between + next;
  }
}
