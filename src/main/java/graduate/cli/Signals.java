package graduate.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a signal does: it ends the waits of the call that is on its way, if any, and then gives the
 * main path time to record and print what came of it.
 */
public final class Signals {
  /** Recording waits for two seconds at the most, printing for as long as a reader takes. */
  private static final Duration LONGEST = Duration.ofSeconds(65);

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile @Nullable Runnable stop;
  private volatile boolean came;

  /** Listens from now on. */
  public void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "signal"));
  }

  /** Lets a signal call {@code stop} and wait for {@link #finished}. */
  void onSignal(Runnable stop) {
    this.stop = stop;
  }

  /** Whether a signal came once there was something that it stops. */
  public boolean came() {
    return came;
  }

  /** Says that all is done, and no signal need wait any more. */
  public void finished() {
    finished.countDown();
  }

  private void end() {
    Runnable ends = stop;
    if (ends == null || finished.getCount() == 0) {
      return;
    }
    came = true;
    ends.run();
    try {
      boolean unused = finished.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
