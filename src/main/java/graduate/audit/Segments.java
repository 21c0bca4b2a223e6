package graduate.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a file's newlines, in order. What a writer adds behind the end while this
 * reads is the rest of the last one, and is not read.
 */
final class Segments implements Closeable {
  private final @Nullable FileChannel channel;
  private final byte[] buffer = new byte[1 << 16];
  private long readTo;
  private int at;
  private int filled;
  private long start;
  private long end;
  private byte[] bytes = {};
  private boolean newline = true;

  /** Reads nothing where there is no channel. */
  Segments(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Goes to {@code offset}, where a segment begins. */
  void moveTo(long offset) {
    readTo = offset;
    end = offset;
    at = 0;
    filled = 0;
    newline = true;
  }

  /** Goes to the next segment; false where there is none. */
  boolean next() throws IOException {
    if (!newline || (at == filled && !fill())) {
      return false;
    }
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    newline = false;
    do {
      int from = at;
      while (at < filled && buffer[at] != '\n') {
        at++;
      }
      segment.write(buffer, from, at - from);
      newline = at < filled;
    } while (!newline && fill());
    at += newline ? 1 : 0;
    bytes = segment.toByteArray();
    start = end;
    end = start + bytes.length + (newline ? 1 : 0);
    return true;
  }

  /** Reads on; false at the end. */
  private boolean fill() throws IOException {
    at = 0;
    filled = channel == null ? 0 : Math.max(0, channel.read(ByteBuffer.wrap(buffer), readTo));
    readTo += filled;
    return filled > 0;
  }

  /** The segment as a line; null where it is none. */
  @Nullable LogLine line() {
    return LogLine.parse(bytes, 0, bytes.length);
  }

  /** SHA-256 of the segment. */
  String hash() {
    return Sha256.of(bytes);
  }

  /** The segment, without the newline. */
  byte[] bytes() {
    return bytes;
  }

  long start() {
    return start;
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
