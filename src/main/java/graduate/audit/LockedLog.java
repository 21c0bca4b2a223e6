package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import graduate.json.JsonTree;
import graduate.text.Failures;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The log while nobody else may write it: one moment, one reader, lines appended at its end. */
public final class LockedLog implements Closeable {
  private final AuditLog log;
  private final LogLock lock;
  private final FileChannel append;
  private final LogReader reader;
  private final Instant now;

  LockedLog(AuditLog log, LogLock lock, Instant now, FileChannel append) {
    this.log = log;
    this.lock = lock;
    this.now = now;
    this.append = append;
    this.reader = new LogReader(log.path());
  }

  /** The time of every line written under this lock. */
  public Instant now() {
    return now;
  }

  /** Reads the log; a line is appended behind what it has read. */
  public LogReader reader() {
    return reader;
  }

  /** A new id: sortable by time, unique by 40 random bits. */
  public String newId() {
    long random = ThreadLocalRandom.current().nextLong() & ((1L << 40) - 1);
    return idTime() + "-" + HexFormat.of().toHexDigits(random, 10);
  }

  private String idTime() {
    return LogTime.of(now).replaceAll("[-:.]", "");
  }

  /**
   * Appends one line, which is not surely on disk before {@link #force} has returned. The reader
   * must have read the log to its end, and then stands behind the new line.
   *
   * @return the line as the log's own reader reads it
   * @throws LogException where it was not written whole
   */
  public LogLine write(Entry entry) {
    try {
      boolean closes = !reader.endsWithNewline();
      byte[] bytes = encode(entry, reader.position());
      LogLine line = LogLine.parse(log.path(), reader.end() + (closes ? 1 : 0), bytes);
      if (line == null) {
        throw new IllegalStateException("a line that its own reader does not read");
      }
      lock.check();
      if (append.size() != reader.end()) {
        throw LogException.unusable(log.path(), "another wrote to it without the lock. Run again");
      }
      write(append, closes, bytes);
      reader.moveBehind(line.position());
      return line;
    } catch (IOException e) {
      throw LogException.failed(log.path(), e);
    }
  }

  /** Writes a line with its newline, and one before it where that closes the torn bytes there. */
  private void write(FileChannel to, boolean closes, byte[] line) {
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 2);
    bytes.put(closes ? new byte[] {'\n'} : new byte[0]).put(line).put((byte) '\n').flip();
    try {
      int length = bytes.remaining();
      int written = to.write(bytes);
      if (written < length) {
        throw new IOException("only " + written + " of " + length + " bytes were written");
      }
    } catch (IOException e) {
      log.breakDown();
      throw LogException.unusable(log.path(), Failures.reason(e));
    }
  }

  /** Forces to disk what was written. */
  public void force() {
    force(append);
  }

  private void force(FileChannel to) {
    try {
      to.force(false);
    } catch (IOException e) {
      log.breakDown();
      throw LogException.unusable(log.path(), Failures.reason(e));
    }
  }

  /**
   * Makes sure that the folder has room.
   *
   * @param bytes that will be written
   * @throws LogException where it has not
   */
  public void requireRoom(long bytes) {
    long room = log.path().toFile().getUsableSpace();
    if (room < bytes) {
      throw LogException.unusable(
          log.path(), room + " bytes left on the disk, " + bytes + " needed");
    }
  }

  /** The name under which a damaged log is kept. */
  public Path aside() {
    return log.path().resolveSibling("audit-damaged-" + idTime() + ".jsonl");
  }

  /**
   * Starts a new log with {@code first} as its only line; the old one stays under {@code aside}. A
   * crash leaves either log whole in its place.
   */
  public void startAnew(Path aside, Entry first) {
    try {
      byte[] bytes = encode(first, Position.START);
      Path fresh = log.path().resolveSibling("audit.jsonl.new");
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, AuditLog.OWNER_ONLY);
      try (FileChannel to = FileChannel.open(fresh, StandardOpenOption.APPEND)) {
        write(to, false, bytes);
        force(to);
      }
      lock.check();
      Files.createLink(aside, log.path());
      Files.move(fresh, log.path(), StandardCopyOption.ATOMIC_MOVE);
      log.forceFolder();
    } catch (IOException e) {
      throw LogException.failed(log.path(), e);
    }
  }

  private byte[] encode(Entry entry, Position after) throws IOException {
    try {
      return encode(entry, after, false);
    } catch (JsonGenerationException e) {
      // A lone surrogate has no UTF-8 form: it can only be escaped.
      return encode(entry, after, true);
    }
  }

  private byte[] encode(Entry entry, Position after, boolean escapeNonAscii) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator to = JsonTree.FACTORY.createGenerator(line)) {
      to.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), escapeNonAscii);
      to.writeStartObject();
      to.writeNumberField("v", LogLine.VERSION);
      to.writeNumberField("seq", after.seq() + 1);
      to.writeStringField("prev", after.hash());
      to.writeStringField("type", entry.type());
      to.writeStringField("id", entry.id());
      to.writeStringField("time", LogTime.of(now));
      entry.write(to);
      to.writeEndObject();
    }
    return line.toByteArray();
  }

  @Override
  public void close() {
    try (lock;
        append) {
      reader.close();
    } catch (IOException e) {
      throw LogException.failed(log.path(), e);
    }
  }
}
