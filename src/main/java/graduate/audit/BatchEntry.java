package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step of a batch of calls.
 *
 * @param id the batch's
 * @param state reserved, uploading, creating, created or over
 * @param endpoint where its calls go
 * @param file whether another engine reads it from a file
 * @param calls how many there are
 * @param reserved USD, for all of them together
 * @param deadline until which whoever wrote this alone goes on; null where anyone may
 * @param apiId the API's id of it; empty where none is known
 */
public record BatchEntry(
    String id,
    String state,
    Source prompt,
    String endpoint,
    boolean file,
    int calls,
    BigDecimal reserved,
    @Nullable Instant deadline,
    String apiId)
    implements Entry {

  @Override
  public String type() {
    return "batch";
  }

  /** The same batch a step further. */
  public BatchEntry at(String next, @Nullable Instant until, String known) {
    return new BatchEntry(id, next, prompt, endpoint, file, calls, reserved, until, known);
  }

  /** Reads one. */
  public static BatchEntry of(LogLine line) {
    return new BatchEntry(
        line.batch(),
        line.text("state"),
        line.source("prompt"),
        line.text("endpoint"),
        line.field("file").asBoolean(),
        line.field("calls").asInt(),
        line.usd("reserved_usd").orElse(BigDecimal.ZERO),
        line.time("deadline").orElse(null),
        line.text("api_id"));
  }

  @Override
  public void write(JsonGenerator to) throws IOException {
    to.writeStringField("state", state);
    RequestEntry.source("prompt", prompt, to);
    to.writeStringField("endpoint", endpoint);
    to.writeBooleanField("file", file);
    to.writeNumberField("calls", calls);
    RequestEntry.usd("reserved_usd", reserved, to);
    if (deadline != null) {
      to.writeStringField("deadline", LogTime.of(deadline));
    }
    if (!apiId.isEmpty()) {
      to.writeStringField("api_id", apiId);
    }
  }
}
