package graduate.export;

import java.util.ArrayList;
import java.util.List;

/** How much of an export was read, and what of it could not be. */
public final class Tally {
  private static final int NAMED = 3;

  private final List<String> skipped = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private int read;

  Tally() {}

  void add() {
    read++;
  }

  void skip(String why) {
    skipped.add(why);
  }

  void end(String why) {
    ended.add(why);
  }

  /** How many conversations were read. */
  public int read() {
    return read;
  }

  /** Whether anything was skipped or cut short. */
  public boolean hasGaps() {
    return skipped.size() + ended.size() > 0;
  }

  /** The whole tally as one line, the first few of the skipped and every file that ended early. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(read + " read");
    if (!skipped.isEmpty()) {
      line.append(", ").append(skipped.size()).append(" skipped: ");
      line.append(String.join(", ", skipped.subList(0, Math.min(NAMED, skipped.size()))));
      line.append(skipped.size() > NAMED ? ", …" : "");
    }
    ended.forEach(why -> line.append("; ").append(why));
    return line.toString();
  }
}
