package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a line is to say, apart from its place in the chain: fields in the order in which they are
 * first put. One that is null is left out, or as it was.
 *
 * @param type one of those that {@link LogLine} knows
 * @param id of the attempt, or of the line where it is about none
 * @param fields in which JSON that is copied as it is spelt is a binary node
 */
public record Entry(String type, String id, ObjectNode fields) {
  /** An entry that says nothing yet. */
  public Entry(String type, String id) {
    this(type, id, JsonNodeFactory.instance.objectNode());
  }

  /** Puts a value. */
  public Entry put(String field, @Nullable JsonNode value) {
    if (value != null) {
      fields.set(field, value);
    }
    return this;
  }

  /** Puts a text. */
  public Entry put(String field, @Nullable String text) {
    return put(field, text == null ? null : fields.textNode(text));
  }

  /** Puts a number. */
  public Entry put(String field, long number) {
    return put(field, fields.numberNode(number));
  }

  /** Puts a yes or no. */
  public Entry put(String field, boolean is) {
    return put(field, fields.booleanNode(is));
  }

  /** Puts a moment. */
  public Entry put(String field, @Nullable Instant moment) {
    return put(field, moment == null ? null : LogTime.of(moment));
  }

  /** Puts a file and its hash. */
  public Entry put(String field, @Nullable Source source) {
    return put(field, source == null ? null : source.json());
  }

  /** Puts an amount in USD, all its digits. */
  public Entry put(String field, @Nullable BigDecimal usd) {
    if (usd == null) {
      return this;
    }
    String digits = usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
    return put(field, digits.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts one JSON value that is copied token by token, numbers as they are spelt. */
  public Entry put(String field, byte[] json) {
    return put(field, fields.binaryNode(json));
  }

  /** Puts what was received, perhaps in part: as JSON, else as text, else in base 64. */
  public Entry putResponse(byte @Nullable [] body) {
    if (body == null) {
      return this;
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return put("response_base64", fields.binaryNode(body).asText());
    }
    return Json.fits(body) ? put("response", body) : put("response_text", text);
  }

  /** Leaves a field out. */
  public Entry without(String field) {
    fields.remove(field);
    return this;
  }

  void write(JsonGenerator to) throws IOException {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      to.writeFieldName(field.getKey());
      if (field.getValue().isBinary()) {
        Json.copy(field.getValue().binaryValue(), to);
      } else {
        JsonTree.write(field.getValue(), to);
      }
    }
  }
}
