package graduate.cli;

import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.openai.ChatResponse;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code log}: what was asked and what came back. */
final class LogCommand implements Command {
  private static final Option JSON = Arguments.flag("-", "json");
  static final Option ANCHOR = Arguments.value("-", "anchor", "SEQ:HASH");
  static final Option EXPECT = Arguments.value("-", "expect", "AGE");
  static final Option ACCEPT_DAMAGE = Arguments.flag("-", "accept-damage");
  private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final int RECENT = 20;
  private static final int ID = 30;

  @Override
  public Options options() {
    return Arguments.options(EXPECT, JSON, ANCHOR, ACCEPT_DAMAGE, Workspace.CONFIG, Workspace.LOGS);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<String> words = line.getArgList();
    String what = words.isEmpty() ? "" : words.get(0);
    boolean verify = what.equals("verify");
    if ((line.hasOption(ANCHOR) || line.hasOption(ACCEPT_DAMAGE)) && !verify) {
      throw new UsageException("log: --anchor and --accept-damage go with log verify");
    }
    if (line.hasOption(JSON) && !what.equals("show")) {
      throw new UsageException("log: --json goes with log show");
    }
    Workspace workspace = Workspace.open(line, context);
    if (line.hasOption(EXPECT)) {
      return LogExpect.run(line, workspace, context);
    }
    if (words.isEmpty()) {
      return recent(workspace, context);
    }
    if (what.equals("show") && words.size() == 2) {
      return show(words.get(1), line.hasOption(JSON), workspace, context);
    }
    if (verify && words.size() == 1) {
      return LogVerify.run(line, workspace, context);
    }
    throw new UsageException(
        "log: "
            + String.join(" ", words)
            + ": known are log show ID, log show last and log verify");
  }

  private static int recent(Workspace workspace, Context context) throws IOException {
    // By their newest lines, which hold all that the older ones do, but what was settled by hand.
    Map<String, LogLine> calls = new LinkedHashMap<>();
    Map<String, BigDecimal> settled = new HashMap<>();
    try (BackwardReader reader = BackwardReader.of(workspace.log(), "")) {
      LogLine line = reader.previous();
      while (line != null && calls.size() < RECENT) {
        if (line.type().equals("settlement")) {
          settled.putIfAbsent(line.call(), line.usd("cost_usd").orElse(BigDecimal.ZERO));
        } else {
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
    rows.add(new String[] {"WHEN", "PROMPT", "OUTCOME", "TOKENS", "COST", "TIME", "ID"});
    for (LogLine line : shown) {
      rows.add(
          new String[] {
            when.format(line.requested()),
            line.source("prompt").path(),
            outcome(line),
            tokens(line),
            cost(line, Optional.ofNullable(settled.get(line.call()))),
            line.field("elapsed_ms").isNumber()
                ? Report.seconds(line.field("elapsed_ms").asLong())
                : "",
            line.call()
          });
    }
    context.console().print(Table.of(rows));
    return Exit.OK;
  }

  private static String cost(LogLine line, Optional<BigDecimal> settled) {
    Optional<BigDecimal> cost = settled.isPresent() ? settled : line.usd("cost_usd");
    BigDecimal reserved = line.usd("reserved_usd").orElse(BigDecimal.ZERO);
    return cost.isPresent() || line.replay()
        ? Usd.near(cost.orElse(BigDecimal.ZERO))
        : "held " + Usd.near(reserved);
  }

  private static String outcome(LogLine line) {
    String outcome = line.type().equals("request") ? "no answer yet" : line.text("outcome");
    return line.replay() ? outcome + " (replay)" : outcome;
  }

  private static String tokens(LogLine line) {
    return line.field("usage").has("total_tokens")
        ? line.field("usage").path("prompt_tokens").asText()
            + " + "
            + line.field("usage").path("completion_tokens").asText()
        : "";
  }

  private static int show(String given, boolean json, Workspace workspace, Context context)
      throws IOException {
    String id = given.equals("last") ? newest(workspace) : given;
    Deque<byte[]> lines = new ArrayDeque<>();
    Optional<byte[]> body = Optional.empty();
    String call = "";
    String outcome = "no answer yet";
    try (BackwardReader reader = BackwardReader.of(workspace.log(), id)) {
      boolean whole = false;
      for (LogLine line = reader.previous(); line != null && !whole; line = reader.previous()) {
        if (!line.call().startsWith(id)) {
          continue;
        }
        if (!call.isEmpty() && !line.call().equals(call)) {
          throw new UnusableException(given, "several calls begin so. See: graduate log");
        }
        call = line.call();
        lines.addFirst(reader.bytes());
        if (line.type().equals("response")) {
          body = body.or(reader::body);
          outcome = line.text("outcome");
        }
        // A whole id has no other call, and nothing stands before its request.
        whole = id.length() >= ID && line.type().equals("request");
      }
    }
    if (lines.isEmpty()) {
      throw new UnusableException(given, "no such call. See: graduate log");
    }
    if (json) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] line : lines) {
        all.writeBytes(line);
        all.write('\n');
      }
      context.console().print(all.toByteArray());
      return Exit.OK;
    }
    ChatResponse response = ChatResponse.of(body.orElse(new byte[0]));
    if (response.texts().isEmpty()) {
      throw new UnusableException(
          call, "has no answer (" + outcome + "). See: graduate log show " + call + " --json");
    }
    context.console().print(response.text());
    return Exit.OK;
  }

  /** The id of the call that was made last. */
  private static String newest(Workspace workspace) {
    try (BackwardReader reader = BackwardReader.of(workspace.log(), "\"type\":\"request\"")) {
      LogLine line = reader.previous();
      while (line != null && !line.type().equals("request")) {
        line = reader.previous();
      }
      if (line == null) {
        throw new UnusableException("last", "no such call, the log is empty");
      }
      return line.call();
    }
  }
}
