package graduate.export;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/**
 * Counts what is read of one file and gives up at two limits: an entry that inflates to more than
 * 100 times its size beyond 100 MB, and one conversation above 64 MB.
 */
final class Meter extends FilterInputStream {
  private static final long BOMB_BYTES = 100_000_000;
  private static final int BOMB_RATIO = 100;
  private static final long CONVERSATION_BYTES = 64L << 20;

  private final long packed;
  private final LongConsumer progress;
  private long count;
  private long start;

  /**
   * @param packed the size in the zip, or {@link Long#MAX_VALUE} where nothing is packed
   * @param progress is told how many more bytes were read
   */
  Meter(InputStream in, long packed, LongConsumer progress) {
    super(in);
    this.packed = packed;
    this.progress = progress;
  }

  /** A conversation ends here, give or take what the parser has read ahead. */
  void next() {
    start = count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      count += read;
      progress.accept(read);
      if (count > BOMB_BYTES && count / BOMB_RATIO > packed) {
        throw new IOException("inflates to more than " + BOMB_RATIO + " times its size");
      }
      if (count - start > CONVERSATION_BYTES) {
        throw new IOException("one conversation is above " + (CONVERSATION_BYTES >> 20) + " MB");
      }
    }
    return read;
  }
}
