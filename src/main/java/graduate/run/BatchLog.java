package graduate.run;

import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LogLine;
import graduate.audit.Source;
import graduate.openai.BatchException;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of batches on the log: whoever appends one knows the last one under the log's lock, so
 * that each step is made by one command alone.
 */
public final class BatchLog {
  private static final int GROUP = 1_000;

  private final Ledger ledger;
  private final PastCalls past;
  private final PriceTable prices;
  private final String run = UUID.randomUUID().toString();
  private final Map<Asked, Optional<Answer>> collected = new HashMap<>();
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
   * @param bytes of all bodies
   * @param worst what all can cost, USD, which has to fit under each of {@code caps}
   * @param file whether another engine gets it
   * @return empty where no input is missing any more
   */
  public Optional<Batch> reserve(
      Source prompt, Jobs jobs, long bytes, BigDecimal worst, List<Cap> caps, boolean file)
      throws IOException {
    String id;
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      past.read();
      session.require(worst, caps, Committed.NOTHING);
      session.requireRoom(3 * bytes);
      id = session.newId();
      List<BigDecimal> held = new ArrayList<>();
      jobs.each(
          job -> {
            if (past.state(job.asked(), session.now()) == PastCalls.State.MISSING) {
              session.write(job.inBatch(session, run, id, past.endpoint()));
              held.add(job.worst());
            }
            return true;
          });
      if (held.isEmpty()) {
        return Optional.empty();
      }
      session.write(
          new Entry("batch", id)
              .put("state", "reserved")
              .put("prompt", prompt)
              .put("endpoint", past.endpoint())
              .put("file", file)
              .put("calls", held.size())
              .put("reserved_usd", held.stream().reduce(BigDecimal.ZERO, BigDecimal::add)));
      session.force();
    }
    past.read();
    return past.batches().stream().filter(batch -> batch.last().id().equals(id)).findFirst();
  }

  /** Records what came of those of {@code calls} that have no response line. */
  void record(Batch batch, Set<String> calls, Function<String, Reply> replies)
      throws BatchException {
    List<String> left = batch.missing().stream().filter(calls::contains).toList();
    for (int from = 0; from < left.size(); from += GROUP) {
      List<String> group = left.subList(from, Math.min(from + GROUP, left.size()));
      append(batch, group.stream().map(call -> ended(batch.request(call), replies.apply(call))));
    }
  }

  /** The line of a call that is over; what it says is remembered. */
  private Entry ended(LogLine request, Reply reply) {
    ChatResponse response = ChatResponse.of(reply, ChatRequest.LIMIT);
    Optional<Price> price = Price.inBatch(prices, request.field("price").path("model").asText());
    Optional<Cost> cost = Job.cost(response, price.orElse(null), request.reserved());
    committed = new Result(request, response, cost, committed).committed();
    BigDecimal usd = cost.map(Cost::usd).orElse(null);
    Answer answer = new Answer(request.id(), response.outcome().toString(), response, usd);
    collected.put(request.asked(), response.isUsable() ? Optional.empty() : Optional.of(answer));
    return PromptRunner.line(request, response, cost);
  }

  /** Appends the same batch a step further; its API's id stays what it is where null is given. */
  void step(Batch batch, String state, @Nullable Instant deadline, @Nullable String apiId)
      throws BatchException {
    Entry next = batch.last().next("batch").without("deadline");
    append(
        batch, Stream.of(next.put("state", state).put("deadline", deadline).put("api_id", apiId)));
  }

  /**
   * Appends lines under one lock, under which they are made, with one force.
   *
   * @throws BatchException where another command has gone on with the batch
   */
  private void append(Batch batch, Stream<Entry> lines) throws BatchException {
    int seen = batch.lines();
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      past.read();
      if (batch.lines() != seen) {
        throw busy(batch);
      }
      lines.forEach(session::write);
      session.force();
      past.read();
    }
  }

  /** Another command is at it. */
  static BatchException busy(Batch batch) {
    String deadline = batch.last().text("deadline");
    String until = deadline.isEmpty() ? "" : ", until " + deadline + " at the latest";
    return new BatchException(
        "another command is or was at batch " + batch.last().id() + until, false);
  }

  /** What this command has recorded for each question; empty where that is an answer. */
  public Map<Asked, Optional<Answer>> collected() {
    return collected;
  }

  /** What all of them come to. */
  public Committed committed() {
    return committed;
  }
}
