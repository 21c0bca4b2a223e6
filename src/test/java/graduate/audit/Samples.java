package graduate.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entries for tests. */
public final class Samples {
  public static final byte[] BODY =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
          .getBytes(StandardCharsets.UTF_8);
  public static final byte[] ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"hello\"}}]}".getBytes(StandardCharsets.UTF_8);
  public static final Source PROMPT = new Source("prompts/a.md", Sha256.of(new byte[] {1}));
  public static final Duration DEADLINE = Duration.ofMinutes(15);

  private Samples() {}

  /** A real call to {@link #PROMPT}, due {@link #DEADLINE} after {@code at}. */
  public static Entry request(String id, Instant at, String usd) {
    return request(id, at, usd, PROMPT, null, false);
  }

  public static Entry request(
      String id, Instant at, String usd, Source prompt, @Nullable Source input, boolean replay) {
    return new Entry("request", id)
        .put("run", "run-1")
        .put("attempt", 1)
        .put("prompt", prompt)
        .put("input", input)
        .put("endpoint", "https://api.openai.com/v1/chat/completions")
        .put("request", BODY)
        .put("replay", replay)
        .put("deadline", at.plus(DEADLINE))
        .put("price", JsonNodeFactory.instance.objectNode().put("input", new BigDecimal("1.25")))
        .put("reserved_usd", new BigDecimal(usd));
  }

  /** An answer to {@code request}; its cost is not known where {@code usd} is null. */
  public static Entry response(LogLine request, @Nullable String usd) {
    return response(request, usd, "answered", ANSWER);
  }

  public static Entry response(
      LogLine request, @Nullable String usd, String outcome, byte @Nullable [] body) {
    return request
        .next("response")
        .put("requested", request.time())
        .put("elapsed_ms", 1234)
        .put("status", 200)
        .put("headers", JsonNodeFactory.instance.objectNode().put("x-request-id", "req_1"))
        .putResponse(body)
        .put("outcome", outcome)
        .put("cost_usd", usd == null ? null : new BigDecimal(usd));
  }

  /** Appends to a log whatever it holds. */
  public static LogLine append(AuditLog log, Entry entry) {
    try (LockedLog locked = log.lock(Duration.ofSeconds(60))) {
      return append(locked, entry);
    }
  }

  /** Appends behind all that is there. */
  public static LogLine append(LockedLog locked, Entry entry) {
    while (locked.reader().next() != null) {}
    LogLine line = locked.write(entry);
    locked.force();
    return line;
  }
}
