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
import graduate.openai.RetryDelay;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Ledger;
import graduate.spend.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * The way of one prompt, from its worst case to its response line. All that goes it with the same
 * object is one run on the log.
 */
public final class PromptRunner {
  private final Ledger ledger;
  private final ChatClient client;
  private final Clock clock;
  private final Supplier<Logger> diagnostics;
  private final String run = UUID.randomUUID().toString();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean pausing;

  /** A runner whose calls go to {@code client} and on the log of {@code ledger}. */
  public PromptRunner(Ledger ledger, ChatClient client, Clock clock, Supplier<Logger> diagnostics) {
    this.ledger = ledger;
    this.client = client;
    this.clock = clock;
    this.diagnostics = diagnostics;
  }

  /**
   * Runs the job; a retry goes the whole way anew.
   *
   * @return the last attempt; empty where none was made, since it is needless or {@link #stop} was
   *     called
   * @throws CapExceededException where the first attempt does not fit under a cap
   * @throws LogException where the first request line is not surely on disk
   */
  public Optional<Result> run(Job job) {
    Optional<Result> last = Optional.empty();
    do {
      try {
        Optional<Result> next = attempt(job, last);
        if (next.isEmpty()) {
          return last;
        }
        last = next;
      } catch (CapExceededException | LogException e) {
        if (last.isEmpty()) {
          throw e;
        }
        return last.map(result -> result.stoppedBy(e));
      }
    } while (last.get().isRetryable()
        && last.get().attempt() <= job.retry()
        && pause(job, last.get()));
    return last;
  }

  /**
   * The way of one prompt: under the log's lock the caps are checked and the request line is
   * forced; without it the request is sent, once; under it again the response line is forced.
   *
   * @param before the attempt before, for the same input
   * @return empty where nothing was sent, since it is needless or {@link #rest} was called
   * @throws CapExceededException where it does not fit under a cap
   * @throws LogException where the request line is not surely on disk
   */
  Optional<Result> attempt(Job job, Optional<Result> before) {
    int attempt = before.map(last -> last.attempt()).orElse(0) + 1;
    Committed own = before.map(Result::committed).orElse(Committed.NOTHING);
    Instant deadline =
        before.map(Result::deadline).orElseGet(() -> clock.instant().plus(job.maxTime()));
    LogLine request;
    try (Session session = ledger.open(Duration.between(clock.instant(), deadline))) {
      if (stopped.getCount() == 0 || job.needless().test(session)) {
        return Optional.empty();
      }
      session.require(job.worst(), job.caps(), own);
      session.requireRoom(job.room());
      String endpoint = client.endpoint().url().toString();
      request = session.append(job.attempt(session, run, attempt, deadline, endpoint));
    }

    Reply reply = client.send(job.request().body(), request.id(), deadline);

    ChatResponse response = ChatResponse.of(reply, job.request().limit());
    Result result = new Result(request, response, job.cost(response), own);
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      session.append(line(request, response, result.cost()));
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

  /** Waits before the next attempt; false where there is to be none. */
  boolean pause(Job job, Result result) {
    Instant now = clock.instant();
    int attempt = result.attempt();
    Reply reply = result.response().reply();
    Duration wait = RetryDelay.after(reply.headers(), attempt, now);
    if (!now.plus(wait).isBefore(result.deadline())) {
      return false;
    }
    diagnostics
        .get()
        .warn(
            "{}: attempt {} ended with HTTP {}; next in {} ms",
            job.prompt().path(),
            attempt,
            reply.status(),
            wait.toMillis());
    pausing = true;
    try {
      return !stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      pausing = false;
    }
  }

  /** Whether it waits between two attempts. */
  public boolean isPausing() {
    return pausing;
  }

  /** Lets no attempt be made any more; those that are being made go on. Any thread may call it. */
  void rest() {
    stopped.countDown();
  }

  /**
   * Ends every wait: no attempt is made any more, and what has come of the one that is being made
   * is recorded. Any thread may call it.
   */
  public void stop() {
    rest();
    ledger.hurry();
    client.cancel();
  }
}
