package graduate.audit;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log's lines in order and checks each against the one before it.
 *
 * <p>Bytes that are no line are left aside where a writer has closed them, so that the next line
 * follows the last good one, and at the log's end where they have no newline. Everything else that
 * does not chain is damage.
 */
public final class LogReader implements Closeable {
  private final Path path;
  private final LineReader lines;
  private final List<Piece> pieces = new ArrayList<>();
  private Position position = Position.START;

  /** Bytes that are no line: where they begin, and how many they are. */
  public record Piece(long offset, long bytes) {}

  LogReader(Path path) {
    this.path = path;
    this.lines = LineReader.of(path, 0);
  }

  /** Goes behind the line at {@code at}; false, back at the start, where another stands there. */
  public boolean resume(Position at) {
    lines.moveTo(at.start());
    boolean same =
        lines.segment()
            && lines.endsWithNewline()
            && lines.end() == at.end()
            && Sha256.of(lines.bytes()).equals(at.hash());
    moveBehind(same ? at : Position.START);
    return same;
  }

  /** Goes behind {@code at}, which the caller knows to be a line, or to the start. */
  public void moveBehind(Position at) {
    position = at;
    lines.moveTo(at.end());
  }

  /**
   * The next line, or null at the end.
   *
   * @throws LogException where a line does not chain or was written by a newer version
   */
  public @Nullable LogLine next() {
    Piece piece = null;
    while (lines.segment()) {
      LogLine line = lines.line();
      if (line != null) {
        check(line, piece);
        position = line.position();
        return line;
      }
      pieces.add(new Piece(lines.start(), lines.bytes().length));
      piece = piece == null ? last() : piece;
    }
    if (piece != null && lines.endsWithNewline()) {
      throw LogException.damaged(path, last().offset(), "the last line cannot be read");
    }
    return null;
  }

  private Piece last() {
    return pieces.get(pieces.size() - 1);
  }

  private void check(LogLine line, @Nullable Piece piece) {
    boolean inOrder = line.seq() == position.seq() + 1;
    boolean follows = line.prev().equals(position.hash());
    if (inOrder && follows) {
      if (!line.isKnown()) {
        throw LogException.newer(
            path, line.start(), "v " + line.text("v") + ", type " + line.type());
      }
      return;
    }
    if (inOrder && position.seq() > 0 && isVouchedFor(line)) {
      // The line after this one says that this one is as it was written.
      throw LogException.damaged(
          path, position.start(), "line " + position.seq() + " was changed after it was written");
    }
    if (!inOrder && piece != null) {
      throw LogException.damaged(path, piece.offset(), piece.bytes() + " bytes that are no line");
    }
    throw LogException.damaged(
        path, line.start(), "line " + line.seq() + " does not follow line " + position.seq());
  }

  private boolean isVouchedFor(LogLine line) {
    LogLine following = lines.next();
    return following == null || following.prev().equals(line.position().hash());
  }

  /** The last line read. */
  public Position position() {
    return position;
  }

  /** All that was read so far and is no line, in order; the last may be a line yet unfinished. */
  public List<Piece> pieces() {
    return pieces;
  }

  /** After the last line: whether the log's last byte is a newline, or there is none. */
  boolean endsWithNewline() {
    return lines.endsWithNewline();
  }

  /** After the last line: how long the log is. */
  long end() {
    return lines.end();
  }

  @Override
  public void close() {
    lines.close();
  }
}
