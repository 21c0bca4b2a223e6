package graduate.prompt;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/** Our own JSON files, read strictly: one object, no key twice, numbers as they are spelt. */
final class SettingsJson {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private SettingsJson() {}

  /**
   * The object in the file.
   *
   * @throws PromptException naming file, line and problem
   */
  static ObjectNode read(Path path) {
    try {
      JsonNode json = tree(Text.read(path).text());
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw new PromptException(path, "is no JSON object");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      String problem = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
      throw new PromptException(path, line + problem);
    }
  }

  /** {@code text} as JSON where it is, else as a string. */
  static JsonNode value(String text) {
    return json(text).orElseGet(() -> MAPPER.getNodeFactory().textNode(text));
  }

  private static Optional<JsonNode> json(String text) {
    try {
      JsonNode json = tree(text);
      return json.isMissingNode() ? Optional.empty() : Optional.of(json);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static JsonNode tree(String text) throws JsonProcessingException {
    try {
      return MAPPER.readTree(text);
    } catch (NumberFormatException e) {
      throw new JsonParseException(null, "an exponent that no number can have", e);
    }
  }
}
