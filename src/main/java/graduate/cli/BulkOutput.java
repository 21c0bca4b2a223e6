package graduate.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.openai.ChatResponse;
import graduate.prompt.Prompt;
import graduate.run.Answer;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Where the answers of a bulk go. */
interface BulkOutput {
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
      ChatResponse response = answer.response();
      line.put("outcome", answer.outcome());
      line.put("answer", response.texts().isEmpty() ? null : response.received());
      line.put("cost_usd", answer.cost());
      line.put("id", answer.id());
      line.put("from_log", fromLog);
      console.print(mapper.writeValueAsString(line) + "\n");
    }
  }

  /** A file for each answer. */
  record Folder(Path folder) implements BulkOutput {
    /** Checks that every file is one input's alone, and none that is read. */
    static Folder of(Path folder, BulkPlan plan, BulkInputs inputs, Prompt prompt, Context context)
        throws IOException {
      Folder output = new Folder(folder);
      Map<Path, String> names = new HashMap<>();
      for (BulkPlan.Item item : plan.items()) {
        Path target = output.target(item);
        if (Files.isDirectory(target)) {
          throw new UnusableException(target, "is a folder");
        }
        String other = names.put(target, item.name());
        if (other != null) {
          throw new UsageException(
              "--output: "
                  + target
                  + " would hold the answers of "
                  + other
                  + " and "
                  + item.name());
        }
      }
      OutputFile.requireOther("output", names.keySet(), inputs.files(), prompt, context);
      return output;
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
        try (OutputFile file = OutputFile.at(target)) {
          file.write(to -> to.write(bytes), false);
        }
      }
    }
  }
}
