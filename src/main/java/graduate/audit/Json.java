package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import graduate.json.JsonTree;
import java.io.IOException;

/** Bodies in the log's lines. */
final class Json {
  /**
   * The deepest body that is copied into a line. The line itself adds one level; a {@code usage}
   * may come out of a body of 1,000.
   */
  static final int MAX_DEPTH = 900;

  private Json() {}

  /** Whether {@code body}, which is UTF-8, is one JSON value that a line can hold. */
  static boolean fits(byte[] body) {
    try (JsonParser parser = JsonTree.FACTORY.createParser(body)) {
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
    try (JsonParser parser = JsonTree.FACTORY.createParser(body)) {
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
