package graduate.export;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one conversation from the stream. Nothing is taken for granted: a field that is missing, or
 * of another type than expected, counts as absent; only without a mapping there is nothing to read.
 */
final class ConversationReader {
  private final JsonParser in;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private boolean mapped;
  private @Nullable String id;
  private @Nullable String otherId;
  private @Nullable String title;
  private @Nullable String current;
  private @Nullable String model;
  private @Nullable String gizmo;
  private double created;
  private double updated;

  ConversationReader(JsonParser in) {
    this.in = in;
  }

  /** What to do with the value of a field, at which the parser stands. */
  interface Field {
    void read(String name) throws IOException;
  }

  /**
   * Goes through the fields of the object that the parser stands at, or over any other value. What
   * {@code field} leaves of a value is skipped.
   */
  static void each(JsonParser in, Field field) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field.read(name);
      in.skipChildren();
    }
  }

  /** The string that the parser stands at, or null at anything else. */
  static @Nullable String text(JsonParser in) throws IOException {
    return in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : null;
  }

  /** Unix seconds, 0 for anything else; above 1e11 they are milliseconds. */
  static double time(JsonParser in) throws IOException {
    if (in.currentToken() == null || !in.currentToken().isNumeric()) {
      return 0;
    }
    double time = in.getDoubleValue();
    double seconds = time > 1e11 ? time / 1000 : time;
    return seconds > 0 && seconds < 1e11 ? seconds : 0;
  }

  /** Takes in the value of one of a conversation's fields. */
  void field(String name) throws IOException {
    switch (name) {
      case "conversation_id" -> id = text(in);
      case "id" -> otherId = text(in);
      case "title" -> title = text(in);
      case "create_time" -> created = time(in);
      case "update_time" -> updated = time(in);
      case "current_node" -> current = text(in);
      case "default_model_slug" -> model = text(in);
      case "gizmo_id" -> gizmo = text(in);
      case "mapping" -> {
        mapped = in.currentToken() == JsonToken.START_OBJECT;
        each(in, this::node);
      }
      default -> {}
    }
  }

  /** The conversation read, or null if it had no mapping. */
  @Nullable Conversation conversation(String file, int index) {
    if (!mapped) {
      return null;
    }
    String key = id != null ? id : otherId != null ? otherId : file + "#" + index;
    Head head = new Head(key, title, created, updated, model, gizmo, file, index);
    return new Conversation(head, nodes, current);
  }

  private void node(String key) throws IOException {
    @Nullable String[] parent = {null};
    MessageReader message = new MessageReader(in);
    each(
        in,
        name -> {
          if (name.equals("parent")) {
            parent[0] = text(in);
          } else if (name.equals("message")) {
            each(in, message::field);
          }
        });
    nodes.put(key, new Node(key, parent[0], message.message()));
  }
}
