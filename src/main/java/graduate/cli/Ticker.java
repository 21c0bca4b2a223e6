package graduate.cli;

import java.io.Closeable;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Supplier;

/**
 * One line of a terminal that is drawn anew where it has changed, and wiped out at the end. Whoever
 * writes something else holds this object's monitor, and wipes it out before.
 */
final class Ticker implements Closeable {
  private static final String WIPE = "\r\u001b[K";

  private final Console console;
  private final Timer timer = new Timer("ticker", true);
  private String drawn = "";
  private boolean closed;

  /** Draws what {@code line} says, first after {@code apartMs}; never where it is not shown. */
  Ticker(Console console, boolean shown, long apartMs, Supplier<String> line) {
    this.console = console;
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            draw(line.get());
          }
        };
    if (shown) {
      timer.schedule(task, apartMs, apartMs);
    }
  }

  private synchronized void draw(String now) {
    if (!closed && !now.equals(drawn)) {
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
  public synchronized void close() {
    closed = true;
    timer.cancel();
    wipe();
  }
}
