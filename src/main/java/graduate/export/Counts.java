package graduate.export;

import java.nio.IntBuffer;

/** Counts each of many hashes: a hash table without objects. */
final class Counts {
  private int[] keys = new int[1 << 12];
  private int[] counts = new int[1 << 12];
  private int size;

  void add(IntBuffer hashes) {
    for (int hash : hashes.array()) {
      add(hash);
    }
  }

  private void add(int hash) {
    int slot = slot(hash);
    if (counts[slot] == 0) {
      if (size * 2 == keys.length) {
        grow();
        slot = slot(hash);
      }
      size++;
      keys[slot] = hash;
    }
    counts[slot]++;
  }

  int count(int hash) {
    return counts[slot(hash)];
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new int[oldKeys.length * 2];
    counts = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** Where {@code hash} is or belongs; the table is at most half full. */
  private int slot(int hash) {
    int slot = hash & (keys.length - 1);
    while (counts[slot] != 0 && keys[slot] != hash) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
