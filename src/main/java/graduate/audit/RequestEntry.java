package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt about to be made.
 *
 * @param time of its line
 * @param run the invocation it belongs to
 * @param attempt from 1 within the run
 * @param body the JSON body as it will be sent
 * @param replay whether a saved answer answers it
 * @param deadline when the run gives up; null in a batch
 * @param batch the one that it belongs to; null where to none
 * @param price the rates that the reservation was made with; null where none is known
 * @param reserved USD
 */
public record RequestEntry(
    String id,
    Instant time,
    String run,
    int attempt,
    Source prompt,
    @Nullable Source input,
    @Nullable Source end,
    String endpoint,
    byte[] body,
    boolean replay,
    @Nullable Instant deadline,
    @Nullable String batch,
    @Nullable JsonNode price,
    BigDecimal reserved)
    implements Entry {

  /** Reads one of a batch. */
  public static RequestEntry of(LogLine line, byte[] body) {
    return new RequestEntry(
        line.call(),
        line.time(),
        line.text("run"),
        line.field("attempt").asInt(),
        line.source("prompt"),
        line.source("input"),
        line.field("end").isObject() ? line.source("end") : null,
        line.text("endpoint"),
        body,
        false,
        null,
        line.batch(),
        line.field("price").isObject() ? line.field("price") : null,
        line.usd("reserved_usd").orElse(BigDecimal.ZERO));
  }

  @Override
  public String type() {
    return "request";
  }

  @Override
  public void write(JsonGenerator to) throws IOException {
    write(price, to);
  }

  /** The fields with other rates: those that a response was settled at. */
  void write(@Nullable JsonNode rates, JsonGenerator to) throws IOException {
    to.writeStringField("run", run);
    to.writeNumberField("attempt", attempt);
    source("prompt", prompt, to);
    if (input != null) {
      source("input", input, to);
    }
    if (end != null) {
      source("end", end, to);
    }
    to.writeStringField("endpoint", endpoint);
    to.writeFieldName("request");
    Json.copy(body, to);
    to.writeBooleanField("replay", replay);
    if (deadline != null) {
      to.writeStringField("deadline", LogTime.of(deadline));
    }
    if (batch != null) {
      to.writeStringField("batch", batch);
    }
    if (rates != null) {
      to.writeFieldName("price");
      JsonTree.write(rates, to);
    }
    usd("reserved_usd", reserved, to);
  }

  static void source(String field, Source source, JsonGenerator to) throws IOException {
    to.writeObjectFieldStart(field);
    to.writeStringField("path", source.path());
    to.writeStringField("sha256", source.sha256());
    to.writeEndObject();
  }

  static void usd(String field, BigDecimal amount, JsonGenerator to) throws IOException {
    to.writeFieldName(field);
    to.writeNumber(amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString());
  }
}
