package graduate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Source;
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
      Arguments line,
      Workspace workspace,
      Prompt prompt,
      @Nullable Text input,
      Optional<LoggedCall> after) {
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
    Source promptSource = Job.source(prompt.file());
    Source inputSource = input == null ? null : Job.source(input);
    return new Job(
        promptSource,
        inputSource,
        prompt.end() == null ? null : Job.source(prompt.end()),
        request,
        price(workspace.prices(), request, replay),
        replay,
        caps(line, workspace),
        retry(line, settings.retry()),
        maxTime(line, settings.maxTime()));
  }

  /**
   * The input that is named, else the saved one.
   *
   * @param saved whether that may be sent without a word
   */
  static @Nullable Text input(Arguments line, Context context, Prompt prompt, boolean saved) {
    Path beside = prompt.sidecarText(".input");
    if (!line.has("input")) {
      if (!saved && Files.exists(beside)) {
        throw new UnusableException(
            prompt.path(),
            "has a saved input, "
                + beside
                + ", which is not sent by itself. Say which input: -i FILE, or -i - for a pipe");
      }
      return Files.exists(beside) ? Text.read(beside) : null;
    }
    String file = line.value("input");
    return file.equals("-") ? Text.read(context.console().in()) : Text.read(Workspace.path(file));
  }

  /** The call that this one goes on from. */
  static Optional<LoggedCall> after(Arguments line, Workspace workspace) {
    if (!line.has("after")) {
      return Optional.empty();
    }
    if (line.has("once-per")) {
      throw new UsageException("--after: --once-per does not go with it");
    }
    String id = line.value("after");
    boolean last = id.equals("last");
    return Optional.of(
        LoggedCall.of(
            workspace.log(),
            last ? LoggedCall.lastAnswered(workspace.log(), line.has("replay")) : id));
  }

  /** The request parameters that are given by flags. */
  static ObjectNode parameters(Arguments line) {
    ObjectNode flags = JsonNodeFactory.instance.objectNode();
    if (line.has("model")) {
      flags.put("model", line.value("model"));
    }
    for (String parameter : line.values("param")) {
      int equals = parameter.indexOf('=');
      String key = equals < 0 ? parameter : parameter.substring(0, equals);
      if (equals < 1) {
        throw new UsageException("--param: no KEY=VALUE: " + parameter);
      }
      if (key.equals("messages")) {
        throw new UsageException("--param: messages are given in NAME.request.json");
      }
      if (flags.has(key)) {
        throw new UsageException("--param: " + key + " is given twice");
      }
      flags.set(key, StrictJson.value(parameter.substring(equals + 1)));
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

  private static List<Cap> caps(Arguments line, Workspace workspace) {
    List<Cap> caps = new ArrayList<>(workspace.caps());
    if (line.has("max-usd")) {
      caps.add(new Cap(line.usd("max-usd"), Cap.Per.CALL));
    }
    return caps;
  }

  /** The window in which one call is enough; empty where every run calls. */
  static Optional<Cap.Per> oncePer(Arguments line) {
    String per = line.value("once-per", "");
    return switch (per) {
      case "" -> Optional.empty();
      case "day" -> Optional.of(Cap.Per.DAY);
      case "month" -> Optional.of(Cap.Per.MONTH);
      default -> throw new UsageException("--once-per: must be day or month, not " + per);
    };
  }

  private static int retry(Arguments line, int otherwise) {
    if (!line.has("retry")) {
      return otherwise;
    }
    String value = line.value("retry");
    if (!value.matches("\\d{1,4}")) {
      throw new UsageException("--retry: must be a whole number, 0 or more, not " + value);
    }
    return Integer.parseInt(value);
  }

  /** For all attempts together, or one request of a batch. */
  static Duration maxTime(Arguments line, Duration otherwise) {
    if (!line.has("max-time")) {
      return otherwise;
    }
    String value = line.value("max-time");
    return Durations.wait(value)
        .orElseThrow(
            () ->
                new UsageException(
                    "--max-time: must be a time such as 90s or 15m, up to 24h, not " + value));
  }
}
