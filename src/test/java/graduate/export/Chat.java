package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A made-up conversation of an export, message by message; what a test needs of it is public JSON.
 */
public final class Chat {
  /** A Monday, 2026-03-02 12:00 UTC. */
  public static final double MONDAY = 1_772_452_800;

  public static final double DAY = 86_400;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  public final ObjectNode json = JSON.createObjectNode();
  private final String id;
  private final ObjectNode mapping;
  private double time;
  private int count;

  /** An empty conversation whose messages come a second apart from {@code time} on. */
  public Chat(String id, String title, double time) {
    this.id = id;
    this.time = time;
    json.put("conversation_id", id).put("title", title);
    json.put("create_time", time).put("update_time", time).put("default_model_slug", "gpt-5");
    mapping = json.putObject("mapping");
    mapping.putObject("root-" + id).put("id", "root-" + id).putNull("parent").putNull("message");
    json.put("current_node", "root-" + id);
  }

  /** One question, one answer. */
  public static Chat of(String id, double time, String question, String answer) {
    Chat chat = new Chat(id, "Title of " + id, time);
    chat.user(question);
    chat.assistant(answer);
    return chat;
  }

  public String user(String text) {
    return add("user", text);
  }

  public String assistant(String text) {
    String node = add("assistant", text);
    message(node).putObject("metadata").put("model_slug", "gpt-5");
    return node;
  }

  /** Adds a message below the current node, which it becomes. */
  public String add(String role, String text) {
    String node = id + "-" + count++;
    ObjectNode at = mapping.putObject(node).put("id", node);
    at.put("parent", current());
    ObjectNode message = at.putObject("message").put("id", node).put("create_time", time++);
    message.putObject("author").put("role", role);
    message.putObject("content").put("content_type", "text").putArray("parts").add(text);
    message.put("status", "finished_successfully").put("recipient", "all");
    message.putObject("metadata");
    return to(node);
  }

  /** Makes a node the current one. */
  public String to(String node) {
    json.put("current_node", node);
    return node;
  }

  /** The first message's node. */
  public String first() {
    return id + "-0";
  }

  public String current() {
    return json.get("current_node").asText();
  }

  public ObjectNode node(String node) {
    return (ObjectNode) mapping.get(node);
  }

  public ObjectNode message(String node) {
    return (ObjectNode) mapping.get(node).get("message");
  }

  public ObjectNode metadata(String node) {
    return (ObjectNode) message(node).get("metadata");
  }

  public ObjectNode content(String node) {
    return (ObjectNode) message(node).get("content");
  }

  /** What {@code conversations.json} looks like with these in it: ASCII, one line. */
  public static byte[] array(Chat... chats) {
    ArrayNode all = JSON.createArrayNode();
    List.of(chats).forEach(c -> all.add((JsonNode) c.json));
    try {
      return JSON.writeValueAsString(all).getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path write(Path file, Chat... chats) throws IOException {
    return Files.write(file, array(chats));
  }

  public static Path write(Path file, List<Chat> chats) throws IOException {
    return write(file, chats.toArray(Chat[]::new));
  }

  public static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }
}
