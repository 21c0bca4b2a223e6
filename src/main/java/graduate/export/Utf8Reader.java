package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * UTF-8 as characters, without a byte-order mark. Unlike the JDK's own reader, it gives out what
 * stands before bytes that are no UTF-8, and fails only then. It wants room for two characters.
 */
final class Utf8Reader extends Reader {
  private static final ByteBuffer MARK = UTF_8.encode("\uFEFF");
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
  private boolean ended;

  Utf8Reader(InputStream in) throws IOException {
    this.in = in;
    while (!ended && bytes.remaining() < MARK.limit()) {
      fill();
    }
    if (MARK.mismatch(bytes) == MARK.limit()) {
      bytes.position(MARK.limit());
    }
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    CharBuffer chars = CharBuffer.wrap(buffer, offset, length);
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, ended);
      if (chars.position() > offset) {
        return chars.position() - offset;
      }
      if (result.isError()) {
        throw new IOException("Invalid UTF-8 byte 0x%02X".formatted(bytes.get(bytes.position())));
      }
      if (ended) {
        return -1;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    bytes.compact();
    int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
    ended = read < 0;
    bytes.position(bytes.position() + Math.max(0, read)).flip();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
