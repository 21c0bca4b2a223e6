package graduate.export;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Puts messages into groups, each a prompt that recurs.
 *
 * <p>A message counts by its shingles that occur in three or more messages and at least an eighth
 * as often as its most frequent one: what is pasted in drops out, the instruction stays. Messages
 * of the same shingles are one pattern; patterns join, the largest first, where they share three
 * tenths of their shingles with the majority of a group. A group counts if one whole line or
 * sentence is the same in half of it. The first messages to a custom GPT, whose instructions are
 * elsewhere, are one group for each GPT.
 */
final class Grouping {
  static final int FREQUENT = 3;
  private static final int RARER = 8;
  private static final double ALIKE = 0.3;
  private static final int BITS = 26;

  /**
   * For each hash, by its upper bits, in how many messages it was seen, up to three. At 20 million
   * hashes one in thirty seems more frequent than it is; what counts is counted exactly later.
   */
  private final List<BitSet> seen =
      List.of(new BitSet(1 << BITS), new BitSet(1 << BITS), new BitSet(1 << BITS));

  /** A message and those of its shingles, sorted, and sentences that others have too. */
  private record Member(Run run, IntBuffer shingles, IntBuffer sentences) {}

  /** Takes note of a message; all are to be known before {@link #group}. */
  void see(String message) {
    Shingles text = new Shingles(message);
    IntStream.of(text.shingles()).forEach(this::see);
    IntStream.of(text.sentences()).forEach(this::see);
  }

  private void see(int hash) {
    for (BitSet bits : seen) {
      if (!bits.get(slot(hash))) {
        bits.set(slot(hash));
        return;
      }
    }
  }

  private static int slot(int hash) {
    return hash >>> (Integer.SIZE - BITS);
  }

  private IntBuffer frequent(int[] hashes) {
    BitSet often = seen.get(FREQUENT - 1);
    return IntBuffer.wrap(
        IntStream.of(hashes).filter(hash -> often.get(slot(hash))).sorted().toArray());
  }

  /** The groups of three or more of {@code runs}, in no order. */
  List<List<Run>> group(List<Run> runs) {
    Map<String, List<Run>> gpts = new LinkedHashMap<>();
    List<Member> members = new ArrayList<>();
    for (Run run : runs) {
      if (run.isInputOfGpt()) {
        gpts.computeIfAbsent(run.head().gizmo() + "", k -> new ArrayList<>()).add(run);
        continue;
      }
      Shingles text = new Shingles(run.text());
      IntBuffer shingles = frequent(text.shingles());
      if (shingles.hasRemaining()) {
        members.add(new Member(run, shingles, frequent(text.sentences())));
      }
    }
    List<List<Run>> found = new ArrayList<>(gpts.values());
    for (Group group : joined(patterns(members))) {
      if (shareSentence(group.members)) {
        found.add(group.members.stream().map(Member::run).toList());
      }
    }
    return found.stream().filter(group -> group.size() >= FREQUENT).toList();
  }

  /** The messages with the same shingles that count, together. */
  private static List<Group> patterns(List<Member> members) {
    Map<Integer, Integer> counts = new HashMap<>();
    members.forEach(member -> count(member.shingles, counts));
    Map<IntBuffer, Group> patterns = new LinkedHashMap<>();
    for (Member member : members) {
      int[] own = member.shingles.array();
      int most = IntStream.of(own).map(counts::get).max().orElse(0);
      int least = Math.max(FREQUENT, most / RARER);
      int[] some = IntStream.of(own).filter(s -> counts.getOrDefault(s, 0) >= least).toArray();
      if (some.length > 0) {
        patterns.computeIfAbsent(IntBuffer.wrap(some), k -> new Group()).members.add(member);
      }
    }
    patterns.forEach((shingles, group) -> group.all(shingles.array()));
    return List.copyOf(patterns.values());
  }

  /** Joins what is alike, the largest first, until nothing more is. */
  private static List<Group> joined(List<Group> groups) {
    List<Group> joined = new ArrayList<>();
    Map<Integer, Set<Group>> byShingle = new HashMap<>();
    for (Group group : groups.stream().sorted(Group.LARGEST_FIRST).toList()) {
      Set<Group> near = new LinkedHashSet<>();
      group.majority.forEach(s -> near.addAll(byShingle.getOrDefault(s, Set.of())));
      Group best =
          near.stream()
              .filter(other -> other.likeness(group) >= ALIKE)
              .max(Comparator.comparingDouble(other -> other.likeness(group)))
              .orElse(null);
      if (best == null) {
        best = group;
        joined.add(best);
      } else {
        best.join(group);
      }
      for (int shingle : best.majority) {
        byShingle.computeIfAbsent(shingle, k -> new LinkedHashSet<>(2)).add(best);
      }
    }
    return joined.size() < groups.size() ? joined(joined) : joined;
  }

  private static boolean shareSentence(List<Member> members) {
    Map<Integer, Integer> having = new HashMap<>();
    members.forEach(member -> count(member.sentences, having));
    return having.values().stream().anyMatch(n -> n * 2 >= members.size());
  }

  private static void count(IntBuffer hashes, Map<Integer, Integer> counts) {
    IntStream.of(hashes.array()).forEach(hash -> counts.merge(hash, 1, Integer::sum));
  }

  /** Messages that belong together, and how many of them have each shingle. */
  private static final class Group {
    private static final Comparator<Group> LARGEST_FIRST =
        Comparator.comparingInt((Group g) -> g.members.size()).reversed();

    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Integer> having = new HashMap<>();
    private final Set<Integer> majority = new HashSet<>();

    /** Every member has these shingles. */
    void all(int[] shingles) {
      IntStream.of(shingles).forEach(shingle -> having.put(shingle, members.size()));
      majority.addAll(having.keySet());
    }

    void join(Group other) {
      members.addAll(other.members);
      other.having.forEach((shingle, n) -> having.merge(shingle, n, Integer::sum));
      majority.clear();
      majority.addAll(having.keySet());
      majority.removeIf(shingle -> having.getOrDefault(shingle, 0) * 2 < members.size());
    }

    /** The Jaccard index of the shingles that half of either's members have. */
    double likeness(Group other) {
      long both = other.majority.stream().filter(majority::contains).count();
      return (double) both / (majority.size() + other.majority.size() - both);
    }
  }
}
