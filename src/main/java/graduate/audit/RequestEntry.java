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
 * @param deadline when the run gives up
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
    Instant deadline,
    @Nullable JsonNode price,
    BigDecimal reserved)
    implements Entry {

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
    to.writeStringField("deadline", LogTime.of(deadline));
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
