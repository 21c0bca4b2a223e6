package graduate.export;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Counts hashes to three in 16 MB, however many there are. A count is never too low; at 20 million
 * hashes about one in thirty is too high.
 */
final class Sketch {
  private static final int BITS = 26;

  /** Four counts of two bits a byte. */
  private final byte[] counts = new byte[1 << (BITS - 2)];

  void add(Words words) {
    add(words.shingles());
    add(words.sentences());
  }

  private void add(IntBuffer hashes) {
    for (int hash : hashes.array()) {
      int slot = hash >>> (Integer.SIZE - BITS);
      int shift = (slot & 3) * 2;
      if (((counts[slot >> 2] >> shift) & 3) < 3) {
        counts[slot >> 2] += (byte) (1 << shift);
      }
    }
  }

  /** Those of {@code hashes} that were added three times or more, sorted, each once. */
  IntBuffer frequent(IntBuffer hashes) {
    int[] frequent = new int[hashes.limit()];
    int n = 0;
    for (int hash : hashes.array()) {
      int slot = hash >>> (Integer.SIZE - BITS);
      if (((counts[slot >> 2] >> ((slot & 3) * 2)) & 3) == 3) {
        frequent[n++] = hash;
      }
    }
    Arrays.sort(frequent, 0, n);
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || frequent[i] != frequent[i - 1]) {
        frequent[distinct++] = frequent[i];
      }
    }
    return IntBuffer.wrap(Arrays.copyOf(frequent, distinct));
  }
}
