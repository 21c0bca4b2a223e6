package graduate.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Reads and writes trees with Jackson's parser and generator alone: its {@code ObjectMapper} loads
 * 500 classes and the locale's dates, a third of the start of a run.
 */
public final class JsonTree {
  /** What becomes of a number with a point or an exponent. */
  public enum Fractions {
    /** Every digit is kept. An exponent that no {@link BigDecimal} can hold is an error. */
    EXACT,
    /** As near as a double is, infinite at the worst. */
    DOUBLE
  }

  /** The deepest JSON that is read or written: a log's line around the deepest body. */
  private static final int DEPTH = 1010;

  /** JSON of any length, but of that depth; every digit of every number is kept. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(DEPTH)
                  .build())
          .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(DEPTH).build())
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Names are whatever a server sends: many that hash alike are no error.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonTree() {}

  /**
   * The first value in {@code json}; a missing node where there is none.
   *
   * @throws JsonParseException where there is no JSON
   */
  public static JsonNode read(byte[] json, Fractions fractions) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return parser.nextToken() == null ? NODES.missingNode() : value(parser, fractions);
    }
  }

  /** The value whose first token is the parser's current one; its last is, then. */
  public static JsonNode value(JsonParser from, Fractions fractions) throws IOException {
    return switch (from.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (from.nextToken() == JsonToken.FIELD_NAME) {
          String name = from.currentName();
          from.nextToken();
          object.set(name, value(from, fractions));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (from.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(from, fractions));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(from.getText());
      case VALUE_NUMBER_INT ->
          switch (from.getNumberType()) {
            case INT -> NODES.numberNode(from.getIntValue());
            case LONG -> NODES.numberNode(from.getLongValue());
            default -> NODES.numberNode(from.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT ->
          fractions == Fractions.EXACT ? exact(from) : NODES.numberNode(from.getDoubleValue());
      case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(from.getBooleanValue());
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new JsonParseException(from, "no value: " + from.currentToken());
    };
  }

  private static JsonNode exact(JsonParser from) throws IOException {
    try {
      return NODES.numberNode(from.getDecimalValue());
    } catch (NumberFormatException e) {
      throw new JsonParseException(from, "an exponent that no number can have", e);
    }
  }

  /** The bytes of a value within objects, as they are spelt; none where it is not there. */
  public static byte[] raw(byte[] json, String... path) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      for (String name : path) {
        while (parser.nextToken() == JsonToken.FIELD_NAME && !parser.currentName().equals(name)) {
          parser.nextToken();
          parser.skipChildren();
        }
        parser.nextToken();
      }
      if (parser.currentToken() == null) {
        return new byte[0];
      }
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      return Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
    }
  }

  /** Writes the tree, its fields in their order. */
  public static void write(JsonNode tree, JsonGenerator to) throws IOException {
    try (JsonParser tokens = tree.traverse()) {
      tokens.nextToken();
      to.copyCurrentStructure(tokens);
    }
  }

  /**
   * The tree in UTF-8.
   *
   * @throws IOException where it has no JSON in UTF-8, such as a lone surrogate that may not be
   *     escaped
   */
  public static byte[] bytes(JsonNode tree) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator to = FACTORY.createGenerator(bytes)) {
      write(tree, to);
    }
    return bytes.toByteArray();
  }
}
