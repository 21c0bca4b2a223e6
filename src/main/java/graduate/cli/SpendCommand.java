package graduate.cli;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.SettlementEntry;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.OpenCall;
import graduate.spend.Standing;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code spend}: how the caps stand, which calls are held, and what a held call really cost. */
final class SpendCommand implements Command {
  private static final Option JSON = Arguments.flag("-", "json");
  private static final Option USD = Arguments.value("-", "usd", "X");
  private static final Option WHY = Arguments.value("-", "why", "TEXT");
  private static final int BAR = 30;

  @Override
  public Options options() {
    return Arguments.options(JSON, USD, WHY, Workspace.CONFIG, Workspace.LOGS);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<String> words = line.getArgList();
    if (!words.isEmpty() && words.get(0).equals("settle")) {
      return settle(words.subList(1, words.size()), line, context);
    }
    if (!words.isEmpty() || line.hasOption(USD) || line.hasOption(WHY)) {
      throw new UsageException(
          "spend: not settle ID… --usd X --why TEXT: " + String.join(" ", words));
    }
    Workspace workspace = Workspace.open(line, context);
    Balance balance = workspace.ledger().balance();
    Instant now = context.clock().instant();
    List<Standing> standings =
        workspace.caps().stream().map(cap -> balance.standing(cap, now)).toList();
    List<OpenCall> held = balance.open().stream().filter(OpenCall::held).toList();
    context
        .console()
        .print(
            line.hasOption(JSON)
                ? json(standings, held, workspace, now)
                : text(standings, held, workspace, now, context.console().outTty()));
    return Exit.OK;
  }

  private static String text(
      List<Standing> standings,
      List<OpenCall> held,
      Workspace workspace,
      Instant now,
      boolean bars) {
    StringBuilder text = new StringBuilder();
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z").withZone(workspace.settings().zone());
    for (Standing standing : standings) {
      Cap cap = standing.cap();
      text.append(String.format("%-6s cap %s", cap.per(), Usd.near(cap.usd())));
      if (cap.per() != Cap.Per.CALL) {
        text.append(
            ": spent "
                + Usd.near(standing.spent())
                + ", held "
                + Usd.near(standing.held())
                + ", left "
                + Usd.down(standing.left())
                + standing.ends().map(end -> "; ends " + form.format(end)).orElse(""));
        text.append(bars ? "\n" + bar(standing) : "");
      }
      text.append('\n');
    }
    if (standings.isEmpty()) {
      text.append("no caps are set\n");
    }
    for (OpenCall call : held) {
      text.append(
          String.format(
              "held   %s  %s  %s ago, %s  %s%n",
              Usd.near(call.reserved()),
              Console.visible(call.prompt().path()),
              age(Duration.between(call.requested(), now)),
              state(call, now),
              call.id()));
    }
    return text.toString();
  }

  private static String bar(Standing standing) {
    int spent = share(standing.spent(), standing.cap().usd());
    int held = Math.min(BAR - spent, share(standing.held(), standing.cap().usd()));
    return "       [" + "#".repeat(spent) + "+".repeat(held) + "·".repeat(BAR - spent - held) + "]";
  }

  private static int share(BigDecimal part, BigDecimal whole) {
    if (part.signum() <= 0) {
      return 0;
    }
    return whole.signum() == 0
        ? BAR
        : part.multiply(BigDecimal.valueOf(BAR))
            .divide(whole, 0, RoundingMode.CEILING)
            .min(BigDecimal.valueOf(BAR))
            .intValue();
  }

  static String age(Duration age) {
    if (age.toHours() >= 48) {
      return age.toDays() + " d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + " h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  private static String state(OpenCall call, Instant now) {
    return call.inFlight(now) ? "in flight" : "lost";
  }

  private static String json(
      List<Standing> standings, List<OpenCall> held, Workspace workspace, Instant now)
      throws IOException {
    JsonMapper mapper =
        JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
    ObjectNode json = mapper.createObjectNode();
    json.put("zone", workspace.settings().zone().getId());
    ArrayNode caps = json.putArray("caps");
    for (Standing standing : standings) {
      caps.addObject()
          .put("usd", standing.cap().usd())
          .put("per", standing.cap().per().toString())
          .put("spent_usd", standing.spent())
          .put("held_usd", standing.held())
          .put("left_usd", standing.left())
          .put("ends", standing.ends().map(AuditLog::time).orElse(null));
    }
    ArrayNode calls = json.putArray("held");
    for (OpenCall call : held) {
      calls
          .addObject()
          .put("id", call.id())
          .put("prompt", call.prompt().path())
          .put("requested", AuditLog.time(call.requested()))
          .put("usd", call.reserved())
          .put("state", state(call, now));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  private static int settle(List<String> ids, CommandLine line, Context context)
      throws IOException {
    if (ids.isEmpty() || !line.hasOption(USD) || !line.hasOption(WHY)) {
      throw new UsageException("spend settle: needs ID… --usd X --why TEXT");
    }
    if (line.hasOption(JSON)) {
      throw new UsageException("spend settle: --json goes with spend alone");
    }
    BigDecimal usd = RunOptions.usd(line, USD);
    Workspace workspace = Workspace.open(line, context);
    Balance balance = workspace.ledger().balance();
    List<String> held = balance.open().stream().filter(OpenCall::held).map(OpenCall::id).toList();
    Set<String> calls = new LinkedHashSet<>();
    for (String id : ids) {
      calls.add(find(id, held));
    }
    workspace.ledger().requireSettleable(calls);
    for (String call : calls) {
      SettlementEntry entry = workspace.ledger().settle(call, usd, line.getOptionValue(WHY));
      context
          .console()
          .print(call + ": held " + Usd.near(entry.was()) + ", settled at " + Usd.near(usd) + "\n");
    }
    return Exit.OK;
  }

  private static String find(String id, List<String> held) {
    List<String> found = new ArrayList<>();
    for (String call : held) {
      if (id.equals("last") || call.startsWith(id)) {
        found.add(call);
      }
    }
    if (found.isEmpty()) {
      throw new UnusableException(id, "no held call. See: graduate spend");
    }
    if (found.size() > 1 && !id.equals("last")) {
      throw new UnusableException(id, found.size() + " held calls begin so");
    }
    return found.get(found.size() - 1);
  }
}
