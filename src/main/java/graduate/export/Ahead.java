package graduate.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, up to a megabyte ahead: to inflate an export takes half as
 * long as to parse it. What ends the stream ends this one at the same byte, with the same failure.
 */
final class Ahead extends PipedInputStream {
  private static final int ROOM = 1 << 20;
  private static final int STEP = 1 << 16;

  private final Thread thread;
  private volatile @Nullable IOException failure;

  /** Takes {@code in} over, but for closing it. */
  Ahead(InputStream in) throws IOException {
    super(ROOM);
    PipedOutputStream out = new PipedOutputStream(this);
    thread = new Thread(() -> copy(in, out), "ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private void copy(InputStream in, PipedOutputStream out) {
    byte[] step = new byte[STEP];
    try (out) {
      try {
        for (int read = in.read(step); read >= 0; read = in.read(step)) {
          out.write(step, 0, read);
          out.flush();
        }
      } catch (IOException e) {
        failure = e;
      }
    } catch (IOException e) {
      // Nobody reads any more.
    }
  }

  @Override
  public synchronized int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    if (read < 0 && failure != null) {
      throw failure;
    }
    return read;
  }

  /** Ends the thread too, so that the stream beneath can be closed. */
  @Override
  public void close() throws IOException {
    super.close();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
