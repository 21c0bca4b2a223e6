package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The log while it is locked: one moment, one reader, lines appended at its end. */
public final class LogWriter {
  private final AuditLog log;
  private final LogLock lock;
  private final FileChannel read;
  private final FileChannel append;
  private final Instant now;

  LogWriter(AuditLog log, LogLock lock, FileChannel read, FileChannel append, Instant now) {
    this.log = log;
    this.lock = lock;
    this.read = read;
    this.append = append;
    this.now = now;
  }

  /** The time of every line written under this lock. */
  public Instant now() {
    return now;
  }

  /** The open log, for reading. */
  public FileChannel channel() {
    return read;
  }

  /** A new id: sortable by time, unique by 40 random bits. */
  public String newId() {
    long random = ThreadLocalRandom.current().nextLong() & ((1L << 40) - 1);
    return idTime() + "-" + HexFormat.of().toHexDigits(random, 10);
  }

  private String idTime() {
    return AuditLog.time(now).replace("-", "").replace(":", "").replace(".", "");
  }

  /**
   * Appends one line and forces it to disk.
   *
   * @param end a reader that has read the log to its end; the line follows what it read last
   * @return the line as the log's own reader reads it, and where it stands
   * @throws LogException where the line is not surely on disk
   */
  public Appended append(LogReader end, Entry entry) throws IOException {
    byte[] line = encode(entry, end.position(), end.torn());
    boolean seal = !end.endsWithNewline();
    long seq = end.position().seq() + 1;
    Appended appended = appended(line, end.end() + (seal ? 1 : 0), seq);
    lock.check();
    if (append.size() != end.end()) {
      throw new LockLostException();
    }
    write(append, line, seal);
    return appended;
  }

  private static Appended appended(byte[] line, long start, long seq) {
    LogLine readBack = LogLine.parse(line, 0, line.length);
    if (readBack == null) {
      throw new IllegalStateException("a line that its own reader does not read");
    }
    return new Appended(
        readBack, new Position(start, start + line.length + 1, seq, Sha256.of(line)));
  }

  /**
   * A line and its place.
   *
   * @param line as read back
   */
  public record Appended(LogLine line, Position position) {}

  private void write(FileChannel to, byte[] line, boolean seal) {
    ByteBuffer bytes = ByteBuffer.allocate(line.length + (seal ? 2 : 1));
    if (seal) {
      bytes.put((byte) '\n');
    }
    bytes.put(line).put((byte) '\n').flip();
    int length = bytes.remaining();
    try {
      int written = to.write(bytes);
      if (written < length) {
        throw new IOException("only " + written + " of " + length + " bytes were written");
      }
      to.force(false);
    } catch (IOException e) {
      log.breakDown();
      throw LogException.unwritable(log.path(), Failures.reason(e), e);
    }
  }

  /**
   * Makes sure that the folder has room.
   *
   * @param bytes that will be written
   * @throws LogException where it has not
   */
  public void requireRoom(long bytes) throws IOException {
    long room = Files.getFileStore(log.path()).getUsableSpace();
    if (room < bytes) {
      throw LogException.unwritable(
          log.path(), room + " bytes left on the disk, " + bytes + " needed", null);
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
  public Appended startAnew(Path aside, Entry first) throws IOException {
    byte[] line = encode(first, Position.START, Optional.empty());
    Path fresh = log.path().resolveSibling("audit.jsonl.new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, AuditLog.OWNER_ONLY);
    try (FileChannel to = FileChannel.open(fresh, StandardOpenOption.APPEND)) {
      write(to, line, false);
    }
    lock.check();
    Files.createLink(aside, log.path());
    Files.move(fresh, log.path(), StandardCopyOption.ATOMIC_MOVE);
    log.forceFolder();
    return appended(line, 0, 1);
  }

  private byte[] encode(Entry entry, Position after, Optional<Torn> torn) throws IOException {
    try {
      return encode(entry, after, torn, false);
    } catch (JsonGenerationException e) {
      // A lone surrogate has no UTF-8 form: it can only be escaped.
      return encode(entry, after, torn, true);
    }
  }

  private byte[] encode(Entry entry, Position after, Optional<Torn> torn, boolean escapeNonAscii)
      throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator to = Json.FACTORY.createGenerator(line)) {
      to.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), escapeNonAscii);
      to.writeStartObject();
      to.writeNumberField("v", LogLine.VERSION);
      to.writeNumberField("seq", after.seq() + 1);
      to.writeStringField("prev", torn.isPresent() ? torn.get().sha256() : after.hash());
      to.writeStringField("type", entry.type());
      to.writeStringField("id", entry.id());
      to.writeStringField("time", AuditLog.time(now));
      if (torn.isPresent()) {
        to.writeObjectFieldStart("torn");
        to.writeNumberField("offset", torn.get().offset());
        to.writeNumberField("bytes", torn.get().bytes());
        to.writeStringField("sha256", torn.get().sha256());
        // Without it nothing would speak of the line before the torn one.
        to.writeStringField("prev", after.hash());
        to.writeEndObject();
      }
      entry.write(to);
      to.writeEndObject();
    }
    return line.toByteArray();
  }
}
