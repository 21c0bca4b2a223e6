package graduate.run;

import graduate.openai.RetryDelay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Says when an attempt may be made: so many at once; a second one for the same input after its
 * pause; one that a cap had no room for, once another has ended. In a bulk a 429 is for all: none
 * begins until its time is over, and then half as many; each answer brings one back.
 */
final class Gate {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final int most;
  private final boolean bulk;
  private final Clock clock;
  private final Supplier<Logger> diagnostics;
  private int width;
  private int inside;
  private int calling;
  private long ended;
  private long openNanos = System.nanoTime();
  private Instant halved = Instant.MIN;
  private boolean closed;

  Gate(int most, boolean bulk, Clock clock, Supplier<Logger> diagnostics) {
    this.most = most;
    this.bulk = bulk;
    this.clock = clock;
    this.diagnostics = diagnostics;
    this.width = most;
  }

  /** Waits for a place, and with it for the first attempt; false where none may begin any more. */
  synchronized boolean enter() {
    if (!await(openNanos, Instant.MAX, () -> inside < width, () -> false)) {
      return false;
    }
    inside++;
    calling++;
    return true;
  }

  /** Gives the place back. */
  synchronized void leave() {
    ended++;
    inside--;
    calling--;
    notifyAll();
  }

  /** Lets no attempt begin any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** How many may call at once now. */
  synchronized int width() {
    return width;
  }

  /** Whether everybody waits. */
  synchronized boolean isPausing() {
    return calling == 0;
  }

  /** Attempts that are over; goes up whenever a cap may have got room. */
  synchronized long ended() {
    return ended;
  }

  /** Hears of an answer. */
  synchronized void answered() {
    if (width < most) {
      width++;
      note("answers come again", 0);
      notifyAll();
    }
  }

  /**
   * Waits for another attempt to end, of which a cap may get room.
   *
   * @param before attempts that were over when it had none
   * @return false where none is on its way, or none is to be made before the deadline
   */
  synchronized boolean awaitRoom(long before, Instant deadline) {
    return awaitCall(openNanos, deadline, before);
  }

  /** Waits before the next attempt for the same input; false where there is to be none. */
  synchronized boolean awaitNext(Result last) {
    ended++;
    Instant now = clock.instant();
    int attempt = last.attempt();
    Duration left = Duration.between(now, last.deadline());
    Duration asked = RetryDelay.after(last.response().reply().headers(), attempt, now);
    boolean fits = asked.compareTo(left) < 0;
    Duration wait = fits ? asked : left;
    long due = System.nanoTime() + wait.toNanos();
    if (isForAll(last)) {
      openNanos = due - openNanos > 0 ? due : openNanos;
      if (last.request().time().isAfter(halved)) {
        // Calls that were on their way then say the same once more.
        halved = now;
        width = Math.max(1, width / 2);
      }
      note("too many requests", wait.toMillis());
    } else if (fits) {
      diagnostics
          .get()
          .warn(
              "{}: attempt {} ended with HTTP {}; next in {} ms",
              last.request().source("prompt").path(),
              attempt,
              last.response().reply().status(),
              wait.toMillis());
    }
    return fits && awaitCall(due, last.deadline(), -1);
  }

  /** Whether it says nothing of its own input. */
  boolean isForAll(Result result) {
    return bulk && result.response().reply().status() == 429;
  }

  private void note(String what, long millis) {
    diagnostics.get().warn("{}: pause {} ms, then {} at once", what, millis, width);
  }

  /** Lets others call, and waits until it may again. */
  private boolean awaitCall(long due, Instant deadline, long before) {
    calling--;
    notifyAll();
    boolean again =
        await(
            due,
            deadline,
            () -> calling < width && ended != before,
            () -> calling == 0 && ended == before);
    calling++;
    return again;
  }

  /** Waits until it is due and {@code may}; false where that is never, or after the deadline. */
  private boolean await(long due, Instant deadline, BooleanSupplier may, BooleanSupplier never) {
    try {
      for (; ; ) {
        long nanos = System.nanoTime();
        long pause = Math.max(0, Math.max(due - nanos, openNanos - nanos));
        Instant now = clock.instant();
        if (closed || never.getAsBoolean() || !now.plusNanos(pause).isBefore(deadline)) {
          return false;
        }
        if (pause == 0 && may.getAsBoolean()) {
          return true;
        }
        // The wall clock may jump.
        TimeUnit.NANOSECONDS.timedWait(this, pause > 0 ? pause : LOOK.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
