package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import okio.BufferedSource;
import okio.Okio;

/**
 * The lines of a file of results, found again by their call, in OpenAI's form or vLLM's. Memory
 * holds where each stands, not what it says.
 */
public final class BatchResults {
  private final Path file;
  private final Map<String, Long> places = new HashMap<>();
  private String broken;

  /**
   * Reads a file; of two lines for a call the first counts.
   *
   * @param broken why not all of it came; empty where it did
   */
  public BatchResults(Path file, String broken) throws IOException {
    this.file = file;
    this.broken = broken;
    try (BufferedSource in = Okio.buffer(Okio.source(file))) {
      for (long offset = 0; !in.exhausted(); ) {
        byte[] line = line(in);
        try {
          JsonNode json = JsonTree.read(line, Fractions.DOUBLE);
          places.putIfAbsent(json.path("custom_id").asText(), offset);
        } catch (IOException e) {
          this.broken = broken.isEmpty() ? "a line is no JSON" : broken;
        }
        offset += line.length + 1;
      }
    }
    places.remove("");
  }

  /** The next line without its newline, which the last one need not have. */
  private static byte[] line(BufferedSource in) throws IOException {
    long end = in.indexOf((byte) '\n');
    if (end < 0) {
      return in.readByteArray();
    }
    byte[] line = in.readByteArray(end);
    in.skip(1);
    return line;
  }

  /** Why a call that no line names may yet have a result; empty where it can't. */
  public String broken() {
    return broken;
  }

  /** The calls of all lines that name one. */
  public Set<String> calls() {
    return places.keySet();
  }

  /** What came of one of the calls. */
  public Reply reply(String call) {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Objects.requireNonNull(places.get(call)));
      return reply(line(Okio.buffer(Okio.source(in))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Failures stand in the status, in the body's error or in the line's, an object or a text. */
  private static Reply reply(byte[] line) throws IOException {
    JsonNode json = JsonTree.read(line, Fractions.DOUBLE);
    JsonNode response = json.path("response");
    JsonNode error = json.path("error");
    if (error.path("code").asText().equals("batch_expired")) {
      return Reply.none(false, "the batch expired before it was asked");
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
      return Reply.none(
          true, words.isEmpty() || said.isNull() ? "no answer in the results" : words);
    }
    byte[] body =
        JsonTree.bytes(JsonNodeFactory.instance.objectNode().set("error", said.deepCopy()));
    return new Reply(true, status, headers, body, null, 0);
  }
}
