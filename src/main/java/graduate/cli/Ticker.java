package graduate.cli;

import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One line of a terminal that is drawn anew where it has changed, and wiped out at the end. Whoever
 * writes something else holds this object's monitor, and wipes it out before.
 */
final class Ticker implements Closeable {
  private static final String WIPE = "\r\u001b[K";

  private final Console console;
  private final Supplier<String> line;
  private final long apartMs;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::tick, "ticker");
  private String drawn = "";

  /** Draws what {@code line} says, first after {@code apartMs}; never where it is not shown. */
  Ticker(Console console, boolean shown, long apartMs, Supplier<String> line) {
    this.console = console;
    this.apartMs = apartMs;
    this.line = line;
    thread.setDaemon(true);
    if (shown) {
      thread.start();
    }
  }

  private void tick() {
    try {
      while (!stop.await(apartMs, TimeUnit.MILLISECONDS)) {
        draw(line.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void draw(String now) {
    if (!now.equals(drawn)) {
      console.printError(WIPE + now);
      drawn = now;
    }
  }

  synchronized void wipe() {
    if (!drawn.isEmpty()) {
      console.printError(WIPE);
      drawn = "";
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
    wipe();
  }
}
