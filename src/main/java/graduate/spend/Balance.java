package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.LogLine;
import graduate.audit.Source;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log's lines add up to: costs by local date, the calls without a known cost, and the
 * newest answer to each pair of prompt and input.
 *
 * <p>A call belongs to the day of its request line. It counts by its last line that has a cost,
 * else by its reservation.
 */
public final class Balance {
  private static final int DAYS = 62;

  private final ZoneId zone;
  private final TreeMap<LocalDate, BigDecimal> days = new TreeMap<>();
  private BigDecimal before = BigDecimal.ZERO;
  private final Map<String, OpenCall> open = new LinkedHashMap<>();
  private final Map<String, Answered> answered = new HashMap<>();

  Balance(ZoneId zone) {
    this.zone = zone;
  }

  /** The key of a pair of texts, by their hashes. */
  public static String texts(String promptSha256, @Nullable String inputSha256) {
    return promptSha256 + ":" + (inputSha256 == null ? "" : inputSha256);
  }

  /** Takes in the next line, which stands at {@code offset}. */
  void apply(LogLine line, long offset) {
    switch (line.type()) {
      case "request" -> request(line);
      case "response" -> response(line, offset);
      case "settlement" -> settlement(line);
      case "carried" -> carried(line);
      default -> {
        // Only a damaged log that is being set aside has others: what they look like, they are.
        if (line.field("balance").isObject()) {
          carried(line);
        } else if (line.time("requested").isPresent()) {
          response(line, offset);
        } else {
          request(line);
        }
      }
    }
  }

  private void request(LogLine line) {
    if (!line.field("replay").asBoolean()) {
      hold(call(line, false));
    }
  }

  private static OpenCall call(LogLine line, boolean responded) {
    Instant requested = line.requested();
    return new OpenCall(
        line.call(),
        requested,
        line.time("deadline").orElse(requested),
        source(line.field("prompt")),
        texts(line),
        line.usd("reserved_usd").orElse(BigDecimal.ZERO),
        responded,
        null);
  }

  /** Keeps the call open, with the greater of what its lines say where these differ. */
  private void hold(OpenCall call) {
    OpenCall known = open.get(call.id());
    open.put(
        call.id(),
        known == null
            ? call
            : new OpenCall(
                call.id(),
                call.requested(),
                call.deadline(),
                call.prompt(),
                call.texts(),
                known.reserved().max(call.reserved()),
                known.responded() || call.responded(),
                known.settled() != null ? known.settled() : call.settled()));
  }

  private void response(LogLine line, long offset) {
    boolean replay = line.field("replay").asBoolean();
    if (line.text("outcome").equals("answered")) {
      answer(
          texts(line) + (replay ? ":replay" : ""),
          new Answered(line.call(), AuditLog.time(line.requested()), offset));
    }
    if (replay) {
      return;
    }
    OpenCall call = open.get(line.call());
    Optional<BigDecimal> cost = line.usd("cost_usd");
    if (cost.isEmpty() && (call == null || call.held())) {
      // The line holds its request again, and so the reservation where that line is unreadable.
      hold(call(line, true));
      return;
    }
    open.remove(line.call());
    if (cost.isPresent()) {
      add(line.requested(), cost.get());
      if (call != null && call.settled() != null) {
        add(line.requested(), call.settled().negate());
      }
    }
  }

  private void settlement(LogLine line) {
    BigDecimal cost = line.usd("cost_usd").orElse(BigDecimal.ZERO);
    add(line.requested(), cost);
    OpenCall c = open.remove(line.call());
    if (c != null && !c.responded()) {
      // Its answer may still come, and then counts in place of this.
      open.put(
          c.id(),
          new OpenCall(
              c.id(),
              c.requested(),
              c.deadline(),
              c.prompt(),
              c.texts(),
              c.reserved(),
              false,
              cost));
    }
  }

  private void add(Instant requested, BigDecimal usd) {
    add(day(requested), usd);
    while (days.size() > DAYS) {
      before = before.add(days.pollFirstEntry().getValue());
    }
  }

  private void add(LocalDate day, BigDecimal usd) {
    days.put(day, usd.add(days.getOrDefault(day, BigDecimal.ZERO)));
  }

  private void answer(String texts, Answered call) {
    Answered known = answered.get(texts);
    if (known == null || call.time().compareTo(known.time()) >= 0) {
      answered.put(texts, call);
    }
  }

  /**
   * Forgets what is older than two months and of no use: all answers but the newest to each prompt,
   * and calls settled by hand, whose own answer is not to be expected any more.
   */
  void forgetOld(Instant now) {
    Instant kept = day(now).minusDays(DAYS).atStartOfDay(zone).toInstant();
    open.values().removeIf(call -> !call.held() && call.requested().isBefore(kept));
    String keptTime = AuditLog.time(kept);
    boolean old = false;
    for (Answered call : answered.values()) {
      old |= call.time().compareTo(keptTime) < 0;
    }
    if (!old) {
      return;
    }
    Map<String, String> newest = new HashMap<>();
    answered.forEach(
        (texts, call) ->
            newest.merge(prompt(texts), call.time(), (a, b) -> a.compareTo(b) > 0 ? a : b));
    answered
        .entrySet()
        .removeIf(
            e ->
                e.getValue().time().compareTo(keptTime) < 0
                    && e.getValue().time().compareTo(newest.get(prompt(e.getKey()))) < 0);
  }

  /** How many calls it keeps. */
  int size() {
    return open.size() + answered.size();
  }

  /** The key without its input. */
  private static String prompt(String texts) {
    int input = texts.indexOf(':');
    int behind = texts.indexOf(':', input + 1);
    return texts.substring(0, Math.max(0, input)) + (behind < 0 ? "" : texts.substring(behind));
  }

  private static String texts(LogLine line) {
    JsonNode input = line.field("input").path("sha256");
    return texts(line.field("prompt").path("sha256").asText(), input.textValue());
  }

  private static Source source(JsonNode json) {
    return new Source(json.path("path").asText(), json.path("sha256").asText());
  }

  /**
   * How the window stands that {@code now} lies in. All days from its start on count. A cap per
   * call knows of no other call.
   */
  public Standing standing(Cap cap, Instant now) {
    if (cap.per() == Cap.Per.CALL) {
      return new Standing(cap, BigDecimal.ZERO, BigDecimal.ZERO, 0, Optional.empty());
    }
    LocalDate start = cap.per().start(now, zone);
    boolean all = days.isEmpty() || start.isBefore(days.firstKey());
    BigDecimal spent = all ? before : BigDecimal.ZERO;
    for (BigDecimal day : days.tailMap(start, true).values()) {
      spent = spent.add(day);
    }
    BigDecimal held = BigDecimal.ZERO;
    int calls = 0;
    for (OpenCall call : open.values()) {
      if (call.held() && !day(call.requested()).isBefore(start)) {
        held = held.add(call.reserved());
        calls++;
      }
    }
    return new Standing(cap, spent, held, calls, cap.per().end(now, zone));
  }

  /** The call that makes another one needless: answered in the window, or still running. */
  Optional<String> done(OncePer once, Instant now) {
    LocalDate start = once.per().start(now, zone);
    Answered done = answered.get(once.texts());
    if (done != null && !day(done.requested()).isBefore(start)) {
      return Optional.of(done.id());
    }
    return open.values().stream()
        .filter(call -> call.texts().equals(once.texts()) && call.inFlight(now))
        .filter(call -> !day(call.requested()).isBefore(start))
        .map(OpenCall::id)
        .findFirst();
  }

  private LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, zone);
  }

  /** The calls without a known cost, oldest first. */
  public Collection<OpenCall> open() {
    return Collections.unmodifiableCollection(open.values());
  }

  /** The newest answered call to these texts. */
  public Optional<Answered> answered(String texts, boolean replay) {
    return Optional.ofNullable(answered.get(texts + (replay ? ":replay" : "")));
  }

  /** The newest real answer to a prompt, whatever its input was. */
  public Optional<Answered> answered(String promptSha256) {
    return answered.entrySet().stream()
        .filter(e -> e.getKey().startsWith(promptSha256 + ":") && !e.getKey().endsWith(":replay"))
        .map(Map.Entry::getValue)
        .max(Comparator.comparing(Answered::time));
  }

  /** All of it, for the cache and for a log that goes on from a damaged one. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("zone", zone.getId());
    json.put("before_usd", before);
    ObjectNode sums = json.putObject("days");
    for (Map.Entry<LocalDate, BigDecimal> day : days.entrySet()) {
      sums.put(day.getKey().toString(), day.getValue());
    }
    ObjectNode calls = json.putObject("open");
    for (OpenCall call : open.values()) {
      ObjectNode one = calls.putObject(call.id());
      one.put("requested", AuditLog.time(call.requested()));
      one.put("deadline", AuditLog.time(call.deadline()));
      one.putObject("prompt")
          .put("path", call.prompt().path())
          .put("sha256", call.prompt().sha256());
      one.put("texts", call.texts());
      one.put("reserved_usd", call.reserved());
      one.put("responded", call.responded());
      if (call.settled() != null) {
        one.put("settled_usd", call.settled());
      }
    }
    ObjectNode answers = json.putObject("answered");
    for (Map.Entry<String, Answered> call : answered.entrySet()) {
      answers
          .putObject(call.getKey())
          .put("id", call.getValue().id())
          .put("requested", call.getValue().time())
          .put("offset", call.getValue().offset());
    }
    return json;
  }

  private void carried(LogLine line) {
    read(line.field("balance"), false, line.requested());
  }

  /**
   * Takes in what {@link #json} wrote.
   *
   * @param here whether offsets in it are of this very log
   * @param written the time of what damage has left without one
   */
  void read(JsonNode json, boolean here, Instant written) {
    // Days of another zone may be one off: taken as the later one, they count longer, never
    // shorter.
    int shift = json.path("zone").asText().equals(zone.getId()) ? 0 : 1;
    before = before.add(json.path("before_usd").decimalValue());
    for (Map.Entry<String, JsonNode> day : json.path("days").properties()) {
      LocalDate at = AuditLog.date(day.getKey()).orElse(day(written)).plusDays(shift);
      add(at, day.getValue().decimalValue());
    }
    for (Map.Entry<String, JsonNode> call : json.path("open").properties()) {
      hold(call(call.getKey(), call.getValue(), written));
    }
    for (Map.Entry<String, JsonNode> call : json.path("answered").properties()) {
      JsonNode answer = call.getValue();
      answer(
          call.getKey(),
          new Answered(
              answer.path("id").asText(),
              here
                  ? answer.path("requested").asText()
                  : AuditLog.time(time(answer.path("requested")).orElse(written)),
              here ? answer.path("offset").asLong() : -1));
    }
  }

  private static OpenCall call(String id, JsonNode json, Instant written) {
    return new OpenCall(
        id,
        time(json.path("requested")).orElse(written),
        time(json.path("deadline")).orElse(written),
        source(json.path("prompt")),
        json.path("texts").asText(),
        json.path("reserved_usd").decimalValue(),
        json.path("responded").asBoolean(),
        json.has("settled_usd") ? json.path("settled_usd").decimalValue() : null);
  }

  private static Optional<Instant> time(JsonNode json) {
    return AuditLog.instant(json.asText());
  }

  /** The greater of both, amount by amount and call by call: nothing that either knows is lost. */
  static Balance greater(Balance a, Balance b) {
    Balance greater = new Balance(a.zone);
    greater.before = a.before.max(b.before);
    greater.days.putAll(a.days);
    b.days.forEach((day, usd) -> greater.days.merge(day, usd, BigDecimal::max));
    a.open.values().forEach(greater::hold);
    b.open.values().forEach(greater::hold);
    greater.answered.putAll(a.answered);
    b.answered.forEach(greater::answer);
    return greater;
  }
}
