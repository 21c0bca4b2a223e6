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
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** Run's options, and the job that they ask for. */
final class RunOptions {
  static final Option MODEL = Arguments.value("m", "model", "MODEL");
  static final Option PARAM = Arguments.values("p", "param", "KEY=VALUE");
  static final Option INPUT = Arguments.value("i", "input", "FILE");
  static final Option OUTPUT = Arguments.value("o", "output", "FILE");
  static final Option JSON = Arguments.flag("-", "json");
  static final Option DRY_RUN = Arguments.flag("-", "dry-run");
  static final Option REPLAY = Arguments.flag("-", "replay");
  static final Option MAX_TIME = Arguments.value("-", "max-time", "TIME");
  static final Option RETRY = Arguments.value("-", "retry", "N");
  static final Option MAX_USD = Arguments.value("-", "max-usd", "X");
  static final Option ONCE_PER = Arguments.value("-", "once-per", "day|month");
  static final Option AFTER = Arguments.value("-", "after", "ID|last");
  static final Option VERBOSE = Arguments.flag("v", "verbose");
  static final Option QUIET = Arguments.flag("q", "quiet");

  private RunOptions() {}

  static Options all() {
    return Arguments.options(
        MODEL,
        PARAM,
        INPUT,
        OUTPUT,
        JSON,
        DRY_RUN,
        REPLAY,
        MAX_TIME,
        RETRY,
        MAX_USD,
        ONCE_PER,
        AFTER,
        VERBOSE,
        QUIET,
        Workspace.CONFIG,
        Workspace.LOGS);
  }

  /**
   * What the options ask to be sent, and its price.
   *
   * @param input as {@link #input} gives it
   * @param after as {@link #after} gives it
   * @throws UsageException where an option's value is wrong
   */
  static Job job(
      CommandLine line,
      Workspace workspace,
      Prompt prompt,
      @Nullable Text input,
      Optional<LoggedCall> after) {
    Settings settings = workspace.settings();
    boolean replay = line.hasOption(REPLAY);
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
        session -> false,
        retry(line, settings.retry()),
        maxTime(line, settings.maxTime()));
  }

  /**
   * The input that is named, else the saved one.
   *
   * @param saved whether that may be sent without a word
   */
  static @Nullable Text input(CommandLine line, Context context, Prompt prompt, boolean saved) {
    Path beside = prompt.sidecarText(".input");
    if (!line.hasOption(INPUT)) {
      if (!saved && Files.exists(beside)) {
        throw new UnusableException(
            prompt.path(),
            "has a saved input, "
                + beside
                + ", which is not sent by itself. Say which input: -i FILE, or -i - for a pipe");
      }
      return Files.exists(beside) ? Text.read(beside) : null;
    }
    String file = line.getOptionValue(INPUT);
    return file.equals("-") ? Text.read(context.console().in()) : Text.read(Workspace.path(file));
  }

  /** The call that this one goes on from. */
  static Optional<LoggedCall> after(CommandLine line, Workspace workspace) {
    if (!line.hasOption(AFTER)) {
      return Optional.empty();
    }
    if (line.hasOption(ONCE_PER)) {
      throw new UsageException("--after: --once-per does not go with it");
    }
    String id = line.getOptionValue(AFTER);
    boolean last = id.equals("last");
    return Optional.of(
        LoggedCall.of(
            workspace.log(),
            last ? LoggedCall.lastAnswered(workspace.log(), line.hasOption(REPLAY)) : id));
  }

  /** The request parameters that are given by flags. */
  static ObjectNode parameters(CommandLine line) {
    ObjectNode flags = JsonNodeFactory.instance.objectNode();
    if (line.hasOption(MODEL)) {
      flags.put("model", line.getOptionValue(MODEL));
    }
    String[] given = line.getOptionValues(PARAM);
    for (String parameter : given == null ? new String[0] : given) {
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

  private static List<Cap> caps(CommandLine line, Workspace workspace) {
    List<Cap> caps = new ArrayList<>(workspace.caps());
    if (line.hasOption(MAX_USD)) {
      caps.add(new Cap(usd(line, MAX_USD), Cap.Per.CALL));
    }
    return caps;
  }

  /** An option's amount. */
  static BigDecimal usd(CommandLine line, Option option) {
    String value = line.getOptionValue(option);
    try {
      BigDecimal usd = new BigDecimal(value);
      if (usd.signum() >= 0 && Math.abs(usd.scale()) <= 30) {
        return usd;
      }
    } catch (NumberFormatException e) {
      // The message below says it.
    }
    throw new UsageException(
        Arguments.name(option) + ": must be an amount, 0 or more, not " + value);
  }

  /** The window in which one call is enough; empty where every run calls. */
  static Optional<Cap.Per> oncePer(CommandLine line) {
    String per = line.getOptionValue(ONCE_PER, "");
    return switch (per) {
      case "" -> Optional.empty();
      case "day" -> Optional.of(Cap.Per.DAY);
      case "month" -> Optional.of(Cap.Per.MONTH);
      default -> throw new UsageException("--once-per: must be day or month, not " + per);
    };
  }

  private static int retry(CommandLine line, int otherwise) {
    if (!line.hasOption(RETRY)) {
      return otherwise;
    }
    String value = line.getOptionValue(RETRY);
    if (!value.matches("\\d{1,4}")) {
      throw new UsageException("--retry: must be a whole number, 0 or more, not " + value);
    }
    return Integer.parseInt(value);
  }

  /** For all attempts together, or one request of a batch. */
  static Duration maxTime(CommandLine line, Duration otherwise) {
    if (!line.hasOption(MAX_TIME)) {
      return otherwise;
    }
    String value = line.getOptionValue(MAX_TIME);
    return Durations.wait(value)
        .orElseThrow(
            () ->
                new UsageException(
                    "--max-time: must be a time such as 90s or 15m, up to 24h, not " + value));
  }
}
