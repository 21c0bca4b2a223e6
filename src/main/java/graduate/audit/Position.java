package graduate.audit;

/**
 * A line's place in the log and in the chain.
 *
 * @param start offset of its first byte
 * @param end offset behind its newline
 * @param seq its number, from 1
 * @param hash SHA-256 in hex of its bytes without the newline
 */
public record Position(long start, long end, long seq, String hash) {
  /** Before the first line. */
  public static final Position START = new Position(0, 0, 0, "0".repeat(64));
}
