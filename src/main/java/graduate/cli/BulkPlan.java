package graduate.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Asked;
import graduate.openai.ChatRequest;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.run.PastCalls.State;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Standing;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a bulk is about: one prompt, and the inputs by name and hash, without their texts; those
 * that are the same, together.
 */
final class BulkPlan {
  /**
   * An input.
   *
   * @param name as it is called
   * @param stem what a file for its answer is called, without an ending
   * @param worst what one call for it can cost at the most, USD
   * @param bytes of its request
   */
  record Item(String name, String stem, Asked asked, BigDecimal worst, int bytes) {}

  /** What a line of a batch has beside its request. */
  private static final int LINE = 100;

  final Arguments line;
  final Context context;
  final Workspace workspace;
  final Prompt prompt;
  final BulkInputs inputs;
  final PastCalls past;
  private final ObjectNode parameters;

  /** All inputs, in order. */
  final List<Item> items = new ArrayList<>();

  private final Map<Asked, List<Item>> alike = new LinkedHashMap<>();
  private final Map<Asked, State> states = new HashMap<>();
  private final Set<Asked> missing = new LinkedHashSet<>();
  private @Nullable Job first;

  /** Reads every input once. */
  BulkPlan(Workspace workspace, Prompt prompt, BulkInputs inputs) throws IOException {
    this.line = workspace.line();
    this.context = workspace.context();
    this.workspace = workspace;
    this.prompt = prompt;
    this.inputs = inputs;
    this.past = new PastCalls(workspace.ledger(), workspace.endpoint().url().toString());
    this.parameters = workspace.settings().parameters(prompt, RunOptions.parameters(line));
    inputs.each(
        input -> {
          Job job = job(input.text());
          past.add(job);
          int bytes = job.request().body().length;
          Item item = new Item(input.text().path(), input.stem(), job.asked(), job.worst(), bytes);
          items.add(item);
          alike.computeIfAbsent(job.asked(), asked -> new ArrayList<>(1)).add(item);
          return true;
        });
  }

  /** The job of {@code run -i}, of which all but the input is the same for all. */
  private Job job(Text input) {
    if (first == null) {
      Job job = RunOptions.job(workspace, prompt, input, Optional.empty());
      first = BulkBatch.isAsked(line) ? job.batch() : job;
    }
    ChatRequest request = ChatRequest.of(parameters, prompt.message(input));
    return first.asking(Job.source(input), request, workspace.caps());
  }

  /** The job of the first input, for what all have in common; empty where there is none. */
  Optional<Job> first() {
    return Optional.ofNullable(first);
  }

  Instant now() {
    return context.clock().instant();
  }

  /** Reads what the log has of them. */
  void look() {
    past.read();
    Instant now = now();
    missing.clear();
    for (Asked asked : asked()) {
      State state = past.state(asked, now);
      states.put(asked, state);
      if (state == State.MISSING) {
        missing.add(asked);
      }
    }
  }

  /** How an input stood when it looked. */
  State state(Asked asked) {
    return states.getOrDefault(asked, State.MISSING);
  }

  /** How many inputs stood so. */
  int count(State state) {
    return (int) items.stream().filter(item -> state(item.asked()) == state).count();
  }

  /** Those that nothing on the log stands for; whoever asks them takes them out. */
  Set<Asked> missing() {
    return missing;
  }

  private Stream<Item> missingOnce() {
    return missing.stream().map(asked -> alike(asked).get(0));
  }

  /** What they can cost at the most, USD. */
  BigDecimal missingWorst() {
    return missingOnce().map(Item::worst).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** How long their requests are as lines of a batch. */
  long missingBytes() {
    return missingOnce().mapToLong(item -> LINE + item.bytes()).sum();
  }

  /**
   * Makes sure that each of them fits under a cap per call.
   *
   * @throws CapExceededException for the first that does not
   */
  void requireEach(Cap cap) {
    Standing standing = new Standing(cap, Committed.NOTHING, Optional.empty());
    missingOnce().map(Item::worst).forEachOrdered(standing::require);
  }

  /**
   * Hands on the job of each, and takes it out.
   *
   * @param to says whether to go on
   */
  void eachMissing(Predicate<Job> to) throws IOException {
    inputs.each(
        input -> {
          if (missing.isEmpty()) {
            return false;
          }
          Job job = job(input.text());
          return !missing.remove(job.asked()) || to.test(job);
        });
  }

  /** What is asked, each once. */
  Set<Asked> asked() {
    return alike.keySet();
  }

  /** The inputs that ask this. */
  List<Item> alike(Asked asked) {
    return alike.getOrDefault(asked, List.of());
  }
}
