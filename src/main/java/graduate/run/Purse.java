package graduate.run;

import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Standing;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one command's own calls have cost, and may yet cost. */
final class Purse {
  private final @Nullable Cap cap;
  private Committed over = Committed.NOTHING;
  private Committed running = Committed.NOTHING;
  private long ended;
  private boolean closed;

  /** A purse with a cap of its own; null where only the others' hold. */
  Purse(@Nullable Cap cap) {
    this.cap = cap;
  }

  /**
   * Counts a call that may be made, and waits for others to end where its cap has no room before.
   *
   * @throws CapExceededException where it has none when no other is on its way
   */
  synchronized void reserve(BigDecimal worst) {
    if (cap != null) {
      awaitWhile(() -> running.calls() > 0 && !standing(cap).holds(worst));
      if (!standing(cap).holds(worst)) {
        throw new CapExceededException(worst, standing(cap));
      }
    }
    running = running.holding(worst);
  }

  private Standing standing(Cap own) {
    Committed all =
        new Committed(
            over.spent(), over.held().add(running.held()), over.calls() + running.calls());
    return new Standing(own, all, Optional.empty());
  }

  /** Counts it as over, with what came of it; empty where it was not made. */
  synchronized void settle(BigDecimal worst, Optional<Result> result) {
    running = new Committed(BigDecimal.ZERO, running.held().subtract(worst), running.calls() - 1);
    if (result.isPresent()) {
      over =
          result.get().cost().isPresent()
              ? over.spending(result.get().cost().get().usd())
              : over.holding(worst);
      ended++;
    }
    notifyAll();
  }

  /** Calls that were made and are over; goes up whenever a cap may have got room. */
  synchronized long ended() {
    return ended;
  }

  /** Waits until one has ended since {@code before}; false where none is on its way. */
  synchronized boolean awaitRoom(long before) {
    awaitWhile(() -> ended == before && running.calls() > 0);
    return ended != before && !closed;
  }

  private void awaitWhile(BooleanSupplier condition) {
    try {
      while (!closed && condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets nobody wait any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** What the calls that are over come to. */
  synchronized Committed committed() {
    return over;
  }
}
