package graduate.audit;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's lines from the newest to the oldest, those alone that hold a text, and checks
 * nothing. Where the log goes on from a damaged one, so does this, as far as its lines parse.
 */
public final class BackwardReader implements Closeable {
  private static final int CHUNK = 1 << 18;

  /** A character for each byte. */
  private final String text;

  private Path path;
  private @Nullable FileChannel channel;
  private byte[] buffer = {};
  private long bufferAt;
  private int start;
  private int end;

  private BackwardReader(Path path, @Nullable FileChannel channel, String text) throws IOException {
    this.path = path;
    this.text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    open(channel);
  }

  /** A reader of the lines that hold {@code text}; all of them where it is empty. */
  public static BackwardReader of(AuditLog log, String text) {
    return LogException.on(
        log.path(), () -> new BackwardReader(log.path(), log.openToRead(), text));
  }

  private void open(@Nullable FileChannel opened) throws IOException {
    channel = opened;
    buffer = new byte[0];
    bufferAt = opened == null ? 0 : opened.size();
    start = 0;
  }

  /** The line before, or null at the start. */
  public @Nullable LogLine previous() {
    try {
      while (segment()) {
        boolean first = bufferAt == 0 && start == 0;
        boolean holds = holdsText();
        if (!first && !holds) {
          continue;
        }
        LogLine line = LogLine.parse(buffer, start, end - start);
        if (line != null && line.type().equals("carried")) {
          goOnIn(line.text("file"));
        } else if (line != null && holds) {
          return line;
        }
      }
      return null;
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  private void goOnIn(String file) throws IOException {
    close();
    path = path.resolveSibling(Path.of(file).getFileName());
    open(AuditLog.openToRead(path));
  }

  /** Goes to the segment before; false at the file's start. */
  private boolean segment() throws IOException {
    if (start == 0 && fill() == 0) {
      return false;
    }
    end = buffer[start - 1] == '\n' ? start - 1 : start;
    int at = end;
    for (; ; ) {
      while (at > 0 && buffer[at - 1] != '\n') {
        at--;
      }
      if (at > 0 || bufferAt == 0) {
        start = at;
        return true;
      }
      at = fill();
    }
  }

  /** Reads more in front of what is not yet read; how much. */
  private int fill() throws IOException {
    int more = (int) Math.min(bufferAt, Math.max(CHUNK, start));
    byte[] grown = new byte[Math.addExact(more, start)];
    System.arraycopy(buffer, 0, grown, more, start);
    ByteBuffer into = ByteBuffer.wrap(grown, 0, more);
    while (into.hasRemaining()) {
      if (channel == null || channel.read(into, bufferAt - more + into.position()) < 0) {
        throw new IOException("the log became shorter while it was read");
      }
    }
    buffer = grown;
    bufferAt -= more;
    start += more;
    end += more;
    return more;
  }

  private boolean holdsText() {
    return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1).contains(text);
  }

  /** The bytes of the last line read, without its newline. */
  public byte[] bytes() {
    return Arrays.copyOfRange(buffer, start, end);
  }

  /** The request body in the last line read; a missing node where it has none. */
  public JsonNode request() {
    return LogException.on(path, () -> JsonTree.read(Json.request(bytes()), Fractions.EXACT));
  }

  /** The response body in the last line read, where that is a response line with one. */
  public Optional<byte[]> body() {
    return LogException.on(path, () -> Json.response(bytes()));
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
