package graduate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.text.UnusableException;
import graduate.text.Visible;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code log}: what was asked and what came back. */
final class LogCommand {
  private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("MM-dd HH:mm");
  private static final int RECENT = 20;

  /** So that a line has 80 columns at the most. */
  private static final int LONGEST_NAME = 13;

  /** How much of an id says the second of its call. */
  private static final int SECOND = 15;

  private LogCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    boolean verify = words.equals(List.of("verify"));
    boolean show = words.size() == 2 && words.get(0).equals("show");
    if ((line.has("anchor") || line.has("accept-damage")) && !verify) {
      throw new UsageException("log: --anchor and --accept-damage go with log verify");
    }
    if (line.has("json") && !show) {
      throw new UsageException("log: --json goes with log show");
    }
    if (!verify && !show && !words.isEmpty() && !line.has("expect")) {
      String given = String.join(" ", words);
      throw new UsageException(
          "log: " + given + ": known are log show ID, log show last and log verify");
    }
    Workspace workspace = Workspace.open(line, context);
    if (line.has("expect")) {
      return LogExpect.run(line, workspace, context);
    }
    if (verify) {
      return LogVerify.run(line, workspace, context);
    }
    return show
        ? show(words.get(1), line.has("json"), workspace, context)
        : recent(workspace, context);
  }

  private static int recent(Workspace workspace, Context context) throws IOException {
    // By their newest lines, which hold all that the older ones do, but what was settled by hand.
    Map<String, LogLine> calls = new LinkedHashMap<>();
    Map<String, BigDecimal> settled = new HashMap<>();
    try (BackwardReader reader = new BackwardReader(workspace.log(), "")) {
      LogLine line = reader.previous();
      while (line != null && calls.size() < RECENT) {
        if (line.type().equals("settlement")) {
          settled.putIfAbsent(line.call(), line.usd("cost_usd").orElse(BigDecimal.ZERO));
        } else if (!line.type().equals("batch")) {
          calls.putIfAbsent(line.call(), line);
        }
        line = reader.previous();
      }
    }
    if (calls.isEmpty()) {
      context.console().print("no calls yet\n");
      return Exit.OK;
    }
    List<LogLine> shown = new ArrayList<>(calls.values());
    shown.sort(Comparator.comparing(LogLine::requested));
    DateTimeFormatter when = WHEN.withZone(workspace.settings().zone());
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"WHEN", "PROMPT", "OUTCOME", "TOKENS", "COST", "ID"});
    for (LogLine line : shown) {
      rows.add(
          new String[] {
            when.format(line.requested()),
            Visible.shorten(name(line.source("prompt").path()), LONGEST_NAME),
            outcome(line),
            tokens(line),
            cost(line, Optional.ofNullable(settled.get(line.call()))),
            line.call().substring(0, unique(line.call(), shown))
          });
    }
    context.console().print(Table.of(rows));
    return Exit.OK;
  }

  /** A prompt as it can be typed where it stands beside the launcher. */
  static String name(String path) {
    String file = String.valueOf(Path.of(path).getFileName());
    return file.replaceFirst("\\.(md|txt)$", "");
  }

  /** How much of an id it takes to tell it from the others, to the second at least. */
  private static int unique(String id, List<LogLine> shown) {
    return IntStream.range(SECOND, id.length())
        .filter(
            n -> shown.stream().filter(l -> l.call().startsWith(id.substring(0, n))).count() == 1)
        .findFirst()
        .orElse(id.length());
  }

  private static String cost(LogLine line, Optional<BigDecimal> settled) {
    Optional<BigDecimal> cost = settled.or(() -> line.usd("cost_usd"));
    return cost.isPresent() || line.replay()
        ? Usd.near(cost.orElse(BigDecimal.ZERO))
        : "held " + Usd.near(line.reserved());
  }

  private static String outcome(LogLine line) {
    String outcome = line.type().equals("request") ? "waiting" : line.text("outcome");
    return line.replay() && outcome.equals("answered") ? "replayed" : outcome;
  }

  private static String tokens(LogLine line) {
    JsonNode usage = line.field("usage");
    String in = usage.path("prompt_tokens").asText();
    return usage.has("total_tokens") ? in + "+" + usage.path("completion_tokens").asText() : "";
  }

  private static int show(String given, boolean json, Workspace workspace, Context context)
      throws IOException {
    String id = given.equals("last") ? LoggedCall.last(workspace.log()) : given;
    LoggedCall call = LoggedCall.of(workspace.log(), id);
    if (json) {
      context.console().print(call.bytes());
      return Exit.OK;
    }
    if (call.response().texts().isEmpty()) {
      String outcome = call.outcome().isEmpty() ? "" : " (" + call.outcome() + ")";
      String see = ". See: graduate log show " + call.id() + " --json";
      throw new UnusableException(call.id(), "has no answer" + outcome + see);
    }
    context.console().print(call.response().text());
    return Exit.OK;
  }
}
