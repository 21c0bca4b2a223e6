package graduate.run;

import graduate.openai.ChatClient;
import graduate.openai.ChatResponse;
import graduate.openai.Outcome;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Ledger;
import graduate.spend.Session;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
 * the log fails, a cap is reached, the API would refuse every call, no answer can be brought out,
 * or somebody says so.
 */
public final class Bulk {
  private static final Duration IN_FLIGHT = Duration.ofSeconds(30);
  private static final Set<Integer> REFUSES_ALL = Set.of(401, 403, 404);
  private static final Set<Integer> PASSES = Set.of(408, 409, 429);
  private static final int FIRST = 3;

  /** Hears how each job ended, from any thread. */
  public interface Outlet {
    /**
     * The last attempt; empty where none was made.
     *
     * @return whether to go on
     */
    boolean ended(Job job, Optional<Result> last);

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

  private final Gate gate;
  private final PromptRunner runner;
  private final PastCalls past;
  private final Outlet outlet;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Integer> first = new ArrayList<>();
  private @Nullable Throwable why;

  /**
   * A bulk.
   *
   * @param past asked before each attempt, under the log's lock
   * @param cap for all calls together; null where there is none
   */
  public Bulk(
      Ledger ledger,
      ChatClient client,
      Clock clock,
      Supplier<Logger> diagnostics,
      int atOnce,
      @Nullable Cap cap,
      PastCalls past,
      Outlet outlet) {
    this.gate = new Gate(atOnce, true, clock, diagnostics);
    this.runner = new PromptRunner(ledger, client, clock, gate, cap);
    this.past = past;
    this.outlet = outlet;
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

  private void work(Job job) {
    try {
      Optional<Result> last = runner.attempts(job, session -> isNeedless(job, session));
      last.ifPresent(this::judge);
      if (!outlet.ended(job, last)) {
        stop();
      }
    } catch (CapExceededException e) {
      if (PromptRunner.isForOne(e)) {
        outlet.refused(job, e);
      } else {
        stop(e);
      }
    } catch (RuntimeException | Error e) {
      stop(e);
    } finally {
      gate.leave();
    }
  }

  private boolean isNeedless(Job job, Session session) {
    past.read();
    return past.state(job.asked(), session.now()) != PastCalls.State.MISSING;
  }

  /** Stops the rest where this result says that going on is of no use. */
  private synchronized void judge(Result result) {
    ChatResponse response = result.response();
    int status = response.reply().status();
    if (first.size() < FIRST) {
      first.add(status);
    }
    boolean alike = status / 100 == 4 && first.equals(Collections.nCopies(FIRST, status));
    boolean quota = status == 429 && response.outcome() == Outcome.REFUSED;
    if (response.isUsable()) {
      gate.answered();
    }
    Throwable fault = result.unrecorded() == null ? result.stopped() : result.unrecorded();
    if (fault != null && !PromptRunner.isForOne(fault)) {
      stop(fault);
    } else if (REFUSES_ALL.contains(status) || quota || (alike && !PASSES.contains(status))) {
      stop(new RefusedException(status));
    }
  }

  private synchronized void stop(Throwable cause) {
    // Who waits for a cap's room is refused when it ends for another reason.
    if (why == null && !(isStopped() && cause instanceof CapExceededException)) {
      why = cause;
    }
    stop();
  }

  /** Lets no call begin any more; those on their way end as they do. Any thread may call it. */
  public void stop() {
    gate.close();
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

  /** Whether no call begins any more. */
  public boolean isStopped() {
    return gate.isClosed();
  }

  /** How many may call at once now. */
  public int width() {
    return gate.width();
  }

  /** What the calls have cost, and may yet cost. */
  public Committed committed() {
    return runner.committed();
  }
}
