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
import java.util.stream.IntStream;

/**
 * Puts messages into families, each a prompt that recurs.
 *
 * <p>A message counts by its shingles that occur in three or more messages and at least an eighth
 * as often as its most frequent one: what is pasted in drops out, the instruction stays. Messages
 * of the same shingles are one pattern; patterns join, the largest first, where they share three
 * tenths of their shingles with the majority of a group. A group is a family if one whole line or
 * sentence is the same in half of it. The first messages to a custom GPT, whose instructions are
 * elsewhere, are one family for each GPT.
 */
final class Grouping {
  private static final int FREQUENT = 3;
  private static final int RARER = 8;
  private static final double ALIKE = 0.3;

  private final Sketch sketch;
  private final Counts counts = new Counts();

  Grouping(Sketch sketch) {
    this.sketch = sketch;
  }

  /** A message and those of its shingles and sentences, sorted, that others have too. */
  private record Member(Run run, IntBuffer shingles, IntBuffer sentences) {}

  List<Family> group(List<Run> runs) {
    Map<String, List<Run>> gpts = new LinkedHashMap<>();
    runs.stream()
        .filter(Run::gptFirst)
        .forEach(r -> gpts.computeIfAbsent(r.head().gizmo() + "", k -> new ArrayList<>()).add(r));
    List<Member> members =
        runs.parallelStream()
            .filter(r -> !r.gptFirst())
            .map(this::member)
            .filter(m -> m.shingles().hasRemaining())
            .toList();
    members.forEach(m -> counts.add(m.shingles()));
    List<List<Run>> found = new ArrayList<>(gpts.values());
    for (Group group : joined(patterns(members))) {
      if (shareSentence(group.members)) {
        found.add(group.members.stream().map(Member::run).toList());
      }
    }
    return named(found.stream().filter(g -> g.size() >= FREQUENT).toList());
  }

  private Member member(Run run) {
    Words words = Words.of(run.text());
    return new Member(run, sketch.frequent(words.shingles()), sketch.frequent(words.sentences()));
  }

  /** The messages with the same shingles that count, together. */
  private List<Group> patterns(List<Member> members) {
    Map<IntBuffer, Group> patterns = new LinkedHashMap<>();
    for (Member member : members) {
      int most = 0;
      for (int shingle : member.shingles().array()) {
        most = Math.max(most, counts.count(shingle));
      }
      int least = Math.max(FREQUENT, most / RARER);
      IntBuffer some = IntBuffer.allocate(member.shingles().limit());
      for (int shingle : member.shingles().array()) {
        if (counts.count(shingle) >= least) {
          some.put(shingle);
        }
      }
      if (some.flip().hasRemaining()) {
        patterns.computeIfAbsent(some, k -> new Group()).members.add(member);
      }
    }
    patterns.forEach((shingles, group) -> group.having(shingles));
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
              .filter(g -> g.likeness(group) >= ALIKE)
              .max(Comparator.comparingDouble(g -> g.likeness(group)))
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
    Counts having = new Counts();
    members.forEach(m -> having.add(m.sentences()));
    return members.stream()
        .anyMatch(
            m ->
                IntStream.of(m.sentences().array())
                    .anyMatch(s -> having.count(s) * 2 >= members.size()));
  }

  /** Gives each family the name its oldest message makes, the older family the plain one of two. */
  private static List<Family> named(List<List<Run>> groups) {
    Set<String> names = new HashSet<>();
    List<Family> families = new ArrayList<>();
    groups.stream()
        .map(
            g ->
                g.stream()
                    .sorted(Comparator.comparingDouble(Run::time).thenComparing(Run::node))
                    .toList())
        .sorted(Comparator.comparingDouble(g -> g.get(0).time()))
        .forEach(
            runs -> {
              String plain = Wording.name(runs);
              String name = plain;
              for (int i = 2; !names.add(name); i++) {
                name = plain + "-" + i;
              }
              families.add(new Family(name, runs));
            });
    return families.stream()
        .sorted(
            Comparator.comparingInt((Family f) -> f.runs().size())
                .thenComparingDouble(f -> f.newest().time())
                .reversed())
        .toList();
  }

  /** Messages that belong together, and how many of them have each shingle. */
  private static final class Group {
    private static final Comparator<Group> LARGEST_FIRST =
        Comparator.comparingInt((Group g) -> g.members.size()).reversed();

    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Integer> having = new HashMap<>();
    private final Set<Integer> majority = new HashSet<>();

    void having(IntBuffer shingles) {
      while (shingles.hasRemaining()) {
        majority.add(shingles.get());
      }
      majority.forEach(s -> having.put(s, members.size()));
    }

    void join(Group other) {
      members.addAll(other.members);
      other.having.forEach((shingle, n) -> having.merge(shingle, n, Integer::sum));
      majority.clear();
      having.forEach(
          (shingle, n) -> {
            if (n * 2 >= members.size()) {
              majority.add(shingle);
            }
          });
    }

    /** The Jaccard index of the shingles that half of either's members have. */
    double likeness(Group other) {
      long both = other.majority.stream().filter(majority::contains).count();
      return (double) both / (majority.size() + other.majority.size() - both);
    }
  }
}
