package graduate.run;

import graduate.openai.ChatResponse;
import graduate.openai.Outcome;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Many jobs, so many at once, each on the way of one prompt. It stops where going on is of no use:
 * the log fails, a cap is reached, the API would refuse every call, or somebody says so.
 */
public final class Bulk {
  private static final Duration IN_FLIGHT = Duration.ofSeconds(30);
  private static final Set<Integer> REFUSES_ALL = Set.of(401, 403, 404);
  private static final Set<Integer> PASSES = Set.of(408, 409, 429);
  private static final int FIRST = 3;

  /** Hears how each job ended; by one thread at a time. */
  public interface Outlet {
    /** The last attempt; empty where none was made. */
    void ended(Job job, Optional<Result> result);

    /** A cap for this input alone refused it. */
    void refused(Job job, CapExceededException why);
  }

  /** The API refused in a way that no other call would escape. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(int status) {
      super("HTTP " + status);
    }
  }

  private final PromptRunner runner;
  private final Outlet outlet;
  private final Gate gate;
  private final Purse purse;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean stopped;
  private @Nullable Throwable why;
  private int replies;
  private int alike;
  private int firstStatus;

  /**
   * The loop of {@code runner}'s calls.
   *
   * @param cap the command's own; null where it has none
   */
  public Bulk(
      PromptRunner runner,
      Outlet outlet,
      int atOnce,
      @Nullable Cap cap,
      Clock clock,
      Supplier<Logger> diagnostics) {
    this.runner = runner;
    this.outlet = outlet;
    this.gate = new Gate(atOnce, clock, diagnostics);
    this.purse = new Purse(cap);
  }

  /**
   * Waits until one more may call, and lets it, on a thread of its own.
   *
   * @return false where none may any more
   */
  public boolean ask(Job job) {
    if (!gate.enter()) {
      return false;
    }
    threads.execute(() -> work(job));
    return true;
  }

  /**
   * Waits for all that were asked.
   *
   * @return what stopped it early: a refusal by a cap, the log or the API, an error; empty where
   *     nothing did, or {@link #stop} was called
   */
  public Optional<Throwable> finish() {
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return Optional.ofNullable(why);
    }
  }

  private void work(Job job) {
    try {
      Optional<Result> result = run(job);
      result.ifPresent(this::judge);
      synchronized (outlet) {
        outlet.ended(job, result);
      }
    } catch (CapExceededException e) {
      if (isForOne(e)) {
        synchronized (outlet) {
          outlet.refused(job, e);
        }
      } else {
        stop(e);
      }
    } catch (RuntimeException | Error e) {
      stop(e);
    } finally {
      gate.leave();
    }
  }

  private Optional<Result> run(Job job) {
    Optional<Result> last = Optional.empty();
    int counted = 0;
    for (; ; ) {
      long before = purse.ended();
      Optional<Result> next;
      try {
        next = attempt(job, last);
      } catch (RuntimeException e) {
        if (e instanceof CapExceededException cap
            && !isForOne(cap)
            && purse.awaitRoom(before)
            && gate.pass(last.map(Result::deadline).orElse(Instant.MAX))) {
          continue;
        }
        if (last.isEmpty()) {
          throw e;
        }
        return last.map(result -> result.stoppedBy(e));
      }
      if (next.isEmpty()) {
        return last;
      }
      last = next;
      Result result = next.get();
      if (result.response().isUsable()) {
        gate.answered();
      }
      if (!result.isRetryable()) {
        return last;
      }
      boolean tooMany = result.response().reply().status() == 429;
      counted += tooMany ? 0 : 1;
      boolean again =
          tooMany
              ? gate.pause(result)
              : counted <= job.retry() && runner.pause(job, result) && gate.pass(result.deadline());
      if (!again) {
        return last;
      }
    }
  }

  private Optional<Result> attempt(Job job, Optional<Result> last) {
    purse.reserve(job.worst());
    Optional<Result> next = Optional.empty();
    try {
      next = runner.attempt(job, last);
      return next;
    } finally {
      purse.settle(job.worst(), next);
    }
  }

  /** A cap for each input says nothing of the others. */
  private static boolean isForOne(RuntimeException e) {
    return e instanceof CapExceededException refusal
        && refusal.standing().cap().per() == Cap.Per.CALL;
  }

  /** Stops the rest where this result says that going on is of no use. */
  private synchronized void judge(Result result) {
    ChatResponse response = result.response();
    int status = response.reply().status();
    replies++;
    firstStatus = replies == 1 ? status : firstStatus;
    alike += status / 100 == 4 && !PASSES.contains(status) && status == firstStatus ? 1 : 0;
    boolean quota = status == 429 && response.outcome() == Outcome.REFUSED;
    if (result.unrecorded() != null) {
      stop(result.unrecorded());
    } else if (result.stopped() != null && !isForOne(result.stopped())) {
      stop(result.stopped());
    } else if (REFUSES_ALL.contains(status) || quota || (replies == FIRST && alike == FIRST)) {
      stop(new RefusedException(status));
    }
  }

  private synchronized void stop(Throwable cause) {
    // Who waits for a cap's room is refused when it ends for another reason.
    if (why == null && !(stopped && cause instanceof CapExceededException)) {
      why = cause;
    }
    stop();
  }

  /** Lets no call begin any more; those on their way end as they do. Any thread may call it. */
  public void stop() {
    stopped = true;
    gate.close();
    purse.close();
    runner.rest();
  }

  /** Stops, waits for a while for the calls on their way, and then ends them too. */
  public void end() {
    stop();
    try {
      if (!threads.awaitTermination(IN_FLIGHT.toSeconds(), TimeUnit.SECONDS)) {
        runner.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether no call begins any more. */
  public boolean isStopped() {
    return stopped;
  }

  /** How many may call at once now. */
  public int width() {
    return gate.width();
  }

  /** What the calls that are over have cost, and what is held of them. */
  public Committed committed() {
    return purse.committed();
  }
}
