package graduate.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The length of the longest common subsequence, bit-parallel (Hyyrö 2004): a row of the table is a
 * bit vector in which each 0 is one step of length. Blocks of 64 that a token does not touch are
 * skipped, so unlike words cost next to nothing.
 */
final class Lcs {
  /**
   * Where a token stands in the first sequence: the blocks that hold it, ascending, and its bits.
   */
  private static final class Places {
    private int[] blocks = new int[1];
    private long[] bits = new long[1];
    private int size;

    void add(int position) {
      int block = position >>> 6;
      if (size == 0 || blocks[size - 1] != block) {
        if (size == blocks.length) {
          blocks = Arrays.copyOf(blocks, 2 * size);
          bits = Arrays.copyOf(bits, 2 * size);
        }
        blocks[size++] = block;
      }
      bits[size - 1] |= 1L << position;
    }
  }

  private Lcs() {}

  /** Takes time in the order of a.length × b.length ÷ 64, and memory in that of a.length. */
  static int length(int[] a, int[] b) {
    Map<Integer, Places> places = new HashMap<>();
    for (int i = 0; i < a.length; i++) {
      places.computeIfAbsent(a[i], token -> new Places()).add(i);
    }
    long[] row = new long[(a.length + 63) / 64];
    Arrays.fill(row, -1L);
    for (int token : b) {
      Places at = places.get(token);
      if (at != null) {
        step(row, at);
      }
    }
    int ones = 0;
    for (long block : row) {
      ones += Long.bitCount(block);
    }
    return 64 * row.length - ones;
  }

  /** row = (row + (row & match)) | (row & ~match), with the carry from block to block. */
  private static void step(long[] row, Places at) {
    long carry = 0;
    int next = 0;
    for (int block = at.blocks[0]; block < row.length; block++) {
      long match = 0;
      if (next < at.size && at.blocks[next] == block) {
        match = at.bits[next++];
      }
      long old = row[block];
      long sum = old + (old & match) + carry;
      carry = ((old & match) | (old & ~sum)) >>> 63;
      row[block] = sum | (old & ~match);
      if (carry == 0) {
        if (next == at.size) {
          return;
        }
        block = at.blocks[next] - 1;
      }
    }
  }
}
