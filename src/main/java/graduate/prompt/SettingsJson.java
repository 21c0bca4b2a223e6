package graduate.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Our own JSON files, read strictly: one object, no key twice, numbers as they are spelt. */
final class SettingsJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private SettingsJson() {}

  /**
   * The object in the file.
   *
   * @throws UnusableException naming file, line and problem
   */
  static ObjectNode read(Path path) {
    try {
      JsonNode json = tree(Text.read(path).text());
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw new UnusableException(path, "is no JSON object");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      String problem = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
      throw new UnusableException(path, line + problem);
    }
  }

  /** {@code text} as JSON where it is, else as a string. */
  static JsonNode value(String text) {
    try {
      JsonNode json = tree(text);
      if (!json.isMissingNode()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Then it is text.
    }
    return JsonNodeFactory.instance.textNode(text);
  }

  private static JsonNode tree(String text) throws JsonProcessingException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonNode json = JsonTree.read(parser, Fractions.EXACT);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "something follows the JSON value");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
