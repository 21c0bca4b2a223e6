package graduate.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A file whose text went into a request.
 *
 * @param path as it was given; {@code -} is standard input
 * @param sha256 of the file's bytes, in hex
 */
public record Source(String path, String sha256) {
  /** Reads what {@link #json} gave; empty texts where there is none. */
  public static Source of(JsonNode json) {
    return new Source(json.path("path").asText(""), json.path("sha256").asText(""));
  }

  /** As lines hold it. */
  public ObjectNode json() {
    return JsonNodeFactory.instance.objectNode().put("path", path).put("sha256", sha256);
  }
}
