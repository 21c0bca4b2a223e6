package graduate.export;

import graduate.export.Conversation.Head;
import graduate.text.UnusableException;
import graduate.text.Words;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one pass over an export finds: the messages of its user, and the prompts that recur.
 *
 * <p>Of two conversations with the same id the one changed last counts.
 */
public final class Survey {
  /** A longer message beside a recurring prompt is no remark about it. */
  private static final int REMARK = 200;

  /** A title counts that one in so many conversations has. */
  private static final int SHARED = 4;

  private final Path export;
  private final List<String> skipped;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Family> families;

  /** A conversation and what its user wrote. */
  private record Entry(Head head, List<Run> runs) {}

  /**
   * Reads {@code export} once.
   *
   * @param zone whose days count
   * @throws UnusableException if it is no export or not a whole one
   */
  public Survey(Path export, ZoneId zone) {
    this.export = export;
    this.skipped = Export.read(export, this::add);
    this.families = named(new Grouping().group(runs().toList()), zone);
  }

  private boolean add(Conversation conversation) {
    Head head = conversation.head();
    Entry same = entries.get(head.id());
    if (same == null || same.head().updated() < head.updated()) {
      Set<Node> answered = conversation.answered();
      List<Run> runs = new ArrayList<>();
      for (Node node : conversation.nodes()) {
        if (node.isUser()) {
          runs.add(Run.of(conversation, node, answered.contains(node)));
        }
      }
      entries.put(head.id(), new Entry(head, List.copyOf(runs)));
    }
    return true;
  }

  private Stream<Run> runs() {
    return entries.values().stream().flatMap(entry -> entry.runs().stream());
  }

  Path export() {
    return export;
  }

  /** How much was read and what was skipped, in one line; empty where nothing was. */
  public String gaps() {
    String gaps = "%d read, %d skipped: ".formatted(entries.size(), skipped.size());
    return skipped.isEmpty() ? "" : gaps + Words.some(skipped);
  }

  /** How many different conversations there are, and messages of the user's, on all branches. */
  public String size() {
    return "%d conversations, %d messages of yours".formatted(entries.size(), runs().count());
  }

  /** The recurring prompts, the strongest first: by what is measured, by runs, by the newest. */
  public List<Family> families() {
    return families;
  }

  /** The recurring prompt of that name, or of that rank in {@link #families}, counted from 1. */
  public Optional<Family> family(String nameOrRank) {
    String wanted = Wording.fold(nameOrRank);
    return IntStream.range(0, families.size())
        .filter(i -> wanted.equals(families.get(i).name()) || wanted.equals(i + 1 + ""))
        .mapToObj(families::get)
        .findFirst();
  }

  /** The recurring prompt that this message of the user's is a run of. */
  Optional<Family> familyOf(Node message) {
    return families.stream()
        .filter(f -> f.runs().stream().anyMatch(run -> run.node().equals(message.id())))
        .findFirst();
  }

  /**
   * A sentence of a recurring prompt, or of a remark beside it, that speaks for a symptom, or
   * nothing.
   */
  public String hint(Family family, Symptom symptom) {
    Set<String> own = family.runs().stream().map(Run::node).collect(Collectors.toSet());
    Set<String> ids = Set.copyOf(family.conversationIds());
    Stream<String> remarks =
        runs()
            .filter(run -> ids.contains(run.head().id()) && !own.contains(run.node()))
            .map(Run::text)
            .filter(text -> text.length() <= REMARK);
    return Stream.concat(Stream.of(family.fixedText()), remarks)
        .flatMap(text -> Wording.segments(text).stream())
        .filter(symptom::isHintedAt)
        .findFirst()
        .orElse("");
  }

  /** Reads one conversation again. */
  Conversation again(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new UnusableException(id, "no such conversation in the export");
    }
    List<Conversation> found = new ArrayList<>();
    Export.read(export, c -> !c.head().equals(entry.head()) || !found.add(c));
    return found.get(0);
  }

  /** Of two groups with one title neither is named by it; the older one gets the plain name. */
  private static List<Family> named(List<List<Run>> groups, ZoneId zone) {
    Comparator<Run> byTime = Comparator.comparingDouble(Run::time).thenComparing(Run::node);
    List<List<Run>> oldestFirst =
        groups.stream()
            .map(runs -> runs.stream().sorted(byTime).toList())
            .sorted(Comparator.comparing((List<Run> runs) -> runs.get(0), byTime))
            .toList();
    List<String> titles = oldestFirst.stream().map(Survey::title).toList();
    Set<String> names = new HashSet<>();
    List<Family> families = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      String title = titles.get(i);
      List<Run> runs = oldestFirst.get(i);
      boolean own = !title.isEmpty() && Collections.frequency(titles, title) == 1;
      String plain = own ? title : Wording.fixedName(runs);
      String name = plain;
      for (int n = 2; !names.add(name); n++) {
        name = plain + "-" + n;
      }
      families.add(new Family(name, runs, zone));
    }
    return families.stream()
        .sorted(
            Comparator.comparingInt((Family family) -> family.measured().size())
                .thenComparingInt(Family::size)
                .thenComparingDouble(family -> family.runs().get(family.size() - 1).time())
                .reversed())
        .toList();
  }

  /**
   * The name by the title that most conversations have which these messages opened, if it recurs.
   */
  private static String title(List<Run> runs) {
    Map<String, Integer> titles = new TreeMap<>();
    runs.stream()
        .filter(Run::opens)
        .forEach(run -> titles.merge(Wording.slug(run.head().title()), 1, Integer::sum));
    titles.remove("");
    int all = titles.values().stream().mapToInt(n -> n).sum();
    return titles.entrySet().stream()
        .filter(title -> title.getValue() > 1 && title.getValue() * SHARED >= all)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }
}
