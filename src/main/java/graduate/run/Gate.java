package graduate.run;

import graduate.openai.RetryDelay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Lets so many call at once. A 429 lets none begin until its time is over, and then half as many;
 * each answer brings one back.
 */
final class Gate {
  private final int most;
  private final Clock clock;
  private final Supplier<Logger> diagnostics;
  private int width;
  private int inside;
  private int returning;
  private long openNanos = System.nanoTime();
  private Instant halved = Instant.MIN;
  private boolean closed;

  Gate(int most, Clock clock, Supplier<Logger> diagnostics) {
    this.most = most;
    this.clock = clock;
    this.diagnostics = diagnostics;
    this.width = most;
  }

  /** Waits for a place; false where there will be none. */
  synchronized boolean enter() {
    return await(Instant.MAX, false);
  }

  /** Gives the place back. */
  synchronized void leave() {
    inside--;
    notifyAll();
  }

  /** Lets nobody in any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** How many may call at once now. */
  synchronized int width() {
    return width;
  }

  /** Hears of an answer. */
  synchronized void answered() {
    if (width < most) {
      width++;
      note("answers come again", 0);
      notifyAll();
    }
  }

  /** Waits until the 429 that {@code result} is lets it, as {@link #pass} does. */
  synchronized boolean pause(Result result) {
    Instant now = clock.instant();
    int attempt = result.attempt();
    Duration left = Duration.between(now, result.deadline());
    Duration asked = RetryDelay.after(result.response().reply().headers(), attempt, now);
    Duration wait = asked.compareTo(left) < 0 ? asked : left;
    long open = System.nanoTime() + wait.toNanos();
    openNanos = open - openNanos > 0 ? open : openNanos;
    if (result.request().time().isAfter(halved)) {
      // Calls that were on their way then say the same once more.
      halved = now;
      width = Math.max(1, width / 2);
    }
    note("too many requests", wait.toMillis());
    return pass(result.deadline());
  }

  /**
   * Gives the place back, and waits for another one; keeps it and is false where there is none
   * before the deadline.
   */
  synchronized boolean pass(Instant deadline) {
    inside--;
    returning++;
    notifyAll();
    boolean again = await(deadline, true);
    returning--;
    inside += again ? 0 : 1;
    notifyAll();
    return again;
  }

  private void note(String what, long millis) {
    diagnostics.get().warn("{}: pause {} ms, then {} at once", what, millis, width);
  }

  /** Those that come back go first. */
  private boolean await(Instant deadline, boolean back) {
    try {
      for (; ; ) {
        long pause = Math.max(0, openNanos - System.nanoTime());
        Instant now = clock.instant();
        if (closed || !now.plusNanos(pause).isBefore(deadline)) {
          return false;
        }
        if (pause == 0 && inside < width && (back || returning == 0)) {
          inside++;
          return true;
        }
        long left =
            deadline.equals(Instant.MAX)
                ? Long.MAX_VALUE
                : Duration.between(now, deadline).toNanos();
        TimeUnit.NANOSECONDS.timedWait(this, pause > 0 ? pause : left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
