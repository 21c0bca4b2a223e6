package graduate.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Asked;
import graduate.openai.ChatRequest;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.run.PastCalls;
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
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a bulk by name and hash, without their texts; those that are the same, together.
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

  private final Arguments line;
  private final Workspace workspace;
  private final Prompt prompt;
  private final ObjectNode parameters;
  private final List<Item> items = new ArrayList<>();
  private final Map<Asked, List<Item>> alike = new LinkedHashMap<>();
  private final Set<Asked> missing = new LinkedHashSet<>();
  private final Map<Asked, PastCalls.State> states = new HashMap<>();
  private final BulkInputs inputs;
  private final PastCalls past;
  private @Nullable Job first;

  /**
   * Reads every input once.
   *
   * @param past is to look out for each
   */
  BulkPlan(Arguments line, Workspace workspace, Prompt prompt, BulkInputs inputs, PastCalls past)
      throws IOException {
    this.line = line;
    this.workspace = workspace;
    this.prompt = prompt;
    this.inputs = inputs;
    this.past = past;
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
  Job job(Text input) {
    if (first == null) {
      Job job = RunOptions.job(line, workspace, prompt, input, Optional.empty());
      first = BulkBatch.isAsked(line) ? job.batch() : job;
    }
    ChatRequest request = ChatRequest.of(parameters, prompt.message(input));
    return first.asking(Job.source(input), request, workspace.caps());
  }

  /** The job of the first input, for what all have in common; empty where there is none. */
  Optional<Job> first() {
    return Optional.ofNullable(first);
  }

  /** Reads what the log has of them. */
  void look(Instant now) {
    past.read();
    missing.clear();
    for (Asked asked : asked()) {
      PastCalls.State state = past.state(asked, now);
      states.put(asked, state);
      if (state == PastCalls.State.MISSING) {
        missing.add(asked);
      }
    }
  }

  /** Those that nothing on the log stands for; whoever asks them takes them out. */
  Set<Asked> missing() {
    return missing;
  }

  /** How many inputs stood so when it looked. */
  int count(PastCalls.State state) {
    return (int) items.stream().filter(item -> states.get(item.asked()) == state).count();
  }

  /** How an input stood then. */
  PastCalls.State state(Asked asked) {
    return states.getOrDefault(asked, PastCalls.State.MISSING);
  }

  /**
   * Makes sure that each call fits under a cap per call.
   *
   * @throws CapExceededException for the first that does not
   */
  void requireEach(Cap cap) {
    Standing standing = new Standing(cap, Committed.NOTHING, Optional.empty());
    for (Asked asked : missing) {
      BigDecimal worst = alike(asked).get(0).worst();
      if (!standing.holds(worst)) {
        throw new CapExceededException(worst, standing);
      }
    }
  }

  /** What these can cost at the most, USD. */
  BigDecimal missingWorst() {
    return missing.stream()
        .map(asked -> alike(asked).get(0).worst())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** How long their requests are as lines of a batch. */
  long missingBytes() {
    return missing.stream().mapToLong(asked -> LINE + alike(asked).get(0).bytes()).sum();
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

  /** All, in order. */
  List<Item> items() {
    return items;
  }

  /** What is asked, each once. */
  Set<Asked> asked() {
    return alike.keySet();
  }

  /** Those that ask this. */
  List<Item> alike(Asked asked) {
    return alike.getOrDefault(asked, List.of());
  }
}
