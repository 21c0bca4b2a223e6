package graduate.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The log's JSON: no limit but depth, and every digit of every number kept. */
final class Json {
  /** The deepest body that is copied into a line; the line itself adds one level. */
  static final int MAX_DEPTH = 900;

  /** The deepest line: a {@code usage} may come out of a body of 1,000 levels. */
  private static final int LINE_DEPTH = 1010;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(LINE_DEPTH)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(LINE_DEPTH).build())
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Names are whatever a server sends: many that hash alike are no error.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private Json() {}

  /** Whether {@code body}, which is UTF-8, is one JSON value that a line can hold. */
  static boolean fits(byte[] body) {
    try (JsonParser parser = FACTORY.createParser(body)) {
      int depth = 0;
      if (parser.nextToken() == null) {
        return false;
      }
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > MAX_DEPTH) {
          return false;
        }
        parser.finishToken();
      } while (parser.nextToken() != null && depth > 0);
      return parser.currentToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Copies the one value in {@code body}, numbers as they are spelt. */
  static void copy(byte[] body, JsonGenerator to) throws IOException {
    try (JsonParser parser = FACTORY.createParser(body)) {
      parser.nextToken();
      copyValue(parser, to);
    }
  }

  private static void copyValue(JsonParser parser, JsonGenerator to) throws IOException {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      switch (token) {
        case FIELD_NAME -> to.writeFieldName(parser.currentName());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(parser.getText());
        default -> to.copyCurrentEvent(parser);
      }
    } while (depth > 0 && parser.nextToken() != null);
  }

  /** The request that a line holds; a missing node where it holds none. */
  static JsonNode request(byte[] line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      return JsonTree.value(parser, Fractions.EXACT).path("request");
    }
  }

  /** The request that a line holds, as it was sent; empty where it holds none. */
  static byte[] sent(byte[] line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean request = parser.currentName().equals("request");
        parser.nextToken();
        if (request) {
          return copied(parser, false);
        }
        parser.skipChildren();
      }
      return new byte[0];
    }
  }

  private static byte[] copied(JsonParser parser, boolean escaped) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator to = FACTORY.createGenerator(body)) {
      to.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), escaped);
      copyValue(parser, to);
    }
    return body.toByteArray();
  }

  /** The response that a line holds, in one of its three forms; empty where it holds none. */
  static Optional<byte[]> body(byte[] line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "response" -> {
            return Optional.of(copied(parser, true));
          }
          case "response_text" -> {
            return Optional.of(parser.getText().getBytes(StandardCharsets.UTF_8));
          }
          case "response_base64" -> {
            return Optional.of(parser.getBinaryValue());
          }
          default -> parser.skipChildren();
        }
      }
      return Optional.empty();
    }
  }
}
