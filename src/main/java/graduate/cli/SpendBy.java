package graduate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.LogLine;
import graduate.audit.LogTime;
import graduate.text.Visible;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code spend --by}: what the calls since a date cost, by prompt, model or day. */
final class SpendBy {
  private static final Set<String> KEYS = Set.of("prompt", "model", "day");
  private static final int LONGEST_KEY = 30;

  private final Workspace workspace;
  private final String by;
  private final LocalDate since;
  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, Sum> calls = new LinkedHashMap<>();
  private final Map<String, String> batches = new HashMap<>();
  private final Set<String> begun = new HashSet<>();

  /** What calls come to: each by the last of its lines that has a cost, else by its reservation. */
  private record Sum(int calls, long in, long out, BigDecimal cost, BigDecimal held) {
    static final Sum NOTHING = new Sum(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);

    Sum withoutHeld() {
      return new Sum(calls, in, out, cost, BigDecimal.ZERO);
    }

    Sum and(Sum more) {
      return new Sum(
          calls + more.calls,
          in + more.in,
          out + more.out,
          cost.add(more.cost),
          held.add(more.held));
    }
  }

  private boolean isOf(String batch, String call) {
    return batch.equals(batches.get(call));
  }

  private SpendBy(Workspace workspace, String by, LocalDate since) {
    this.workspace = workspace;
    this.by = by;
    this.since = since;
  }

  static int run(Arguments line, Workspace workspace, Context context) throws IOException {
    String by = line.value("by");
    if (!KEYS.contains(by)) {
      throw new UsageException("--by: not prompt, model or day: " + by);
    }
    SpendBy spend = new SpendBy(workspace, by, since(line, workspace, context));
    long unused =
        workspace.log().each(workspace.ledger().balance().offset(spend.since), spend::take);
    // Requests without their batch's line belong to nothing.
    spend.begun.add("");
    spend.calls.keySet().removeIf(id -> !spend.begun.contains(spend.batches.get(id)));
    Map<String, Sum> sums = new TreeMap<>();
    spend.calls.forEach((id, call) -> sums.merge(spend.keys.getOrDefault(id, ""), call, Sum::and));
    Sum total = sums.values().stream().reduce(Sum.NOTHING, Sum::and);
    if (line.has("json")) {
      context.console().print(spend.json(sums, total));
    } else {
      context.console().print(spend.text(sums, total));
    }
    return Exit.OK;
  }

  private static LocalDate since(Arguments line, Workspace workspace, Context context) {
    if (!line.has("since")) {
      return workspace.ledger().day(context.clock().instant()).withDayOfMonth(1);
    }
    String date = line.value("since");
    return LogTime.date(date)
        .orElseThrow(() -> new UsageException("--since: no date such as 2026-11-01: " + date));
  }

  private void take(LogLine line) {
    LocalDate day = workspace.ledger().day(line.requested());
    if (line.replay() || line.type().equals("carried") || day.isBefore(since)) {
      return;
    }
    if (line.type().equals("batch")) {
      begun.add(line.batch());
      return;
    }
    Optional<BigDecimal> cost = line.usd("cost_usd");
    batches.put(line.call(), line.batch());
    if (begun.contains(line.call())) {
      // A batch that is settled: what is left of it cost that.
      calls.replaceAll((id, call) -> isOf(line.call(), id) ? call.withoutHeld() : call);
    }
    Sum before = calls.getOrDefault(line.call(), Sum.NOTHING);
    if (cost.isEmpty() && before.calls > 0 && before.held.signum() == 0) {
      return;
    }
    BigDecimal reserved = line.usd("reserved_usd").orElse(BigDecimal.ZERO);
    BigDecimal held = cost.isPresent() ? BigDecimal.ZERO : reserved;
    boolean settled = line.type().equals("settlement");
    if (!settled || before.calls == 0) {
      keys.put(line.call(), key(line, day));
    }
    JsonNode usage = line.field("usage");
    long in = settled ? before.in : usage.path("prompt_tokens").asLong();
    long out = settled ? before.out : usage.path("completion_tokens").asLong();
    calls.put(line.call(), new Sum(1, in, out, cost.orElse(BigDecimal.ZERO), held));
  }

  private String key(LogLine line, LocalDate day) {
    return switch (by) {
      case "day" -> day.toString();
      case "model" -> line.field("price").path("model").asText("?");
      default -> line.source("prompt").path();
    };
  }

  private String text(Map<String, Sum> sums, Sum total) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {by.toUpperCase(Locale.ROOT), "CALLS", "IN", "OUT", "COST", "HELD"});
    sums.forEach((key, sum) -> rows.add(row(key, sum)));
    rows.add(row("since " + since, total));
    return Table.of(rows);
  }

  private String[] row(String key, Sum sum) {
    boolean prompt = by.equals("prompt") && key.contains(".");
    return new String[] {
      Visible.shorten(prompt ? LogCommand.name(key) : key, LONGEST_KEY),
      Integer.toString(sum.calls()),
      Long.toString(sum.in()),
      Long.toString(sum.out()),
      Usd.near(sum.cost()),
      sum.held().signum() == 0 ? "" : Usd.near(sum.held())
    };
  }

  private ObjectNode json(Map<String, Sum> sums, Sum total) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("by", by).put("since", since.toString());
    ArrayNode rows = json.putArray("rows");
    sums.forEach((key, sum) -> put(rows.addObject().put(by, key), sum));
    put(json.putObject("total"), total);
    return json;
  }

  private static void put(ObjectNode json, Sum sum) {
    json.put("calls", sum.calls())
        .put("prompt_tokens", sum.in())
        .put("completion_tokens", sum.out())
        .put("cost_usd", sum.cost())
        .put("held_usd", sum.held());
  }
}
