package graduate.export;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
  private static final int FREQUENT = 3;
  private static final int RARER = 8;
  private static final double ALIKE = 0.3;
  private static final int BITS = 26;

  /**
   * For each hash, by its upper bits, in how many messages it was seen, up to three. At 20 million
   * hashes one in thirty seems more frequent than it is; what counts is counted exactly later.
   */
  private final byte[] seen = new byte[1 << BITS];

  /** A message and its hashes: in the end those that others have too, sorted, each once. */
  private record Member(Run run, IntBuffer hashes) {}

  /** The groups of three or more of {@code runs}, in no order. */
  List<List<Run>> group(List<Run> runs) {
    Map<String, List<Run>> gpts =
        runs.stream()
            .filter(Run::isInputOfGpt)
            .collect(Collectors.groupingBy(run -> run.head().gizmo() + ""));
    List<Member> all =
        runs.parallelStream()
            .filter(run -> !run.isInputOfGpt())
            .map(run -> new Member(run, IntBuffer.wrap(Shingles.of(run.text()))))
            .toList();
    for (Member member : all) {
      for (int hash : member.hashes.array()) {
        seen[slot(hash)] += (byte) (seen[slot(hash)] < FREQUENT ? 1 : 0);
      }
    }
    List<List<Run>> found = new ArrayList<>(gpts.values());
    for (Group group : joined(patterns(all.parallelStream().map(this::frequent).toList()))) {
      if (shareSentence(group.members)) {
        found.add(group.members.stream().map(Member::run).toList());
      }
    }
    return found.stream().filter(group -> group.size() >= FREQUENT).toList();
  }

  private static int slot(int hash) {
    return hash >>> (Integer.SIZE - BITS);
  }

  private Member frequent(Member member) {
    IntStream all = IntStream.of(member.hashes.array());
    IntStream often = all.filter(hash -> seen[slot(hash)] == FREQUENT).sorted().distinct();
    return new Member(member.run, IntBuffer.wrap(often.toArray()));
  }

  /** The messages with the same shingles that count, together. */
  private static List<Group> patterns(List<Member> members) {
    Map<Integer, Integer> counts = counts(members);
    Map<IntBuffer, Group> patterns = new LinkedHashMap<>();
    for (Member member : members) {
      int[] own = IntStream.of(member.hashes.array()).filter(hash -> hash % 2 == 0).toArray();
      int most = IntStream.of(own).map(s -> counts.getOrDefault(s, 0)).max().orElse(0);
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
    List<Group> sorted = new ArrayList<>(groups);
    sorted.sort(Comparator.comparingInt((Group g) -> g.members.size()).reversed());
    Map<Integer, Set<Group>> byShingle = new HashMap<>();
    for (Group group : sorted) {
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
    return counts(members).entrySet().stream()
        .anyMatch(had -> had.getKey() % 2 != 0 && had.getValue() * 2 >= members.size());
  }

  /** How many of the messages have each hash. */
  private static Map<Integer, Integer> counts(List<Member> members) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Member member : members) {
      IntStream.of(member.hashes.array()).forEach(hash -> counts.merge(hash, 1, Integer::sum));
    }
    return counts;
  }

  /** Messages that belong together, and how many of them have each shingle. */
  private static final class Group {
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
