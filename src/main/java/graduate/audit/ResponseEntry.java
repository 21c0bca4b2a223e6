package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended. The line holds its request again.
 *
 * @param status the HTTP status, 0 where none came
 * @param body as received, perhaps in part; null where nothing came
 * @param outcome answered, incomplete, refused, failed or unknown
 * @param usage as the response has it; null where it has none
 * @param price the rates that the cost was computed with; null where none is known
 * @param cost USD; null where it is not known, so that the reservation stays held
 */
public record ResponseEntry(
    RequestEntry request,
    long elapsedMs,
    int status,
    Map<String, String> headers,
    byte @Nullable [] body,
    String outcome,
    @Nullable JsonNode usage,
    @Nullable JsonNode price,
    @Nullable BigDecimal cost)
    implements Entry {

  @Override
  public String type() {
    return "response";
  }

  @Override
  public String id() {
    return request.id();
  }

  @Override
  public void write(JsonGenerator to) throws IOException {
    request.write(price == null ? request.price() : price, to);
    to.writeStringField("requested", LogTime.of(request.time()));
    to.writeNumberField("elapsed_ms", elapsedMs);
    if (status > 0) {
      to.writeNumberField("status", status);
    }
    to.writeObjectFieldStart("headers");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      to.writeStringField(header.getKey(), header.getValue());
    }
    to.writeEndObject();
    if (body != null) {
      writeBody(body, to);
    }
    to.writeStringField("outcome", outcome);
    if (usage != null) {
      to.writeFieldName("usage");
      JsonTree.write(usage, to);
    }
    if (cost != null) {
      RequestEntry.usd("cost_usd", cost, to);
    }
  }

  private static void writeBody(byte[] body, JsonGenerator to) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      to.writeBinaryField("response_base64", body);
      return;
    }
    if (Json.fits(body)) {
      to.writeFieldName("response");
      Json.copy(body, to);
    } else {
      to.writeStringField("response_text", text);
    }
  }
}
