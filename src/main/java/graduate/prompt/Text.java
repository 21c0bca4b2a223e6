package graduate.prompt;

import graduate.json.StrictJson;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text as its file holds it: strict UTF-8, nothing changed.
 *
 * @param path as it was given; {@code -} for standard input
 * @param bytes all of them
 * @param text these bytes decoded
 */
public record Text(String path, byte[] bytes, String text) {
  private static final int LARGEST = 64 << 20;

  /**
   * Reads a file.
   *
   * @throws UnusableException where it is missing, a folder, unreadable, empty, above 64 MB or not
   *     UTF-8
   */
  public static Text read(Path path) {
    return readAny(path).notEmpty();
  }

  /** Reads a file that may be empty, with the same errors otherwise. */
  static Text readAny(Path path) {
    try {
      if (Files.isDirectory(path)) {
        throw new UnusableException(path, "is a folder");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return of(path.toString(), bytes(in));
      }
    } catch (IOException e) {
      throw new UnusableException(path, Failures.reason(e));
    }
  }

  /** Reads a stream to its end, with the same errors. */
  public static Text read(InputStream in) {
    try {
      return of("-", bytes(in)).notEmpty();
    } catch (IOException e) {
      boolean closed = "Bad file descriptor".equals(e.getMessage());
      throw new UnusableException(
          "-", closed ? "standard input is closed" : "cannot be read: " + e.getMessage());
    }
  }

  private Text notEmpty() {
    if (bytes.length == 0) {
      throw new UnusableException(path, "is empty");
    }
    return this;
  }

  /**
   * The stream's bytes, one more than the largest text at the most. Java's own {@code readNBytes}
   * asks a file for its position, which a pipe has not.
   */
  private static byte[] bytes(InputStream from) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[1 << 16];
    for (int read = 0; read >= 0 && bytes.size() <= LARGEST; read = from.read(chunk)) {
      bytes.write(chunk, 0, read);
    }
    return bytes.toByteArray();
  }

  /**
   * A part of a file that is called {@code path}; with the same errors, but that it may be empty.
   */
  public static Text of(String path, byte[] bytes) {
    if (bytes.length > LARGEST) {
      throw new UnusableException(path, "is larger than 64 MB");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return new Text(path, bytes, StandardCharsets.UTF_8.newDecoder().decode(in).toString());
    } catch (CharacterCodingException e) {
      String before = new String(bytes, 0, in.position(), StandardCharsets.ISO_8859_1);
      long line = before.chars().filter(c -> c == '\n').count() + 1;
      byte bad = bytes[in.position()];
      throw new UnusableException(
          path, String.format("line %d is not UTF-8 (byte 0x%02X)", line, bad));
    }
  }

  /** The text as one object of our own JSON. */
  StrictJson json() {
    return StrictJson.read(path, text);
  }
}
