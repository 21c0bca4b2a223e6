package graduate.run;

import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.BatchEntry;
import graduate.audit.Entry;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
import graduate.openai.BatchResults;
import graduate.openai.ChatRequest;
import graduate.openai.ChatResponse;
import graduate.openai.Reply;
import graduate.spend.Cap;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Ledger;
import graduate.spend.Price;
import graduate.spend.Session;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lines of batches on the log: whoever appends one knows the last one under the log's lock, so
 * that each step is made by one command alone.
 */
public final class BatchLog {
  private static final int GROUP = 1_000;
  private static final long GROUP_BYTES = 16L << 20;

  /** What came of a call that could cost so much, USD; its cost is null where it is held. */
  public record Ended(
      Asked asked,
      String id,
      ChatResponse response,
      BigDecimal reserved,
      @Nullable BigDecimal cost) {}

  private final Ledger ledger;
  private final PastCalls past;
  private final Function<String, Optional<Price>> prices;
  private final String run = UUID.randomUUID().toString();
  private final Map<Asked, Ended> collected = new HashMap<>();
  private Committed committed = Committed.NOTHING;

  /**
   * The batches that {@code past} knows.
   *
   * @param prices of a model in a batch
   */
  public BatchLog(Ledger ledger, PastCalls past, Function<String, Optional<Price>> prices) {
    this.ledger = ledger;
    this.past = past;
    this.prices = prices;
  }

  /** The jobs of a batch, one after the other. */
  @FunctionalInterface
  public interface Jobs {
    /** Hands on each. */
    void each(Consumer<Job> to) throws IOException;
  }

  /**
   * Reserves a batch: its request lines and the line that reserves their sum, under one lock, with
   * one force. A crash before that leaves nothing held.
   *
   * @param first the same as all others but for its input
   * @param bytes of all bodies
   * @param worst what all can cost, USD, which has to fit under each of {@code caps}
   * @param file whether another engine gets it
   * @return empty where no input is missing any more
   */
  public Optional<Batch> reserve(
      Job first,
      Jobs jobs,
      long bytes,
      BigDecimal worst,
      List<Cap> caps,
      String endpoint,
      boolean file)
      throws IOException {
    String id;
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      past.read();
      session.require(worst, caps, Committed.NOTHING);
      session.requireRoom(3 * bytes);
      id = session.newId();
      int[] calls = {0};
      BigDecimal[] sum = {BigDecimal.ZERO};
      jobs.each(
          job -> {
            if (past.state(job.asked(), session.now()) == PastCalls.State.MISSING) {
              session.write(job.inBatch(session, run, id, endpoint));
              calls[0]++;
              sum[0] = sum[0].add(job.worst());
            }
          });
      if (calls[0] == 0) {
        return Optional.empty();
      }
      session.write(
          new BatchEntry(
              id, "reserved", first.prompt(), endpoint, file, calls[0], sum[0], null, ""));
      session.force();
    }
    past.read();
    return past.batches().stream().filter(batch -> batch.last().id().equals(id)).findFirst();
  }

  /** What came of each call; null where nothing is known. */
  @FunctionalInterface
  interface Replies {
    @Nullable Reply of(String call) throws IOException;
  }

  /** Records what came of each call that has no response line; false where another went on. */
  boolean record(Batch batch, Replies replies) throws IOException {
    Map<ResponseEntry, Ended> group = new LinkedHashMap<>();
    long bytes = 0;
    Set<String> missing = new HashSet<>(batch.missing());
    try (LogReader reader = batch.reader()) {
      while (!missing.isEmpty()) {
        LogLine line = reader.next();
        if (line == null) {
          break;
        }
        Reply reply =
            line.type().equals("request") && missing.remove(line.call())
                ? replies.of(line.call())
                : null;
        if (reply == null) {
          continue;
        }
        RequestEntry request = RequestEntry.of(line, reader.sent());
        ChatResponse response = ChatResponse.of(reply, ChatRequest.LIMITS.get(0));
        Price price = prices.apply(line.field("price").path("model").asText()).orElse(null);
        Optional<Cost> cost = Job.cost(response, price, request.reserved());
        group.put(
            PromptRunner.line(request, response, cost),
            new Ended(
                line.asked(),
                request.id(),
                response,
                request.reserved(),
                cost.map(Cost::usd).orElse(null)));
        bytes += reader.bytes().length;
        if (group.size() == GROUP || bytes > GROUP_BYTES) {
          if (!append(batch, group)) {
            return false;
          }
          group.clear();
          bytes = 0;
        }
      }
    }
    return append(batch, group);
  }

  /** Appends response lines, and remembers what they say once they are recorded. */
  private boolean append(Batch batch, Map<ResponseEntry, Ended> group) {
    if (!append(batch, group.keySet())) {
      return false;
    }
    group
        .values()
        .forEach(
            ended -> {
              collected.put(ended.asked(), ended);
              committed =
                  ended.cost() == null
                      ? committed.holding(ended.reserved())
                      : committed.spending(ended.cost());
            });
    return true;
  }

  /** Appends a step; false where another command has gone on with the batch. */
  boolean step(Batch batch, BatchEntry next) {
    return append(batch, List.of(next));
  }

  private boolean append(Batch batch, Collection<? extends Entry> lines) {
    if (lines.isEmpty()) {
      return true;
    }
    int seen = batch.lines();
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      past.read();
      if (batch.lines() != seen) {
        return false;
      }
      lines.forEach(session::write);
      session.force();
      past.read();
      return true;
    }
  }

  /** Takes in a line with its newline. */
  @FunctionalInterface
  public interface LineTaker {
    /** Takes it. */
    void take(byte[] line) throws IOException;
  }

  /** Hands on the lines that are handed in, from the log. */
  public static void lines(Batch batch, LineTaker to) throws IOException {
    Set<String> calls = new HashSet<>(batch.calls());
    try (LogReader reader = batch.reader()) {
      while (!calls.isEmpty()) {
        LogLine line = reader.next();
        if (line == null) {
          break;
        }
        if (line.type().equals("request") && calls.remove(line.call())) {
          to.take(BatchResults.line(line.call(), reader.sent()));
        }
      }
    }
  }

  /** What this command has recorded of each question. */
  public Map<Asked, Ended> collected() {
    return collected;
  }

  /** What that comes to. */
  public Committed committed() {
    return committed;
  }
}
