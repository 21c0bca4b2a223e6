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
  private final Map<String, Call> calls = new LinkedHashMap<>();

  /** Requests without their batch's line belong to nothing. */
  private final Set<String> reserved = new HashSet<>(Set.of(""));

  /** A call and its row, by the last of its lines that has a cost, else by its reservation. */
  private record Call(String key, String batch, Sum sum) {}

  /** What calls come to. */
  private record Sum(int calls, long in, long out, BigDecimal cost, BigDecimal held) {
    static final Sum NOTHING = new Sum(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);

    Sum and(Sum more) {
      return new Sum(
          calls + more.calls,
          in + more.in,
          out + more.out,
          cost.add(more.cost),
          held.add(more.held));
    }
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
    workspace.log().each(workspace.ledger().balance().offset(spend.since), spend::take);
    Map<String, Sum> sums = new TreeMap<>();
    for (Call call : spend.calls.values()) {
      if (spend.reserved.contains(call.batch)) {
        sums.merge(call.key, call.sum, Sum::and);
      }
    }
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
    String id = line.call();
    if (line.type().equals("batch")) {
      reserved.add(id);
      return;
    }
    if (reserved.contains(id)) {
      // A batch that is settled: what is left of it holds nothing any more, and cost that together.
      String key = key(line, day);
      for (Map.Entry<String, Call> each : calls.entrySet()) {
        Call call = each.getValue();
        if (call.batch.equals(id)) {
          key = call.key;
          each.setValue(settled(call, call.sum.cost));
        }
      }
      BigDecimal cost = line.usd("cost_usd").orElse(BigDecimal.ZERO);
      calls.put(id, new Call(key, "", new Sum(0, 0, 0, cost, BigDecimal.ZERO)));
      return;
    }
    Call before = calls.get(id);
    Optional<BigDecimal> cost = line.usd("cost_usd");
    if (before != null && line.type().equals("settlement")) {
      calls.put(id, settled(before, cost.orElse(BigDecimal.ZERO)));
    } else if (before == null || cost.isPresent() || before.sum.held.signum() > 0) {
      JsonNode usage = line.field("usage");
      Sum sum =
          new Sum(
              1,
              usage.path("prompt_tokens").asLong(),
              usage.path("completion_tokens").asLong(),
              cost.orElse(BigDecimal.ZERO),
              cost.isPresent() ? BigDecimal.ZERO : line.reserved());
      calls.put(id, new Call(key(line, day), line.batch(), sum));
    }
  }

  private static Call settled(Call call, BigDecimal cost) {
    Sum sum = call.sum;
    return new Call(call.key, call.batch, new Sum(1, sum.in, sum.out, cost, BigDecimal.ZERO));
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
