package graduate.export;

import graduate.text.UnusableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over an export finds: the messages of its user, and those that recur.
 *
 * <p>Of two conversations with the same id the one changed last counts.
 */
public final class Survey {
  private static final int LONG = 16_384;
  private static final int SHORT = 2_048;
  private static final long ROOM = 64L << 20;
  private static final int BATCH = 500;

  private final Export export;
  private final Tally tally;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Sketch sketch = new Sketch();

  /** Hashes on a second thread while the first one reads. */
  private final ExecutorService sketcher = Executors.newSingleThreadExecutor();

  private List<Run> batch = new ArrayList<>();
  private @Nullable List<Family> families;
  private long kept;

  /** A conversation and what its user wrote. */
  record Entry(Head head, List<Run> runs) {}

  /**
   * Reads {@code export} once.
   *
   * @throws UnusableException if nothing of it can be read
   */
  public Survey(Export export) {
    this.export = export;
    try {
      this.tally = export.read(this::add);
      sketch();
    } finally {
      sketcher.shutdown();
    }
  }

  private boolean add(Conversation conversation) {
    Head head = conversation.head();
    Entry same = entries.get(head.id());
    if (same != null && same.head().updated() >= head.updated()) {
      return true;
    }
    Set<String> answered = conversation.answered();
    List<Run> runs = new ArrayList<>();
    for (Node node : conversation.userNodes()) {
      Run run =
          Run.of(conversation, node, answered.contains(node.id()), kept < ROOM ? LONG : SHORT);
      kept += run.packed().length();
      runs.add(run);
    }
    batch.addAll(runs);
    if (batch.size() >= BATCH) {
      sketch();
    }
    entries.put(head.id(), new Entry(head, List.copyOf(runs)));
    return true;
  }

  /** Hands over many messages at a time, so that the other thread is seldom woken. */
  private void sketch() {
    List<Run> runs = batch;
    batch = new ArrayList<>();
    sketcher.execute(() -> runs.forEach(r -> sketch.add(Words.of(r.text()))));
  }

  Export export() {
    return export;
  }

  public Tally tally() {
    return tally;
  }

  /** How many different conversations there are. */
  public int conversations() {
    return entries.size();
  }

  /** Every message of the user's. */
  List<Run> runs() {
    return entries.values().stream().flatMap(e -> e.runs().stream()).toList();
  }

  /** How many messages of the user's there are, on all branches. */
  public int messages() {
    return entries.values().stream().mapToInt(e -> e.runs().size()).sum();
  }

  Optional<Head> conversation(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::head);
  }

  /** A conversation that {@link #search} found; the time is when it began. */
  public record Found(String id, String title, Instant time) {}

  /**
   * The conversations in whose title or messages of the user's {@code text} occurs, newest first.
   */
  public List<Found> search(String text) {
    String wanted = Wording.fold(text);
    return entries.values().stream()
        .filter(
            e ->
                Wording.fold(e.head().titleOr("")).contains(wanted)
                    || e.runs().stream().anyMatch(r -> Wording.fold(r.text()).contains(wanted)))
        .map(Entry::head)
        .map(h -> new Found(h.id(), h.titleOr(""), Instant.ofEpochSecond((long) h.created())))
        .sorted(Comparator.comparing(Found::time).reversed())
        .toList();
  }

  /**
   * The whole newest wording of each family: of a long one only the ends were kept, and the export
   * is read once more.
   */
  public Map<Family, String> newestTexts(List<Family> some) {
    Map<Family, String> texts = new HashMap<>();
    some.forEach(f -> texts.put(f, f.newest().text()));
    List<Family> cut = some.stream().filter(f -> !f.newest().whole()).toList();
    if (!cut.isEmpty()) {
      export.read(
          c -> {
            cut.stream()
                .filter(f -> f.newest().head().equals(c.head()))
                .forEach(f -> texts.put(f, c.node(f.newest().node()).said().text()));
            return true;
          });
    }
    return texts;
  }

  /** The recurring prompts, the strongest first: by runs, then by the newest. */
  public List<Family> families() {
    if (families == null) {
      try {
        while (!sketcher.awaitTermination(1, TimeUnit.MINUTES)) {}
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      families = new Grouping(sketch).group(runs());
    }
    return families;
  }
}
