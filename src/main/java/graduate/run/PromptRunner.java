package graduate.run;

import graduate.audit.AuditLog;
import graduate.audit.LogException;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
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

/** The way of one prompt, from its worst case to its response line. */
public final class PromptRunner {
  private final Ledger ledger;
  private final ChatClient client;
  private final Clock clock;
  private final Supplier<Logger> diagnostics;
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
   * Runs the job: under the log's lock the caps are checked and the request line is forced; without
   * it the request is sent, once; under it again the response line is forced. A retry goes the
   * whole way anew.
   *
   * @return the last attempt; empty where none was made, since {@code once} found it needless or
   *     {@link #stop} was called
   * @throws CapExceededException where the first attempt does not fit under a cap
   * @throws LogException where the first request line is not surely on disk
   */
  public Optional<Result> run(Job job) {
    Instant deadline = clock.instant().plus(job.maxTime());
    String run = UUID.randomUUID().toString();
    Committed committed = Committed.NOTHING;
    Optional<Result> last = Optional.empty();
    job.once().ifPresent(once -> once.read(ledger, clock.instant()));
    for (int attempt = 1; ; attempt++) {
      RequestEntry request;
      try (Session session = ledger.open(Duration.between(clock.instant(), deadline))) {
        if (isStopped() || isNeedless(job, attempt, session)) {
          return last;
        }
        session.require(job.worst(), job.caps(), committed);
        session.requireRoom(job.room());
        request = job.attempt(session, run, attempt, deadline, client.endpoint().url().toString());
        session.append(request);
      } catch (CapExceededException | LogException e) {
        if (last.isEmpty()) {
          throw e;
        }
        return last.map(result -> result.stoppedBy(e));
      }

      Reply reply = client.send(request.body(), request.id(), deadline);

      ChatResponse response = ChatResponse.of(reply, job.request().limit());
      Optional<Cost> cost = job.cost(response);
      Result result = new Result(request, response, cost, committed);
      committed = result.committed();
      try (Session session = ledger.open(AuditLog.RECORDING)) {
        session.append(line(result));
        last = Optional.of(result.recorded(session.balance()));
      } catch (RuntimeException | Error e) {
        // Whatever it is, the answer that is in hand must come out.
        return Optional.of(result.unrecorded(e));
      }
      if (!response.retryable() || attempt > job.retry() || !pause(job, result, attempt)) {
        return last;
      }
    }
  }

  /** A retry is decided on already: only another run's call can make the first one needless. */
  private boolean isNeedless(Job job, int attempt, Session session) {
    return attempt == 1 && job.once().flatMap(once -> once.done(ledger, session)).isPresent();
  }

  private static ResponseEntry line(Result result) {
    ChatResponse response = result.response();
    Reply reply = response.reply();
    return new ResponseEntry(
        result.request(),
        reply.elapsedMs(),
        reply.status(),
        reply.headers(),
        reply.body(),
        response.outcome().toString(),
        response.usage().isObject() ? response.usage() : null,
        result.cost().map(Cost::price).orElse(null),
        result.cost().map(Cost::usd).orElse(null));
  }

  /** Waits before the next attempt; false where there is to be none. */
  private boolean pause(Job job, Result result, int attempt) {
    Instant now = clock.instant();
    Reply reply = result.response().reply();
    Duration wait = RetryDelay.after(reply.headers(), attempt, now);
    if (!now.plus(wait).isBefore(result.request().deadline())) {
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

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /**
   * Ends every wait: no attempt is made any more, and what has come of the one that is being made
   * is recorded. Any thread may call it.
   */
  public void stop() {
    stopped.countDown();
    ledger.hurry();
    client.cancel();
  }
}
