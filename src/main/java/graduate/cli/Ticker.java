package graduate.cli;

import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts the seconds in one line of a terminal, and wipes it out at the end. */
final class Ticker implements Closeable {
  private final Console console;
  private final Supplier<String> what;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::tick, "ticker");

  /** Starts counting. */
  Ticker(Console console, Supplier<String> what) {
    this.console = console;
    this.what = what;
    thread.setDaemon(true);
    thread.start();
  }

  private void tick() {
    try {
      for (int seconds = 1; !stop.await(1, TimeUnit.SECONDS); seconds++) {
        console.printError("\r\u001b[K" + what.get() + " … " + seconds + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    console.printError("\r\u001b[K");
  }
}
