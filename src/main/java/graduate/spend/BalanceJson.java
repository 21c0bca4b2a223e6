package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.LogTime;
import graduate.audit.Source;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;

/** A balance as the cache and the first line of a log that goes on from a damaged one hold it. */
final class BalanceJson {
  private BalanceJson() {}

  /** The sums and the open calls. */
  static ObjectNode of(Balance balance) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("zone", balance.zone.getId());
    json.put("before_usd", balance.before);
    ObjectNode sums = json.putObject("days");
    balance.days.forEach((day, usd) -> sums.put(day.toString(), usd));
    ObjectNode calls = json.putObject("open");
    for (OpenCall call : balance.open.values()) {
      ObjectNode one = calls.putObject(call.id());
      one.put("requested", LogTime.of(call.requested()));
      one.put("deadline", LogTime.of(call.deadline()));
      one.set("prompt", call.prompt().json());
      one.put("reserved_usd", call.reserved());
      one.put("calls", call.calls());
      one.put("responded", call.responded());
      if (call.settled() != null) {
        one.put("settled_usd", call.settled());
      }
    }
    return json;
  }

  /**
   * Adds what {@link #of} wrote to a balance.
   *
   * @param written the time of what damage has left without one
   */
  static void read(JsonNode json, Balance to, Instant written) {
    // Days of another zone may be one off: taken as the later one, they count longer, never
    // shorter.
    int shift = json.path("zone").asText().equals(to.zone.getId()) ? 0 : 1;
    to.before = to.before.add(json.path("before_usd").decimalValue());
    for (Map.Entry<String, JsonNode> day : json.path("days").properties()) {
      LocalDate at = LogTime.date(day.getKey()).orElse(to.day(written)).plusDays(shift);
      to.add(at, day.getValue().decimalValue());
    }
    for (Map.Entry<String, JsonNode> call : json.path("open").properties()) {
      to.hold(call(call.getKey(), call.getValue(), written));
    }
  }

  private static OpenCall call(String id, JsonNode json, Instant written) {
    return new OpenCall(
        id,
        LogTime.parse(json.path("requested").asText()).orElse(written),
        LogTime.parse(json.path("deadline").asText()).orElse(written),
        Source.of(json.path("prompt")),
        json.path("reserved_usd").decimalValue(),
        json.path("calls").asInt(),
        json.path("responded").asBoolean(),
        json.has("settled_usd") ? json.path("settled_usd").decimalValue() : null);
  }
}
