package graduate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.LogTime;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.Held;
import graduate.spend.OpenCall;
import graduate.spend.Session;
import graduate.spend.Standing;
import graduate.text.Visible;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** {@code spend}: how the caps stand, which calls are held, and what a held call really cost. */
final class SpendCommand {

  private SpendCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    if (!words.isEmpty() && words.get(0).equals("settle")) {
      return settle(words.subList(1, words.size()), line, context);
    }
    if (!words.isEmpty() || line.has("usd") || line.has("why")) {
      throw new UsageException(
          "spend: not settle ID… --usd X --why TEXT: " + String.join(" ", words));
    }
    if (line.has("since") && !line.has("by")) {
      throw new UsageException("spend: --since goes with --by");
    }
    if (line.has("by")) {
      return SpendBy.run(line, Workspace.open(line, context), context);
    }
    Workspace workspace = Workspace.open(line, context);
    Balance balance = workspace.ledger().balance();
    Instant now = context.clock().instant();
    if (line.has("json")) {
      context.console().print(json(balance, workspace, now));
    } else {
      context.console().print(text(balance, workspace, now));
    }
    return Exit.OK;
  }

  private static String text(Balance balance, Workspace workspace, Instant now) {
    StringBuilder text = new StringBuilder();
    for (Cap cap : workspace.caps()) {
      String stands =
          cap.per() == Cap.Per.CALL
              ? "cap " + Usd.near(cap.usd())
              : CapText.standing(balance.standing(cap, now), workspace.settings().zone());
      text.append(String.format("%-6s %s%n", cap.per(), stands));
    }
    if (workspace.caps().isEmpty()) {
      text.append("no caps are set\n");
    }
    for (OpenCall call : balance.held()) {
      String prompt = Visible.line(call.prompt().path());
      String age = age(Duration.between(call.requested(), now));
      String money = Usd.up(call.reserved());
      String calls = call.calls() > 0 ? " (" + call.calls() + " calls)" : "";
      text.append("held   %s%s  %s  %s ago, ".formatted(money, calls, prompt, age));
      text.append(state(call, now) + "  " + call.id() + "\n");
    }
    return text.toString();
  }

  private static String age(Duration age) {
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

  private static ObjectNode json(Balance balance, Workspace workspace, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("zone", workspace.settings().zone().getId());
    ArrayNode caps = json.putArray("caps");
    for (Cap cap : workspace.caps()) {
      Standing standing = balance.standing(cap, now);
      caps.addObject()
          .put("usd", cap.usd())
          .put("per", cap.per().toString())
          .put("spent_usd", standing.committed().spent())
          .put("held_usd", standing.committed().held())
          .put("left_usd", standing.left())
          .put("ends", standing.ends().map(LogTime::of).orElse(null));
    }
    ArrayNode calls = json.putArray("held");
    for (OpenCall call : balance.held()) {
      ObjectNode one =
          calls
              .addObject()
              .put("id", call.id())
              .put("prompt", call.prompt().path())
              .put("requested", LogTime.of(call.requested()))
              .put("usd", call.reserved())
              .put("state", state(call, now));
      if (call.calls() > 0) {
        one.put("calls", call.calls());
      }
    }
    return json;
  }

  private static int settle(List<String> ids, Arguments line, Context context) throws IOException {
    if (ids.isEmpty() || !line.has("usd") || !line.has("why")) {
      throw new UsageException("spend settle: needs ID… --usd X --why TEXT");
    }
    if (line.has("json")) {
      throw new UsageException("spend settle: --json goes with spend alone");
    }
    BigDecimal usd = line.usd("usd").orElseThrow();
    Workspace workspace = Workspace.open(line, context);
    Collection<OpenCall> settled;
    try (Session session = workspace.ledger().open(AuditLog.RECORDING)) {
      settled = new Held(session).settle(ids, usd, line.value("why"));
    }
    BigDecimal was = BigDecimal.ZERO;
    StringBuilder text = new StringBuilder();
    for (OpenCall call : settled) {
      was = was.add(call.reserved());
      text.append(settled(call.id(), call.reserved(), usd));
    }
    if (settled.size() > 1) {
      BigDecimal sum = usd.multiply(BigDecimal.valueOf(settled.size()));
      text.append(settled(settled.size() + " calls", was, sum));
    }
    context.console().print(text.toString());
    return Exit.OK;
  }

  private static String settled(String calls, BigDecimal was, BigDecimal now) {
    return calls + ": held " + Usd.near(was) + ", settled at " + Usd.near(now) + "\n";
  }
}
