package graduate.audit;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines in order and checks each against the one before it. Memory is bounded by the longest
 * line.
 *
 * <p>Bytes that are no line are accepted only where the next line records them as {@code torn}, or
 * at the log's end. Everything else that does not chain is damage.
 */
public final class LogReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long NEWLINES = ONES * '\n';

  private final FileChannel channel;
  private final Path path;
  private final boolean lenient;
  private final MessageDigest digest = Sha256.digest();
  private byte[] buffer = new byte[1 << 16];
  private long bufferAt;
  private int filled;
  private long next;
  private long fragment = -1;
  private boolean newlineAtEnd = true;
  private Position position;

  private LogReader(FileChannel channel, Path path, Position after, boolean lenient) {
    this.channel = channel;
    this.path = path;
    this.position = after;
    this.next = after.end();
    this.bufferAt = after.end();
    this.lenient = lenient;
  }

  /** A reader of the whole log. */
  public static LogReader fromStart(FileChannel channel, Path path) {
    return new LogReader(channel, path, Position.START, false);
  }

  /** A reader that yields every line behind {@code offset} that parses, and checks nothing. */
  public static LogReader lenient(FileChannel channel, Path path, long offset) {
    return new LogReader(channel, path, new Position(offset, offset, 0, ""), true);
  }

  /** A reader of what follows {@code at}, or empty where the line there is another. */
  public static Optional<LogReader> after(FileChannel channel, Path path, Position at)
      throws IOException {
    LogReader before = new LogReader(channel, path, new Position(0, at.start(), 0, ""), false);
    int length = before.segment();
    boolean same =
        length == at.end() - at.start() - 1
            && before.newlineAtEnd
            && Sha256.of(before.buffer, before.index(at.start()), length).equals(at.hash());
    return same ? Optional.of(new LogReader(channel, path, at, false)) : Optional.empty();
  }

  /** The hash of the log's first segment, by which a log is told from another. */
  public static String firstHash(FileChannel channel, Path path) throws IOException {
    LogReader reader = fromStart(channel, path);
    int length = Math.max(0, reader.segment());
    return Sha256.of(reader.buffer, 0, length);
  }

  /**
   * The next line, or null at the end.
   *
   * @throws LogException where a line does not chain or was written by a newer version
   */
  public @Nullable LogLine next() throws IOException {
    for (; ; ) {
      long start = next;
      // What a writer adds behind the end while this reads is the rest of a line, not the next one.
      int length = newlineAtEnd ? segment() : -1;
      if (length < 0) {
        return null;
      }
      next = start + length + (newlineAtEnd ? 1 : 0);
      LogLine line = LogLine.parse(buffer, index(start), length);
      if (line == null) {
        fragment = fragment < 0 ? start : fragment;
        continue;
      }
      digest.update(buffer, index(start), length);
      String hash = Sha256.hex(digest);
      if (!lenient) {
        check(line, start, hash);
      }
      fragment = -1;
      position = new Position(start, next, line.seq(), hash);
      return line;
    }
  }

  private void check(LogLine line, long start, String hash) throws IOException {
    Optional<Torn> found = fragment < 0 ? Optional.empty() : Optional.of(torn(start - 1));
    boolean sealed = line.torn().equals(found);
    boolean named = found.isEmpty() || found.get().sha256().equals(line.prev());
    if (!sealed && !named) {
      throw LogException.damaged(path, fragment, found.get().bytes() + " bytes that are no line");
    }
    boolean follows = line.follows(position.hash());
    boolean inOrder = line.seq() == position.seq() + 1;
    boolean fits = sealed && named && inOrder;
    if (fits && !follows && position.seq() > 0 && isVouchedFor(hash)) {
      throw LogException.damaged(
          path,
          position.start(),
          "line "
              + position.seq()
              + " is not the one that line "
              + line.seq()
              + " (offset "
              + start
              + ") was written after");
    }
    if (!fits || !follows) {
      throw LogException.damaged(
          path, start, "line " + line.seq() + " does not follow line " + position.seq());
    }
    if (!line.isKnown()) {
      throw LogException.newer(path, start, "v " + line.text("v") + ", type " + line.type());
    }
  }

  /** Whether the line just read is as it was written, as far as the next one can tell. */
  private boolean isVouchedFor(String hash) throws IOException {
    LogLine following = lenient(channel, path, next).next();
    return following == null || following.follows(hash);
  }

  /** The last line read. */
  public Position position() {
    return position;
  }

  /** The bytes of the last line read, without its newline. */
  public byte[] bytes() {
    int start = index(position.start());
    int length = (int) (position.end() - position.start()) - (newlineAtEnd ? 1 : 0);
    return Arrays.copyOfRange(buffer, start, start + length);
  }

  /** The response body in the last line read, where that is a response line with one. */
  public Optional<byte[]> body() throws IOException {
    return Json.body(bytes());
  }

  /** After the last line: the bytes behind it that are no line. */
  public Optional<Torn> torn() throws IOException {
    return fragment < 0 ? Optional.empty() : Optional.of(torn(newlineAtEnd ? next - 1 : next));
  }

  /** After the last line: whether the log's last byte is a newline, or there is none. */
  boolean endsWithNewline() {
    return newlineAtEnd;
  }

  /** After the last line: how long the log is. */
  long end() {
    return next;
  }

  private Torn torn(long end) throws IOException {
    MessageDigest digest = Sha256.digest();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    for (long at = fragment; at < end; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      readFully(chunk, at);
      digest.update(chunk.flip());
    }
    return new Torn(fragment, end - fragment, Sha256.hex(digest));
  }

  private int index(long offset) {
    return (int) (offset - bufferAt);
  }

  /** Brings the bytes from {@code next} to the next newline into the buffer; -1 at the end. */
  private int segment() throws IOException {
    int scanned = index(next);
    for (; ; ) {
      scanned = newline(scanned);
      if (scanned < filled) {
        newlineAtEnd = true;
        return scanned - index(next);
      }
      scanned -= index(next);
      if (!fill()) {
        newlineAtEnd = filled == 0 && newlineAtEnd;
        return filled == 0 ? -1 : filled;
      }
    }
  }

  /** The index of the first newline from {@code at} on, else of the buffer's end. */
  private int newline(int at) {
    int i = at;
    // Eight bytes at once while none is a newline, which would be the one with a zero in it.
    for (; i <= filled - Long.BYTES; i += Long.BYTES) {
      long zeros = (long) LONGS.get(buffer, i) ^ NEWLINES;
      if (((zeros - ONES) & ~zeros & HIGH_BITS) != 0) {
        break;
      }
    }
    while (i < filled && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  /** Moves what is left to the buffer's start and reads on; false at the file's end. */
  private boolean fill() throws IOException {
    int left = filled - index(next);
    if (index(next) > 0) {
      System.arraycopy(buffer, index(next), buffer, 0, left);
    } else if (left == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    bufferAt = next;
    filled = left;
    int read = channel.read(ByteBuffer.wrap(buffer, left, buffer.length - left), bufferAt + left);
    filled += Math.max(0, read);
    return read > 0;
  }

  private void readFully(ByteBuffer chunk, long at) throws IOException {
    while (chunk.hasRemaining()) {
      if (channel.read(chunk, at + chunk.position()) < 0) {
        throw new IOException("the log became shorter while it was read");
      }
    }
  }
}
