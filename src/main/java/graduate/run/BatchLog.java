package graduate.run;

import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LogLine;
import graduate.openai.BatchResults;
import graduate.openai.ChatRequest;
import graduate.openai.ChatResponse;
import graduate.openai.Reply;
import graduate.spend.Cap;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Ledger;
import graduate.spend.Price;
import graduate.spend.PriceTable;
import graduate.spend.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lines of batches on the log: whoever appends one knows the last one under the log's lock, so
 * that each step is made by one command alone.
 */
public final class BatchLog {
  private static final int GROUP = 1_000;
  private static final long GROUP_BYTES = 16L << 20;

  /** A response line, for its question. */
  private record Ended(
      LogLine request, Entry line, ChatResponse response, @Nullable BigDecimal cost) {}

  private final Ledger ledger;
  private final PastCalls past;
  private final PriceTable prices;
  private final String run = UUID.randomUUID().toString();
  private final Set<Asked> collected = new HashSet<>();
  private final Map<Asked, Answer> failures = new HashMap<>();
  private Committed committed = Committed.NOTHING;

  /** The batches that {@code past} knows. */
  public BatchLog(Ledger ledger, PastCalls past, PriceTable prices) {
    this.ledger = ledger;
    this.past = past;
    this.prices = prices;
  }

  /** The jobs of a batch, one after the other. */
  @FunctionalInterface
  public interface Jobs {
    /** Hands on each, until {@code to} says no. */
    void each(Predicate<Job> to) throws IOException;
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
      Committed[] all = {Committed.NOTHING};
      jobs.each(
          job -> {
            if (past.state(job.asked(), session.now()) == PastCalls.State.MISSING) {
              session.write(job.inBatch(session, run, id, endpoint));
              all[0] = all[0].holding(job.worst());
            }
            return true;
          });
      int calls = all[0].calls();
      if (calls == 0) {
        return Optional.empty();
      }
      session.write(
          new Entry("batch", id)
              .put("state", "reserved")
              .put("prompt", first.prompt())
              .put("endpoint", endpoint)
              .put("file", file)
              .put("calls", calls)
              .put("reserved_usd", all[0].held()));
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
    List<Ended> group = new ArrayList<>();
    long[] bytes = {0};
    boolean[] ours = {true};
    batch.each(
        batch.missing(),
        line -> {
          Reply reply = ours[0] ? replies.of(line.call()) : null;
          if (reply == null) {
            return;
          }
          group.add(ended(line, reply));
          bytes[0] += line.bytes().length;
          if (group.size() == GROUP || bytes[0] > GROUP_BYTES) {
            ours[0] = append(batch, group);
            group.clear();
            bytes[0] = 0;
          }
        });
    return ours[0] && append(batch, group);
  }

  private Ended ended(LogLine request, Reply reply) {
    ChatResponse response = ChatResponse.of(reply, ChatRequest.LIMIT);
    Optional<Price> price = Price.inBatch(prices, request.field("price").path("model").asText());
    Optional<Cost> cost = Job.cost(response, price.orElse(null), request.reserved());
    return new Ended(
        request,
        PromptRunner.line(request, response, cost),
        response,
        cost.map(Cost::usd).orElse(null));
  }

  /** Appends response lines, and remembers what they say once they are recorded. */
  private boolean append(Batch batch, List<Ended> group) {
    if (!appendLines(batch, group.stream().map(Ended::line).toList())) {
      return false;
    }
    for (Ended ended : group) {
      BigDecimal cost = ended.cost();
      Asked asked = ended.request().asked();
      committed =
          cost == null ? committed.holding(ended.request().reserved()) : committed.spending(cost);
      collected.add(asked);
      if (!ended.response().isUsable()) {
        failures.put(
            asked,
            new Answer(
                ended.request().id(),
                ended.response().outcome().toString(),
                ended.response(),
                cost));
      }
    }
    return true;
  }

  /** Appends a step; false where another command has gone on with the batch. */
  boolean step(Batch batch, Entry next) {
    return appendLines(batch, List.of(next));
  }

  private boolean appendLines(Batch batch, List<Entry> lines) {
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

  /** Writes the lines that are handed in, from the log. */
  public static void writeLines(Batch batch, OutputStream to) throws IOException {
    batch.each(batch.calls(), line -> BatchResults.writeLine(line.call(), line.sent(), to));
  }

  /** The questions of which this command has recorded what came. */
  public Set<Asked> collected() {
    return collected;
  }

  /** Those of them that have no answer. */
  public Map<Asked, Answer> failures() {
    return failures;
  }

  /** What all of them come to. */
  public Committed committed() {
    return committed;
  }
}
