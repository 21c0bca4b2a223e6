package graduate.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
  public static RequestEntry request(String id, Instant at, String usd) {
    return request(id, at, usd, PROMPT, null, false);
  }

  public static RequestEntry request(
      String id, Instant at, String usd, Source prompt, @Nullable Source input, boolean replay) {
    return new RequestEntry(
        id,
        at,
        "run-1",
        1,
        prompt,
        input,
        null,
        "https://api.openai.com/v1/chat/completions",
        BODY,
        replay,
        at.plus(DEADLINE),
        null,
        JsonNodeFactory.instance.objectNode().put("input", new BigDecimal("1.25")),
        new BigDecimal(usd));
  }

  /** An answer to {@code request}; its cost is not known where {@code usd} is null. */
  public static ResponseEntry response(RequestEntry request, @Nullable String usd) {
    return response(request, usd, "answered", ANSWER);
  }

  public static ResponseEntry response(
      RequestEntry request, @Nullable String usd, String outcome, byte @Nullable [] body) {
    return new ResponseEntry(
        request,
        1234,
        200,
        Map.of("x-request-id", "req_1"),
        body,
        outcome,
        null,
        null,
        usd == null ? null : new BigDecimal(usd));
  }

  /** Appends to a log whatever it holds. */
  public static Position append(AuditLog log, Entry entry) {
    try (LockedLog locked = log.lock(Duration.ofSeconds(60))) {
      return append(locked, entry);
    }
  }

  /** Appends behind all that is there. */
  public static Position append(LockedLog locked, Entry entry) {
    while (locked.reader().next() != null) {}
    LogLine unused = locked.write(entry);
    locked.force();
    return locked.reader().position();
  }
}
