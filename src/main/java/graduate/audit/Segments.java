package graduate.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a file's newlines, in order. What a writer adds behind the end while this
 * reads is the rest of the last one, and is not read.
 */
final class Segments implements Closeable {
  private final @Nullable FileChannel channel;
  private final MessageDigest digest = Sha256.digest();
  private byte[] buffer = new byte[1 << 16];
  private long bufferAt;
  private int filled;
  private long start;
  private int length;
  private long end;
  private boolean newline = true;

  /** Reads nothing where there is no channel. */
  Segments(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Goes to {@code offset}, where a segment begins. */
  void moveTo(long offset) {
    bufferAt = offset;
    filled = 0;
    end = offset;
    newline = true;
  }

  /** Goes to the next segment; false where there is none. */
  boolean next() throws IOException {
    if (!newline) {
      return false;
    }
    long from = end;
    int scanned = index(from);
    for (; ; ) {
      while (scanned < filled && buffer[scanned] != '\n') {
        scanned++;
      }
      if (scanned < filled) {
        return found(from, scanned, true);
      }
      scanned -= index(from);
      if (!fill(from)) {
        return filled > 0 && found(from, filled, false);
      }
    }
  }

  private boolean found(long from, int to, boolean hasNewline) {
    start = from;
    length = to - index(from);
    newline = hasNewline;
    end = start + length + (hasNewline ? 1 : 0);
    return true;
  }

  /**
   * Moves what is read from {@code from} on to the buffer's start and reads on; false at the end.
   */
  private boolean fill(long from) throws IOException {
    int left = filled - index(from);
    if (index(from) > 0) {
      System.arraycopy(buffer, index(from), buffer, 0, left);
    } else if (left == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    bufferAt = from;
    filled = left;
    ByteBuffer free = ByteBuffer.wrap(buffer, left, buffer.length - left);
    int read = channel == null ? -1 : channel.read(free, bufferAt + left);
    filled += Math.max(0, read);
    return read > 0;
  }

  private int index(long offset) {
    return (int) (offset - bufferAt);
  }

  /** The segment as a line; null where it is none. */
  @Nullable LogLine line() {
    return LogLine.parse(buffer, index(start), length);
  }

  /** SHA-256 of the segment. */
  String hash() {
    digest.update(buffer, index(start), length);
    return Sha256.hex(digest);
  }

  byte[] bytes() {
    return Arrays.copyOfRange(buffer, index(start), index(start) + length);
  }

  long start() {
    return start;
  }

  /** Bytes, without the newline. */
  int length() {
    return length;
  }

  /** Where the next segment begins. */
  long end() {
    return end;
  }

  /** Whether the segment has a newline behind it; true at an empty file's end. */
  boolean endsWithNewline() {
    return newline;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
