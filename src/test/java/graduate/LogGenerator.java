package graduate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LockedLog;
import graduate.audit.LogLine;
import graduate.audit.Position;
import graduate.audit.Sha256;
import graduate.audit.Source;
import graduate.harness.SetClock;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes a log of answered calls with the program's own code, for tests and benchmarks of how
 * things grow: {@code FOLDER LINES [INPUTS]}. Lines are 3.4 kB on average; there are forty calls a
 * day, the last one now, with so many different inputs in turn, else each with one of its own.
 */
public final class LogGenerator {
  /** Calls that {@link #main} writes for each day. */
  public static final int CALLS_A_DAY = 40;

  private static final int PROMPTS = 8;
  private static final Duration ANSWERED_IN = Duration.ofSeconds(2);
  private static final String WORDS = "Yesterday: wrote “ünit” tests; today: review, deploy. ";

  private final SetClock clock;
  private final AuditLog log;
  private Position end = Position.START;

  private LogGenerator(Path folder, Instant start) {
    this.clock = new SetClock(start);
    this.log = new AuditLog(folder, clock);
  }

  public static void main(String[] args) {
    int calls = Integer.parseInt(args[1]) / 2;
    Duration apart = Duration.ofDays(1).dividedBy(CALLS_A_DAY);
    Instant start = Clock.systemUTC().instant().minus(apart.multipliedBy(calls));
    LogGenerator generator = new LogGenerator(Path.of(args[0]), start);
    int inputs = args.length > 2 ? Integer.parseInt(args[2]) : calls;
    for (int i = 0; i < calls; i++) {
      generator.call(i, i % inputs);
      generator.clock.advance(apart.minus(ANSWERED_IN));
    }
  }

  private void call(int number, int input) {
    LogLine request;
    try (LockedLog locked = open()) {
      request = append(locked, request(number, input, locked.newId(), locked.now()));
    }
    clock.advance(ANSWERED_IN);
    try (LockedLog locked = open()) {
      LogLine unused = append(locked, response(request));
    }
  }

  private LockedLog open() {
    LockedLog locked = log.lock(AuditLog.RECORDING);
    if ((end.seq() > 0 && !locked.reader().resume(end)) || locked.reader().next() != null) {
      throw new IllegalStateException("somebody else writes this log");
    }
    return locked;
  }

  private LogLine append(LockedLog locked, Entry entry) {
    LogLine line = locked.write(entry);
    locked.force();
    end = locked.reader().position();
    return line;
  }

  private static Entry request(int number, int input, String id, Instant now) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", "gpt-5.6-luna");
    body.putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", number + ": " + WORDS.repeat(26));
    body.put("max_completion_tokens", 16384);
    int prompt = number % PROMPTS;
    return new Entry("request", id)
        .put("run", "run-" + number)
        .put("attempt", 1)
        .put("prompt", source("prompts/daily-" + prompt + ".md", "prompt " + prompt))
        .put("input", source("notes.txt", "input " + input))
        .put("endpoint", "https://api.openai.com/v1/chat/completions")
        .put("request", body.toString().getBytes(StandardCharsets.UTF_8))
        .put("replay", false)
        .put("deadline", now.plus(Duration.ofMinutes(15)))
        .put(
            "price",
            JsonNodeFactory.instance.objectNode().put("model", "gpt-5.6-luna").put("input", 0.25))
        .put("reserved_usd", new BigDecimal("0.0331"));
  }

  private static Entry response(LogLine request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("object", "chat.completion").put("model", "gpt-5.6-luna");
    ObjectNode choice = body.putArray("choices").addObject();
    choice.putObject("message").put("role", "assistant").put("content", WORDS.repeat(26));
    choice.put("finish_reason", "stop");
    ObjectNode usage = body.putObject("usage");
    usage.put("prompt_tokens", 587).put("completion_tokens", 341).put("total_tokens", 928);
    return request
        .next("response")
        .put("requested", request.time())
        .put("elapsed_ms", ANSWERED_IN.toMillis())
        .put("status", 200)
        .put(
            "headers",
            JsonNodeFactory.instance.objectNode().put("x-request-id", "req-" + request.text("run")))
        .putResponse(body.toString().getBytes(StandardCharsets.UTF_8))
        .put("outcome", "answered")
        .put("usage", usage)
        .put("cost_usd", new BigDecimal("0.000527"));
  }

  private static Source source(String path, String text) {
    return new Source(path, Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}
