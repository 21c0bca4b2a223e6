package graduate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line as read: all fields but the bodies, which are skipped. */
public final class LogLine {
  static final int VERSION = 1;
  private static final Set<String> TYPES =
      Set.of("request", "response", "settlement", "carried", "batch");
  private static final Set<String> BODIES =
      Set.of("request", "response", "response_text", "response_base64", "headers");

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final ObjectNode fields;

  private LogLine(ObjectNode fields) {
    this.fields = fields;
  }

  /** Reads one line, or null where the bytes are none. */
  static @Nullable LogLine parse(byte[] buffer, int offset, int length) {
    try (JsonParser parser = Json.FACTORY.createParser(buffer, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (BODIES.contains(name)) {
          parser.skipChildren();
          parser.finishToken();
        } else {
          fields.set(name, JsonTree.value(parser, Fractions.EXACT));
        }
      }
      boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return whole && isLine(fields) ? new LogLine(fields) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isLine(ObjectNode fields) {
    return fields.path("v").isInt()
        && fields.path("seq").isIntegralNumber()
        && HASH.matcher(fields.path("prev").asText()).matches()
        && fields.path("type").isTextual()
        && fields.path("id").isTextual()
        && instant(fields.path("time")).isPresent();
  }

  /** Whether this program knows what the line means. */
  boolean isKnown() {
    return fields.path("v").asInt() == VERSION && TYPES.contains(type());
  }

  long seq() {
    return fields.path("seq").asLong();
  }

  String prev() {
    return text("prev");
  }

  /** {@code request}, {@code response}, {@code settlement}, {@code carried} or {@code batch}. */
  public String type() {
    return text("type");
  }

  /** The id of the call that the line is about. */
  public String call() {
    return fields.has("call") ? text("call") : text("id");
  }

  /** The id of the batch that the line is about, or its call belongs to; empty where to none. */
  public String batch() {
    return text(type().equals("batch") ? "id" : "batch");
  }

  /** What was asked, by the bytes of its texts. */
  public Asked asked() {
    return new Asked(hash("prompt"), hash("input"), hash("end"));
  }

  private String hash(String source) {
    return fields.path(source).path("sha256").asText("");
  }

  /** Whether a saved answer answered it. */
  public boolean replay() {
    return fields.path("replay").asBoolean();
  }

  /** The file that {@code field} names and its hash. */
  public Source source(String field) {
    return new Source(fields.path(field).path("path").asText(""), hash(field));
  }

  /** When the line was written. */
  public Instant time() {
    return time("time").orElse(Instant.EPOCH);
  }

  /** When the call was requested: the line's own time, unless it names another. */
  public Instant requested() {
    return time("requested").orElseGet(this::time);
  }

  /** The field as text, empty where it is absent. */
  public String text(String field) {
    return fields.path(field).asText("");
  }

  /** The field as it stands, a missing node where it is absent. */
  public JsonNode field(String field) {
    return fields.path(field);
  }

  /** The field as a moment. */
  public Optional<Instant> time(String field) {
    return instant(fields.path(field));
  }

  /** The field as an exact amount in USD. */
  public Optional<BigDecimal> usd(String field) {
    return fields.path(field).isNumber()
        ? Optional.of(fields.path(field).decimalValue())
        : Optional.empty();
  }

  private static Optional<Instant> instant(JsonNode node) {
    return node.isTextual() ? LogTime.parse(node.asText()) : Optional.empty();
  }
}
