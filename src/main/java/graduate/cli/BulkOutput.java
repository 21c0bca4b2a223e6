package graduate.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.run.Answer;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Where the answers of a bulk go. */
interface BulkOutput {
  /**
   * The place that is asked for.
   *
   * @throws UsageException where it cannot hold the answers, or would replace what is read
   */
  static BulkOutput of(BulkPlan plan) throws IOException {
    String place = plan.line.value("output", "-");
    if (place.equals("-")) {
      return new Lines(plan.context.console(), Console.mapper());
    }
    Path path = Workspace.path(place);
    return plan.inputs.column() != null && place.endsWith(".csv")
        ? new BulkTable(path, plan)
        : Folder.of(path, plan);
  }

  /** Makes sure that what {@code option} names is nothing that {@code plan} reads. */
  static void requireOther(String option, Collection<Path> targets, BulkPlan plan) {
    OutputFile.requireOther(option, targets, plan.inputs.files(), plan.prompt, plan.context);
  }

  /** Makes what is missing, before the first call. */
  default void prepare() throws IOException {}

  /**
   * Takes in an answer, or a failure.
   *
   * @param fromLog whether it was not paid for now
   */
  void put(BulkPlan.Item item, Answer answer, boolean fromLog) throws IOException;

  /** Ends it, whatever came. */
  default void finish() throws IOException {}

  /** One line of JSON for each input, on standard output. */
  record Lines(Console console, JsonMapper mapper) implements BulkOutput {
    @Override
    public void put(BulkPlan.Item item, Answer answer, boolean fromLog) throws IOException {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("input", item.name());
      line.put("outcome", answer.outcome());
      boolean text = !answer.response().texts().isEmpty();
      line.put("answer", text ? answer.response().received() : null);
      line.put("cost_usd", answer.cost());
      line.put("id", answer.id());
      line.put("from_log", fromLog);
      console.print(mapper.writeValueAsString(line) + "\n");
    }
  }

  /** A file for each answer. */
  record Folder(Path folder) implements BulkOutput {
    /** Checks that every file is one input's alone, and none that is read. */
    static Folder of(Path path, BulkPlan plan) throws IOException {
      Folder folder = new Folder(path);
      Map<Path, String> names = new HashMap<>();
      for (BulkPlan.Item item : plan.items) {
        Path target = folder.target(item);
        if (Files.isDirectory(target)) {
          throw new UnusableException(target, "is a folder");
        }
        String other = names.put(target, item.name());
        if (other != null) {
          throw new UsageException(
              "--output: %s would hold the answers of %s and %s"
                  .formatted(target, other, item.name()));
        }
      }
      requireOther("output", names.keySet(), plan);
      return folder;
    }

    private Path target(BulkPlan.Item item) {
      return folder.resolve(item.stem() + ".md");
    }

    @Override
    public void prepare() throws IOException {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UnusableException(folder, "cannot be made: " + Failures.reason(e));
      }
      if (!Files.isWritable(folder)) {
        throw new UnusableException(folder, "may not be written (permission denied)");
      }
      OutputFile.removeLeftovers(folder);
    }

    @Override
    public void put(BulkPlan.Item item, Answer answer, boolean fromLog) throws IOException {
      byte[] bytes = answer.response().text().getBytes(StandardCharsets.UTF_8);
      Path target = target(item);
      boolean same =
          Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), bytes);
      if (bytes.length > 0 && !same) {
        // The log has it: a crash costs no more than the same command again.
        OutputFile.writeUnforced(OutputFile.checked(target), to -> to.write(bytes));
      }
    }
  }
}
