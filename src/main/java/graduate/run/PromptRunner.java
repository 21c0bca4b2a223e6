package graduate.run;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.openai.ChatClient;
import graduate.openai.ChatResponse;
import graduate.openai.Reply;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Ledger;
import graduate.spend.Session;
import graduate.spend.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The way of one prompt, from its worst case to its response line. All that goes it with the same
 * object is one run on the log.
 */
public final class PromptRunner {
  private final Ledger ledger;
  private final ChatClient client;
  private final Clock clock;
  private final Gate gate;
  private final @Nullable Cap cap;
  private final String run = UUID.randomUUID().toString();

  /** Of all calls; changes under the log's lock alone. */
  private volatile Committed committed = Committed.NOTHING;

  /** A runner of one job, whose calls go to {@code client} and on the log of {@code ledger}. */
  public PromptRunner(Ledger ledger, ChatClient client, Clock clock, Supplier<Logger> diagnostics) {
    this(ledger, client, clock, new Gate(1, false, clock, diagnostics), null);
  }

  /** A runner of as many as {@code gate} lets, with a cap for all together; null for none. */
  PromptRunner(Ledger ledger, ChatClient client, Clock clock, Gate gate, @Nullable Cap cap) {
    this.ledger = ledger;
    this.client = client;
    this.clock = clock;
    this.gate = gate;
    this.cap = cap;
  }

  /**
   * Runs the job; a retry goes the whole way anew.
   *
   * @param needless whether the log, as it stands, makes the call needless; asked under its lock
   * @return the last attempt; empty where none was made, since it is needless or {@link #stop} was
   *     called
   * @throws CapExceededException where the first attempt does not fit under a cap
   * @throws LogException where the first request line is not surely on disk
   */
  public Optional<Result> run(Job job, Predicate<Session> needless) {
    return gate.enter() ? attempts(job, needless) : Optional.empty();
  }

  /** The same for who is inside. */
  Optional<Result> attempts(Job job, Predicate<Session> needless) {
    Optional<Result> last = Optional.empty();
    int tries = 0;
    for (; ; ) {
      long before = gate.ended();
      try {
        Optional<Result> next = attempt(job, needless, last);
        if (next.isEmpty()) {
          return last;
        }
        last = next;
      } catch (CapExceededException | LogException e) {
        Instant deadline = last.map(Result::deadline).orElse(Instant.MAX);
        if (e instanceof CapExceededException && !isForOne(e) && gate.awaitRoom(before, deadline)) {
          continue;
        }
        if (last.isEmpty()) {
          throw e;
        }
        return last.map(result -> result.stoppedBy(e));
      }
      Result result = last.get();
      tries += gate.isForAll(result) ? 0 : 1;
      if (!result.isRetryable() || tries > job.retry() || !gate.awaitNext(result)) {
        return last;
      }
    }
  }

  /** A cap for each input says nothing of the others. */
  static boolean isForOne(Throwable why) {
    return why instanceof CapExceededException refusal
        && refusal.standing().cap().per() == Cap.Per.CALL;
  }

  /**
   * The way of one prompt: under the log's lock the caps are checked and the request line is
   * forced; without it the request is sent, once; under it again the response line is forced.
   *
   * @param before the attempt before, for the same input
   * @return empty where nothing was sent, since it is needless or the gate is closed
   */
  private Optional<Result> attempt(Job job, Predicate<Session> needless, Optional<Result> before) {
    int attempt = before.map(Result::attempt).orElse(0) + 1;
    Committed own = before.map(Result::committed).orElse(Committed.NOTHING);
    Instant deadline =
        before.map(Result::deadline).orElseGet(() -> clock.instant().plus(job.maxTime()));
    LogLine request;
    try (Session session = ledger.open(Duration.between(clock.instant(), deadline))) {
      if (gate.isClosed() || needless.test(session)) {
        return Optional.empty();
      }
      session.require(job.worst(), job.caps(), own);
      if (cap != null) {
        new Standing(cap, committed, Optional.empty()).require(job.worst());
      }
      session.requireRoom(job.room());
      String endpoint = client.endpoint().url().toString();
      request = session.append(job.attempt(session, run, attempt, deadline, endpoint));
      committed = committed.holding(job.worst());
    }

    Reply reply = client.send(job.request().body(), request.id(), deadline);

    ChatResponse response = ChatResponse.of(reply, job.request().limit());
    Result result = new Result(request, response, job.cost(response), own);
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      session.append(line(request, response, result.cost()));
      result.cost().ifPresent(cost -> committed = committed.settling(job.worst(), cost.usd()));
      return Optional.of(result.recorded(session.balance()));
    } catch (RuntimeException | Error e) {
      // Whatever it is, the answer that is in hand must come out.
      return Optional.of(result.unrecorded(e));
    }
  }

  /** The line of an attempt that is over. */
  static Entry line(LogLine request, ChatResponse response, Optional<Cost> cost) {
    Reply reply = response.reply();
    ObjectNode headers = JsonNodeFactory.instance.objectNode();
    reply.headers().forEach(headers::put);
    return request
        .next("response")
        .put("price", cost.map(Cost::price).orElse(null))
        .put("requested", request.time())
        .put("elapsed_ms", reply.elapsedMs())
        .put("status", reply.status() == 0 ? null : IntNode.valueOf(reply.status()))
        .put("headers", headers)
        .putResponse(reply.body())
        .put("outcome", response.outcome().toString())
        .put("usage", response.usage().isObject() ? response.usage() : null)
        .put("cost_usd", cost.map(Cost::usd).orElse(null));
  }

  /** What all calls have cost, and may yet cost. */
  Committed committed() {
    return committed;
  }

  /** Whether it waits between two attempts. */
  public boolean isPausing() {
    return gate.isPausing();
  }

  /**
   * Ends every wait: no attempt is made any more, and what has come of the one that is being made
   * is recorded. Any thread may call it.
   */
  public void stop() {
    gate.close();
    ledger.log().hurry();
    client.cancel();
  }
}
