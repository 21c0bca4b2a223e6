package graduate.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file's lines in order, as far as they parse, and checks nothing else. What a writer adds
 * behind the end while this reads is the rest of the last line, and is not read. Memory is bounded
 * by the longest line.
 */
public final class LineReader implements Closeable {
  private final Path path;
  private final @Nullable FileChannel channel;
  private final byte[] buffer = new byte[1 << 16];
  private long readTo;
  private int at;
  private int filled;
  private long start;
  private long end;
  private byte[] bytes = {};
  private boolean newline = true;

  private LineReader(Path path, @Nullable FileChannel channel, long offset) {
    this.path = path;
    this.channel = channel;
    moveTo(offset);
  }

  /** A reader of {@code file} from {@code offset} on; of nothing where there is no such file. */
  public static LineReader of(Path file, long offset) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // As good as an empty one.
    } catch (IOException e) {
      throw LogException.failed(file, e);
    }
    return new LineReader(file, channel, offset);
  }

  /** The next line, or null at the end. */
  public @Nullable LogLine next() {
    LogLine line = null;
    while (line == null && segment()) {
      line = line();
    }
    return line;
  }

  /** Goes to {@code offset}, where a segment begins. */
  void moveTo(long offset) {
    readTo = offset;
    end = offset;
    at = 0;
    filled = 0;
    newline = true;
  }

  /** Goes to what stands before the next newline; false where there is nothing. */
  boolean segment() {
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
  private boolean fill() {
    try {
      at = 0;
      filled = channel == null ? 0 : Math.max(0, channel.read(ByteBuffer.wrap(buffer), readTo));
      readTo += filled;
      return filled > 0;
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  /** The segment as a line; null where it is none. */
  @Nullable LogLine line() {
    return LogLine.parse(path, start, bytes);
  }

  /** The segment, without its newline. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the segment begins. */
  long start() {
    return start;
  }

  /** Where the next one begins. */
  long end() {
    return end;
  }

  /** Whether the segment has a newline behind it; true at an empty file's end. */
  boolean endsWithNewline() {
    return newline;
  }

  /** How long the file is. */
  long size() {
    try {
      return channel == null ? 0 : channel.size();
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }
}
