package graduate.audit;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's lines from the newest to the oldest, those alone that hold a text, and checks
 * nothing. Where the log goes on from a damaged one, so does this, as far as its lines parse.
 */
public final class BackwardReader implements Closeable {
  private static final long CHUNK = 1 << 16;

  /** A character for each byte. */
  private final String text;

  private LineReader reader;

  /** What stands from here on was read. */
  private long before;

  /** Those of the chunk that was read last which are still to come, and perhaps a carried one. */
  private final Deque<LogLine> lines = new ArrayDeque<>();

  /** A reader of the lines that hold {@code text}; all of them where it is empty. */
  public BackwardReader(AuditLog log, String text) {
    this.text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    this.reader = log.lines(0);
    this.before = reader.size();
  }

  /** The line before, or null at the start. */
  public @Nullable LogLine previous() {
    LogLine line = lines.pollLast();
    while (line == null && before > 0) {
      chunk();
      line = lines.pollLast();
    }
    if (line == null || !line.type().equals("carried")) {
      return line;
    }
    close();
    reader = LineReader.of(line.carried(), 0);
    before = reader.size();
    return previous();
  }

  /** Reads the lines that begin in a chunk before those that were read. */
  private void chunk() {
    long first = before;
    for (long size = CHUNK; first >= before; size *= 2) {
      // The chunk may begin within a line; where that is the only one, it takes a larger chunk.
      long from = Math.max(0, before - size);
      reader.moveTo(from);
      first = from > 0 && reader.segment() ? reader.end() : 0;
    }
    reader.moveTo(first);
    while (reader.end() < before && reader.segment()) {
      boolean holds = holdsText();
      LogLine line = holds || reader.start() == 0 ? reader.line() : null;
      if (line != null && (holds || line.type().equals("carried"))) {
        lines.add(line);
      }
    }
    before = first;
  }

  private boolean holdsText() {
    return new String(reader.bytes(), StandardCharsets.ISO_8859_1).contains(text);
  }

  @Override
  public void close() {
    reader.close();
  }
}
