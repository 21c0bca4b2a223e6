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
    String run,
    int attempt,
    Source prompt,
    @Nullable Source input,
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
    to.writeStringField("run", run);
    to.writeNumberField("attempt", attempt);
    source("prompt", prompt, to);
    if (input != null) {
      source("input", input, to);
    }
    to.writeStringField("endpoint", endpoint);
    to.writeFieldName("request");
    Json.copy(body, to);
    to.writeBooleanField("replay", replay);
    to.writeStringField("deadline", AuditLog.time(deadline));
    if (price != null) {
      to.writeFieldName("price");
      JsonTree.write(price, to);
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
