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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line as it stands in a file.
 *
 * @param start the offset of its first byte
 * @param bytes without its newline
 * @param fields all but the two bodies, which are null here and read where they are asked for
 */
public record LogLine(Path file, long start, byte[] bytes, ObjectNode fields) {
  static final int VERSION = 1;
  private static final Set<String> TYPES =
      Set.of("request", "response", "settlement", "carried", "batch");
  private static final Set<String> BODIES =
      Set.of("request", "response", "response_text", "response_base64");

  /** Those that say where a line stands, not what it says. */
  private static final Set<String> PLACE = Set.of("v", "seq", "prev", "type", "id", "time");

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** No batch takes longer than a day: one that nobody looked after is over after two. */
  private static final Duration BATCH = Duration.ofDays(2);

  /** Reads a line that begins at {@code start}, or null where the bytes are none. */
  static @Nullable LogLine parse(Path file, long start, byte[] bytes) {
    try (JsonParser parser = JsonTree.FACTORY.createParser(bytes)) {
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
          fields.putNull(name);
        } else {
          fields.set(name, JsonTree.value(parser, Fractions.EXACT));
        }
      }
      boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      LogLine line = new LogLine(file, start, bytes, fields);
      return whole && line.isWhole() ? line : null;
    } catch (IOException e) {
      return null;
    }
  }

  private boolean isWhole() {
    return field("v").isInt()
        && field("seq").isIntegralNumber()
        && HASH.matcher(prev()).matches()
        && field("type").isTextual()
        && field("id").isTextual()
        && time("time").isPresent();
  }

  /** Whether this program knows what the line means. */
  boolean isKnown() {
    return field("v").asInt() == VERSION && TYPES.contains(type());
  }

  /** The offset behind its newline. */
  long end() {
    return start + bytes.length + 1;
  }

  /** The damaged log that the one of which it is the first line goes on from. */
  Path carried() {
    return file.resolveSibling(Path.of(text("file")).getFileName());
  }

  /** Its place in the log and in the chain. */
  public Position position() {
    return new Position(start, end(), seq(), Sha256.of(bytes));
  }

  long seq() {
    return field("seq").asLong();
  }

  String prev() {
    return text("prev");
  }

  /** {@code request}, {@code response}, {@code settlement}, {@code carried} or {@code batch}. */
  public String type() {
    return text("type");
  }

  /** The line's own id: its call's, its batch's, or one of its own. */
  public String id() {
    return text("id");
  }

  /** The id of the call that the line is about. */
  public String call() {
    return fields.has("call") ? text("call") : id();
  }

  /** The id of the batch that the line is about, or its call belongs to; empty where to none. */
  public String batch() {
    return text(type().equals("batch") ? "id" : "batch");
  }

  /** What was asked, by the bytes of its texts. */
  public Asked asked() {
    return new Asked(source("prompt").sha256(), source("input").sha256(), source("end").sha256());
  }

  /** Whether a saved answer answered it. */
  public boolean replay() {
    return field("replay").asBoolean();
  }

  /** The file that {@code field} names and its hash; empty texts where it names none. */
  public Source source(String field) {
    return Source.of(field(field));
  }

  /** When the line was written. */
  public Instant time() {
    return time("time").orElse(Instant.EPOCH);
  }

  /** When the call was requested: the line's own time, unless it names another. */
  public Instant requested() {
    return time("requested").orElseGet(this::time);
  }

  /** Until when the call, or what is being done with the batch, may still be running. */
  public Instant deadline() {
    Duration otherwise = batch().isEmpty() ? Duration.ZERO : BATCH;
    return time("deadline").orElseGet(() -> requested().plus(otherwise));
  }

  /** The worst case of the call or of the batch, USD. */
  public BigDecimal reserved() {
    return usd("reserved_usd").orElse(BigDecimal.ZERO);
  }

  /** The field as text, empty where it is absent. */
  public String text(String field) {
    return field(field).asText("");
  }

  /** The field as it stands, a missing node where it is absent. */
  public JsonNode field(String field) {
    return fields.path(field);
  }

  /** The field as a moment. */
  public Optional<Instant> time(String field) {
    return LogTime.parse(text(field));
  }

  /** The field as an exact amount in USD. */
  public Optional<BigDecimal> usd(String field) {
    return Optional.of(field(field)).filter(JsonNode::isNumber).map(JsonNode::decimalValue);
  }

  /** The request body as it was sent; empty where the line has none. */
  public byte[] sent() {
    return raw("request");
  }

  /** The request body; a missing node where the line has none. */
  public JsonNode request() {
    return tree("request");
  }

  /** What was received, in one of its three forms; empty where the line has none. */
  public Optional<byte[]> received() {
    if (fields.has("response")) {
      return Optional.of(raw("response"));
    }
    return fields.has("response_text")
        ? Optional.of(tree("response_text").asText().getBytes(StandardCharsets.UTF_8))
        : LogException.on(file, () -> Optional.ofNullable(tree("response_base64").binaryValue()));
  }

  private JsonNode tree(String field) {
    return LogException.on(file, () -> JsonTree.read(raw(field), Fractions.EXACT));
  }

  private byte[] raw(String field) {
    return LogException.on(file, () -> JsonTree.raw(bytes, field));
  }

  /** What a line of that type is to say that holds all of this request, or of this batch's step. */
  public Entry next(String type) {
    ObjectNode all = fields.deepCopy().remove(PLACE);
    if (all.has("request")) {
      all.put("request", sent());
    }
    return new Entry(type, id(), all).put("reserved_usd", usd("reserved_usd").orElse(null));
  }
}
