package graduate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.json.StrictJson;
import graduate.openai.ChatRequest;
import graduate.prompt.Durations;
import graduate.prompt.Prompt;
import graduate.prompt.Settings;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.spend.Cap;
import graduate.spend.Price;
import graduate.spend.PriceTable;
import graduate.text.UnusableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Run's options, and the job that they ask for. */
final class RunOptions {
  private RunOptions() {}

  /**
   * What the options ask to be sent, and its price.
   *
   * @param input as {@link #input} gives it
   * @param after as {@link #after} gives it
   * @throws UsageException where an option's value is wrong
   */
  static Job job(
      Workspace workspace, Prompt prompt, @Nullable Text input, Optional<LoggedCall> after) {
    Arguments line = workspace.line();
    Settings settings = workspace.settings();
    boolean replay = line.has("replay");
    // A wrong value is told before anything else is done.
    oncePer(line);
    ObjectNode given = parameters(line);
    after.ifPresent(call -> given.set("messages", call.conversation()));
    ObjectNode parameters = settings.parameters(prompt, given);
    if (prompt.end() != null && input == null) {
      throw new UnusableException(
          prompt.path(),
          "needs an input, for " + prompt.end().path() + " follows it. Say which: -i FILE");
    }
    ChatRequest request = ChatRequest.of(parameters, prompt.message(input));
    List<Cap> caps = new ArrayList<>(workspace.caps());
    line.usd("max-usd").ifPresent(usd -> caps.add(new Cap(usd, Cap.Per.CALL)));
    return new Job(
        Job.source(prompt.file()),
        input == null ? null : Job.source(input),
        prompt.end() == null ? null : Job.source(prompt.end()),
        request,
        price(workspace.prices(), request, replay),
        replay,
        caps,
        retry(line).orElse(settings.retry()),
        maxTime(workspace));
  }

  /** The input that is named, else the saved one, which a replay alone takes without a word. */
  static @Nullable Text input(Workspace workspace, Prompt prompt) {
    Arguments line = workspace.line();
    Path saved = prompt.sidecarText(".input");
    if (line.has("input") || !Files.exists(saved)) {
      return line.get("input").map(workspace.context()::text).orElse(null);
    }
    if (!line.has("replay")) {
      throw new UnusableException(
          prompt.path(),
          "has a saved input, "
              + saved
              + ", which is not sent by itself. Say which input: -i FILE, or -i - for a pipe");
    }
    return Text.read(saved);
  }

  /** The call that this one goes on from. */
  static Optional<LoggedCall> after(Workspace workspace) {
    Arguments line = workspace.line();
    AuditLog log = workspace.log();
    if (line.has("after") && line.has("once-per")) {
      throw new UsageException("--after: --once-per does not go with it");
    }
    return line.get("after")
        .map(id -> id.equals("last") ? LoggedCall.lastAnswered(log, line.has("replay")) : id)
        .map(id -> LoggedCall.of(log, id));
  }

  /** The request parameters that are given by flags. */
  static ObjectNode parameters(Arguments line) {
    ObjectNode flags = JsonNodeFactory.instance.objectNode();
    if (line.has("model")) {
      flags.put("model", line.value("model"));
    }
    for (String parameter : line.values("param")) {
      String[] parts = parameter.split("=", 2);
      String key = parts[0];
      if (parts.length < 2 || key.isEmpty()) {
        throw new UsageException("--param: no KEY=VALUE: " + parameter);
      }
      if (key.equals("messages")) {
        throw new UsageException("--param: messages are given in NAME.request.json");
      }
      if (flags.has(key)) {
        throw new UsageException("--param: " + key + " is given twice");
      }
      flags.set(key, StrictJson.value(parts[1]));
    }
    return flags;
  }

  private static @Nullable Price price(PriceTable table, ChatRequest request, boolean replay) {
    try {
      Price price = Price.of(table, request.model(), request.tier());
      if (!table.isOwn(request.model())) {
        request.requireShortCache();
      }
      return price;
    } catch (UnusableException e) {
      if (replay) {
        return null;
      }
      throw e;
    }
  }

  /** The window in which one call is enough; empty where every run calls. */
  static Optional<Cap.Per> oncePer(Arguments line) {
    return line.get(
        "once-per",
        text ->
            Stream.of(Cap.Per.DAY, Cap.Per.MONTH).filter(p -> p.toString().equals(text)).findAny(),
        "must be day or month, not ");
  }

  private static Optional<Integer> retry(Arguments line) {
    return line.get(
        "retry",
        text -> Optional.of(text).filter(t -> t.matches("\\d{1,4}")).map(Integer::valueOf),
        "must be a whole number, 0 or more, not ");
  }

  /** For all attempts together, or one request of a batch. */
  static Duration maxTime(Workspace workspace) {
    String wanted = "must be a time such as 90s or 15m, up to 24h, not ";
    return workspace
        .line()
        .get("max-time", Durations::wait, wanted)
        .orElse(workspace.settings().maxTime());
  }
}
