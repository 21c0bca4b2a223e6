package graduate.audit;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines in order and checks each against the one before it. Memory is bounded by the longest
 * line.
 *
 * <p>Bytes that are no line are left aside where a writer has closed them, so that the next line
 * follows the last good one, and at the log's end where they have no newline. Everything else that
 * does not chain is damage.
 */
public final class LogReader implements Closeable {
  private final Segments segments;
  private final Path path;
  private final boolean lenient;
  private final List<Piece> pieces = new ArrayList<>();
  private Position position = Position.START;

  /** Bytes that are no line: where they begin, and how many they are. */
  public record Piece(long offset, long bytes) {}

  LogReader(@Nullable FileChannel channel, Path path, boolean lenient) {
    this.segments = new Segments(channel);
    this.path = path;
    this.lenient = lenient;
  }

  /**
   * A reader that yields every line of {@code file} that parses, from {@code offset} on, and checks
   * nothing; of nothing where there is no such file.
   */
  public static LogReader lenient(Path file, long offset) {
    return LogException.on(
        file, () -> new LogReader(AuditLog.openToRead(file), file, true).from(offset));
  }

  /** The same reader at {@code offset}, where a line begins. */
  LogReader from(long offset) {
    segments.moveTo(offset);
    return this;
  }

  /** Goes behind the line at {@code at}; false, back at the start, where another stands there. */
  public boolean resume(Position at) {
    try {
      segments.moveTo(at.start());
      boolean same =
          segments.next()
              && segments.endsWithNewline()
              && segments.end() == at.end()
              && segments.hash().equals(at.hash());
      moveBehind(same ? at : Position.START);
      return same;
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  /** Goes behind {@code at}, which the caller knows to be a line. */
  void moveBehind(Position at) {
    position = at;
    segments.moveTo(at.end());
  }

  /** Goes back to the start. */
  public void rewind() {
    moveBehind(Position.START);
  }

  /**
   * The next line, or null at the end.
   *
   * @throws LogException where a line does not chain or was written by a newer version
   */
  public @Nullable LogLine next() {
    try {
      Piece piece = null;
      while (segments.next()) {
        LogLine line = segments.line();
        if (line == null) {
          pieces.add(new Piece(segments.start(), segments.bytes().length));
          piece = piece == null ? pieces.get(pieces.size() - 1) : piece;
          continue;
        }
        String hash = segments.hash();
        if (!lenient) {
          check(line, hash, piece);
        }
        position =
            new Position(
                segments.start(), segments.start() + segments.bytes().length + 1, line.seq(), hash);
        return line;
      }
      if (!lenient && piece != null && segments.endsWithNewline()) {
        throw LogException.damaged(path, last().offset(), "the last line cannot be read");
      }
      return null;
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  private Piece last() {
    return pieces.get(pieces.size() - 1);
  }

  private void check(LogLine line, String hash, @Nullable Piece piece) throws IOException {
    boolean inOrder = line.seq() == position.seq() + 1;
    boolean follows = line.prev().equals(position.hash());
    if (inOrder && follows) {
      if (!line.isKnown()) {
        throw LogException.newer(
            path, segments.start(), "v " + line.text("v") + ", type " + line.type());
      }
      return;
    }
    long start = segments.start();
    if (inOrder && position.seq() > 0 && isVouchedFor(hash)) {
      // The line after this one says that this one is as it was written.
      throw LogException.damaged(
          path, position.start(), "line " + position.seq() + " was changed after it was written");
    }
    if (!inOrder && piece != null) {
      throw LogException.damaged(path, piece.offset(), piece.bytes() + " bytes that are no line");
    }
    throw LogException.damaged(
        path, start, "line " + line.seq() + " does not follow line " + position.seq());
  }

  private boolean isVouchedFor(String hash) throws IOException {
    while (segments.next()) {
      LogLine following = segments.line();
      if (following != null) {
        return following.prev().equals(hash);
      }
    }
    return true;
  }

  /** The file that is read. */
  public Path path() {
    return path;
  }

  /** The last line read. */
  public Position position() {
    return position;
  }

  /** All that was read so far and is no line, in order; the last may be a line yet unfinished. */
  public List<Piece> pieces() {
    return pieces;
  }

  /** The bytes of the last line read, without its newline. */
  public byte[] bytes() {
    return segments.bytes();
  }

  /** The request body in the last line read; a missing node where it holds none. */
  public JsonNode request() {
    return LogException.on(path, () -> JsonTree.read(sent(), Fractions.EXACT));
  }

  /** The request body in the last line read, as it was sent. */
  public byte[] sent() {
    return LogException.on(path, () -> Json.request(bytes()));
  }

  /** The response body in the last line read, where that is a response line with one. */
  public Optional<byte[]> body() {
    return LogException.on(path, () -> Json.response(bytes()));
  }

  /** After the last line: whether the log's last byte is a newline, or there is none. */
  boolean endsWithNewline() {
    return segments.endsWithNewline();
  }

  /** After the last line: how long the log is. */
  long end() {
    return segments.end();
  }

  @Override
  public void close() {
    try {
      segments.close();
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }
}
