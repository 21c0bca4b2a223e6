package graduate.run;

import graduate.audit.AuditLog;
import graduate.audit.LogException;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
import graduate.openai.ChatClient;
import graduate.openai.ChatResponse;
import graduate.openai.Outcome;
import graduate.openai.Reply;
import graduate.openai.RetryDelay;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Ledger;
import graduate.spend.OncePer;
import graduate.spend.Price;
import graduate.spend.Usage;
import java.io.Closeable;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The way of one prompt: worst case, cap check and request line, one HTTP attempt, response line. A
 * retry goes the whole way again.
 *
 * <p>A signal that comes while an answer is waited for writes a line that says {@code unknown}; one
 * that comes later lets the answer be recorded and printed first, until {@link #close}.
 */
public final class PromptRunner implements Closeable {
  private static final Duration SIGNAL_WAIT = Duration.ofSeconds(2);
  private static final Duration PRINTING = Duration.ofSeconds(5);
  private static final long LINE_ROOM = 16 << 10;

  /** Bytes of disk for each token that may come: answers seldom use half of what they may. */
  private static final long TOKEN_ROOM = 2;

  private final Ledger ledger;
  private final ChatClient client;
  private final Clock clock;
  private final Supplier<Logger> diagnostics;
  private final Object lock = new Object();
  private State state = new Idle();
  private final CountDownLatch printed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "signal");

  private sealed interface State {}

  /** Nothing is on its way. */
  private record Idle() implements State {}

  /** A request line is on disk, its answer is waited for. */
  private record Waiting(RequestEntry entry, Instant at) implements State {}

  /** An answer, or the lack of one, is in hand. */
  private record InHand() implements State {}

  /** A signal came first. */
  private record Ended() implements State {}

  /** A runner of one job; it must be closed when the answer is out. */
  public PromptRunner(Ledger ledger, ChatClient client, Clock clock, Supplier<Logger> diagnostics) {
    this.ledger = ledger;
    this.client = client;
    this.clock = clock;
    this.diagnostics = diagnostics;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Runs the job.
   *
   * @return the last attempt; empty where {@code once} found the call needless
   * @throws CapExceededException where the first attempt does not fit under a cap
   * @throws LogException where the first request line is not surely on disk
   */
  public Optional<Result> run(Job job) {
    Instant deadline = clock.instant().plus(job.maxTime());
    String run = UUID.randomUUID().toString();
    BigDecimal committed = BigDecimal.ZERO;
    Result last = null;
    for (int attempt = 1; ; attempt++) {
      Ledger.Admission admission;
      try {
        admission = admit(job, run, attempt, deadline, committed);
      } catch (CapExceededException | LogException e) {
        if (last == null) {
          throw e;
        }
        return Optional.of(last.stoppedBy(e));
      }
      if (admission.entry() == null) {
        return Optional.ofNullable(last);
      }
      last = attempt(job, admission.entry(), admission.at());
      committed = committed.add(last.cost().orElse(last.entry().reserved()));
      if (!last.response().retryable() || last.unrecorded() != null || attempt > job.retry()) {
        return Optional.of(last);
      }
      Instant now = clock.instant();
      Duration wait = RetryDelay.after(last.response().reply().headers(), attempt, now);
      if (!now.plus(wait).isBefore(deadline)) {
        return Optional.of(last);
      }
      diagnostics
          .get()
          .warn(
              "{}: attempt {} ended with HTTP {}; next in {} ms",
              job.prompt().path(),
              attempt,
              last.response().reply().status(),
              wait.toMillis());
      move(new Idle());
      sleep(wait);
    }
  }

  private Ledger.Admission admit(
      Job job, String run, int attempt, Instant deadline, BigDecimal committed) {
    List<Cap> caps = new ArrayList<>();
    for (Cap cap : job.caps()) {
      caps.add(cap.per() == Cap.Per.CALL ? cap.less(committed) : cap);
    }
    byte[] body = job.request().body();
    BigDecimal worst = job.worst();
    Duration wait = Duration.between(clock.instant(), deadline);
    // A retry is decided on already: only another run's call can make it needless.
    @Nullable OncePer once = attempt == 1 ? job.once() : null;
    return ledger.admit(
        caps,
        once,
        2L * body.length + TOKEN_ROOM * job.request().completions() + LINE_ROOM,
        wait,
        (now, id) ->
            new RequestEntry(
                id,
                run,
                attempt,
                job.prompt(),
                job.input(),
                client.endpoint().url().toString(),
                body,
                job.replay(),
                deadline,
                job.price() == null
                    ? null
                    : job.price().json(job.inputBound(), job.request().completions()),
                worst));
  }

  private Result attempt(Job job, RequestEntry entry, Instant at) {
    move(new Waiting(entry, at));
    Reply reply = client.send(entry.body(), entry.id(), entry.deadline());
    move(new InHand());
    ChatResponse response = ChatResponse.of(reply);
    Optional<BigDecimal> cost = cost(job, response, entry);
    ResponseEntry line =
        new ResponseEntry(
            entry,
            at,
            reply.elapsedMs(),
            reply.status(),
            reply.headers(),
            reply.body(),
            response.outcome().toString(),
            response.usage().isObject() ? response.usage() : null,
            cost.orElse(null));
    try {
      Balance balance = ledger.record(line, AuditLog.RECORDING);
      return new Result(entry, response, cost, balance, null, null);
    } catch (LogException e) {
      return new Result(entry, response, cost, null, e, null);
    }
  }

  private static Optional<BigDecimal> cost(Job job, ChatResponse response, RequestEntry entry) {
    if (job.replay() || response.unbilled()) {
      return Optional.of(BigDecimal.ZERO);
    }
    Optional<BigDecimal> cost = wouldCost(job, response);
    // What can't cost anything did not, though nobody counted.
    return cost.isEmpty() && entry.reserved().signum() == 0 ? Optional.of(BigDecimal.ZERO) : cost;
  }

  /** What the response's usage comes to, USD; empty where that cannot be known. */
  public static Optional<BigDecimal> wouldCost(Job job, ChatResponse response) {
    boolean answer =
        response.outcome() == Outcome.ANSWERED
            || response.outcome() == Outcome.INCOMPLETE
            || (response.reply().status() / 100 == 2 && response.reply().problem() == null);
    Price price = job.price();
    if (price == null || !answer) {
      return Optional.empty();
    }
    Optional<Usage> usage = Usage.of(response.usage(), !response.texts().isEmpty());
    return usage.isEmpty()
        ? Optional.empty()
        : price.cost(usage.get(), response.model().orElse(null), response.tier().orElse(null));
  }

  private void move(State to) {
    synchronized (lock) {
      if (!(state instanceof Ended)) {
        state = to;
        return;
      }
    }
    // A signal came first, and the process is about to end: this thread must do nothing more.
    sleep(Duration.ofDays(1));
  }

  /** Runs when the process ends, by a signal or not. */
  private void end() {
    State was;
    synchronized (lock) {
      was = state;
      state = was instanceof InHand ? was : new Ended();
    }
    if (was instanceof InHand) {
      await(printed, AuditLog.RECORDING.plus(PRINTING));
    } else if (was instanceof Waiting waiting) {
      client.cancel();
      long elapsed = Duration.between(waiting.at(), clock.instant()).toMillis();
      RequestEntry entry = waiting.entry();
      BigDecimal cost = entry.replay() ? BigDecimal.ZERO : null;
      try {
        ledger.record(
            new ResponseEntry(
                entry, waiting.at(), elapsed, 0, Map.of(), null, "unknown", null, cost),
            SIGNAL_WAIT);
      } catch (LogException e) {
        // The request line alone means the same.
      }
      diagnostics.get().error("call {}: ended by a signal", entry.id());
    }
  }

  /** Says that the answer is out, and a signal need not wait any more. */
  @Override
  public void close() {
    printed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch, Duration time) {
    try {
      latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
