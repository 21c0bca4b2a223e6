package graduate.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Asked;
import graduate.openai.ChatRequest;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.run.PastCalls;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
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
   */
  record Item(String name, String stem, Asked asked, BigDecimal worst) {}

  private final CommandLine line;
  private final Workspace workspace;
  private final Prompt prompt;
  private final ObjectNode parameters;
  private final List<Item> items = new ArrayList<>();
  private final Map<Asked, List<Item>> alike = new LinkedHashMap<>();
  private @Nullable Job first;

  /**
   * Reads every input once.
   *
   * @param past is to look out for each
   */
  BulkPlan(CommandLine line, Workspace workspace, Prompt prompt, BulkInputs inputs, PastCalls past)
      throws IOException {
    this.line = line;
    this.workspace = workspace;
    this.prompt = prompt;
    this.parameters = workspace.settings().parameters(prompt, RunOptions.parameters(line));
    inputs.each(
        input -> {
          Job job = job(input.text());
          past.add(job);
          Item item = new Item(input.text().path(), input.stem(), job.asked(), job.worst());
          items.add(item);
          alike.computeIfAbsent(job.asked(), asked -> new ArrayList<>(1)).add(item);
          return true;
        });
  }

  /** The job of {@code run -i}, of which all but the input is the same for all. */
  Job job(Text input) {
    if (first == null) {
      first = RunOptions.job(line, workspace, prompt, input, Optional.empty());
    }
    ChatRequest request = ChatRequest.of(parameters, prompt.message(input));
    return first.asking(Job.source(input), request, workspace.caps());
  }

  /** The job of the first input, for what all have in common; empty where there is none. */
  Optional<Job> first() {
    return Optional.ofNullable(first);
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
