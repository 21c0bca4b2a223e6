package graduate.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;

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
      int values = 0;
      while (parser.nextToken() != null) {
        parser.finishToken();
        if (parser.getParsingContext().getNestingDepth() > MAX_DEPTH) {
          return false;
        }
        values += parser.getParsingContext().inRoot() ? 1 : 0;
      }
      return values == 1;
    } catch (IOException e) {
      return false;
    }
  }

  /** Copies the one value in {@code body}, numbers as they are spelt. */
  static void copy(byte[] body, JsonGenerator to) throws IOException {
    try (JsonParser parser = FACTORY.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case FIELD_NAME -> to.writeFieldName(parser.currentName());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(parser.getText());
          default -> to.copyCurrentEvent(parser);
        }
      }
    }
  }
}
