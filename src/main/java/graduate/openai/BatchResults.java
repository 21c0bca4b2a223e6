package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The lines of result files, found again by their call, in OpenAI's form or vLLM's. Memory holds
 * where each stands, not what it says.
 */
public final class BatchResults {
  private record Place(Path file, long offset, int length) {}

  private final Map<String, Place> places = new HashMap<>();
  private String broken = "";

  /** Reads a file; of two lines for a call the first counts. */
  public void add(Path file) throws IOException {
    try (BufferedSource in = Okio.buffer(Okio.source(file))) {
      long offset = 0;
      while (!in.exhausted()) {
        long end = in.indexOf((byte) '\n');
        byte[] line = end < 0 ? in.readByteArray() : in.readByteArray(end);
        in.skip(end < 0 ? 0 : 1);
        add(line, new Place(file, offset, line.length));
        offset += line.length + 1;
      }
    }
  }

  private void add(byte[] line, Place place) {
    try {
      String call = JsonTree.read(line, Fractions.EXACT).path("custom_id").asText("");
      places.putIfAbsent(call, place);
    } catch (IOException e) {
      addBroken("a line is no JSON");
    }
  }

  /** Says that not all came, and why. */
  public void addBroken(String why) {
    broken = broken.isEmpty() ? why : broken;
  }

  /** Why a call that is not found may yet have a result; empty where all came whole. */
  public String broken() {
    return broken;
  }

  /** The calls of all lines that name one. */
  public Set<String> calls() {
    places.remove("");
    return places.keySet();
  }

  /** What came of a call; null where no line says. */
  public @Nullable Reply reply(String call) throws IOException {
    Place place = places.get(call);
    if (place == null) {
      return null;
    }
    byte[] line = new byte[place.length()];
    try (RandomAccessFile file = new RandomAccessFile(place.file().toFile(), "r")) {
      file.seek(place.offset());
      file.readFully(line);
    }
    return reply(line);
  }

  /** Failures stand in the status, in the body's error or in the line's, an object or a text. */
  private static Reply reply(byte[] line) throws IOException {
    JsonNode json = JsonTree.read(line, Fractions.EXACT);
    JsonNode response = json.path("response");
    JsonNode error = json.path("error");
    if (error.path("code").asText().equals("batch_expired")) {
      return new Reply(false, 0, Map.of(), null, "the batch expired before it was asked", 0);
    }
    // Old engines put the completion in the body's place.
    boolean bare = response.path("choices").isArray();
    int status = bare ? 200 : response.path("status_code").asInt();
    String id = response.path("request_id").asText("");
    Map<String, String> headers = id.isEmpty() ? Map.of() : Map.of("x-request-id", id);
    if (status > 0 && (bare || response.path("body").isObject())) {
      byte[] body = bare ? JsonTree.raw(line, "response") : JsonTree.raw(line, "response", "body");
      return new Reply(true, status, headers, body, null, 0);
    }
    JsonNode said = error.path("error").isObject() ? error.path("error") : error;
    if (status == 0 || status / 100 == 2) {
      String words = said.path("message").asText(said.asText());
      String problem = words.isEmpty() || said.isNull() ? "no answer in the results" : words;
      return new Reply(true, 0, Map.of(), null, problem, 0);
    }
    byte[] body =
        JsonTree.bytes(JsonNodeFactory.instance.objectNode().set("error", said.deepCopy()));
    return new Reply(true, status, headers, body, null, 0);
  }

  /** What a call of a batch that failed as a whole gets, which nothing was billed for. */
  public static Reply released(String problem) {
    return new Reply(false, 0, Map.of(), null, problem, 0);
  }

  /** What a call gets that nothing accounts for. */
  public static Reply unknown() {
    return new Reply(true, 0, Map.of(), null, "the results do not name it", 0);
  }

  /** Writes a line of a file of requests; the body is JSON. */
  public static void writeLine(String call, byte[] body, OutputStream to) throws IOException {
    String head =
        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":";
    to.write(head.formatted(call).getBytes(StandardCharsets.UTF_8));
    to.write(body);
    to.write(new byte[] {'}', '\n'});
  }
}
