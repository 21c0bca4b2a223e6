package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * The owner's word on what a held call cost.
 *
 * @param id the line's own
 * @param call the held call's
 * @param requested when that was requested
 * @param prompt its prompt's path
 * @param was USD held for it
 * @param cost USD it did cost
 */
public record SettlementEntry(
    String id,
    String call,
    Instant requested,
    Source prompt,
    BigDecimal was,
    BigDecimal cost,
    String why)
    implements Entry {

  @Override
  public String type() {
    return "settlement";
  }

  @Override
  public void write(JsonGenerator to) throws IOException {
    to.writeStringField("call", call);
    to.writeStringField("requested", LogTime.of(requested));
    RequestEntry.source("prompt", prompt, to);
    RequestEntry.usd("was_usd", was, to);
    RequestEntry.usd("cost_usd", cost, to);
    to.writeStringField("why", why);
  }
}
