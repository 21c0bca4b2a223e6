package graduate.spend;

import graduate.audit.LogLine;
import graduate.audit.Position;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log's lines add up to: costs by local date, the calls without a known cost, and where
 * each date's lines begin.
 *
 * <p>A call belongs to the day of its request line. It counts by its last line that has a cost,
 * else by its reservation.
 */
public final class Balance {
  /** Days that are kept apart; what was before them is one sum. */
  private static final int DAYS = 62;

  final ZoneId zone;

  /** The hash of the log's first line; empty where none was taken in. */
  String first = "";

  /** The line up to which it is true. */
  Position at = Position.START;

  final NavigableMap<LocalDate, BigDecimal> days = new TreeMap<>();
  BigDecimal before = BigDecimal.ZERO;

  /** The calls without a known cost, oldest first. */
  final Map<String, OpenCall> open = new LinkedHashMap<>();

  /** By the date of a line's own time, the least offset of such a line. */
  final NavigableMap<LocalDate, Long> offsets = new TreeMap<>();

  Balance(ZoneId zone) {
    this.zone = zone;
  }

  /** Takes in the log's next line, which is at {@code next}. */
  void apply(LogLine line, Position next) {
    apply(line);
    first = next.seq() == 1 ? next.hash() : first;
    at = next;
  }

  /** Takes in a line, wherever it stands. */
  void apply(LogLine line) {
    LocalDate day = day(line.time());
    if (!offsets.containsKey(day)) {
      forgetSettled(day);
    }
    offsets.merge(day, line.start(), Math::min);
    if (offsets.size() > DAYS) {
      offsets.pollFirstEntry();
    }
    switch (line.type()) {
      case "request" -> request(line);
      case "response" -> response(line);
      case "settlement" -> settlement(line);
      case "batch" -> batch(line);
      case "carried" -> BalanceJson.read(line.field("balance"), this, line.time());
      default -> {
        // Only a damaged log that is being set aside has others: what they look like, they are.
        if (line.field("balance").isObject()) {
          BalanceJson.read(line.field("balance"), this, line.time());
        } else if (line.time("requested").isPresent()) {
          response(line);
        } else {
          request(line);
        }
      }
    }
  }

  /** The requests of a batch hold nothing by themselves: this line does, for all of them. */
  private void batch(LogLine line) {
    String state = line.text("state");
    OpenCall known = open.get(line.batch());
    if (known != null) {
      open.put(line.batch(), known.at(line.deadline(), state.equals("over")));
    } else if (state.equals("reserved")) {
      hold(OpenCall.of(line, false));
    }
  }

  private void request(LogLine line) {
    if (!line.replay() && line.batch().isEmpty()) {
      hold(OpenCall.of(line, false));
    }
  }

  /** Keeps the call open, with the greater of what its lines say where these differ. */
  void hold(OpenCall call) {
    open.merge(call.id(), call, OpenCall::and);
  }

  private void response(LogLine line) {
    if (line.replay()) {
      return;
    }
    OpenCall call = open.get(line.call());
    Optional<BigDecimal> cost = line.usd("cost_usd");
    if (!line.batch().isEmpty()) {
      cost.ifPresent(usd -> ofBatch(line, usd));
      return;
    }
    if (cost.isEmpty() && (call == null || call.held())) {
      // The line holds its request again, and so the reservation where that line is unreadable.
      hold(OpenCall.of(line, true));
      return;
    }
    open.remove(line.call());
    if (cost.isPresent()) {
      add(day(line.requested()), cost.get().subtract(settled(call)));
    }
  }

  private void ofBatch(LogLine line, BigDecimal cost) {
    add(day(line.requested()), cost);
    open.computeIfPresent(
        line.batch(),
        (id, batch) -> {
          OpenCall rest = batch.without(line.reserved());
          return rest.calls() > 0 ? rest : null;
        });
  }

  private static BigDecimal settled(@Nullable OpenCall call) {
    return call == null || call.settled() == null ? BigDecimal.ZERO : call.settled();
  }

  private void settlement(LogLine line) {
    BigDecimal cost = line.usd("cost_usd").orElse(BigDecimal.ZERO);
    add(day(line.requested()), cost);
    OpenCall call = open.remove(line.call());
    if (call != null && !call.responded() && call.calls() == 0) {
      // Its answer may still come, and then counts in place of this.
      open.put(call.id(), call.settledAt(cost));
    }
  }

  void add(LocalDate day, BigDecimal usd) {
    days.merge(day, usd, BigDecimal::add);
    while (days.size() > DAYS) {
      before = before.add(days.pollFirstEntry().getValue());
    }
  }

  /** Forgets calls settled by hand whose own answer is not to be expected any more. */
  private void forgetSettled(LocalDate today) {
    LocalDate kept = today.minusDays(DAYS);
    open.values().removeIf(call -> !call.held() && day(call.requested()).isBefore(kept));
  }

  /** The local date of a moment. */
  public LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, zone);
  }

  /**
   * How the window stands that {@code now} lies in. All days from its start on count.
   *
   * @param own what the calls for one input have cost, which is all that a cap per call knows of
   */
  public Standing standing(Cap cap, Instant now, Committed own) {
    if (cap.per() == Cap.Per.CALL) {
      return new Standing(cap, own, Optional.empty());
    }
    LocalDate start = cap.per().start(now, zone);
    boolean all = days.isEmpty() || start.isBefore(days.firstKey());
    BigDecimal spent = all ? before : BigDecimal.ZERO;
    for (BigDecimal day : days.tailMap(start, true).values()) {
      spent = spent.add(day);
    }
    Committed committed = new Committed(spent, BigDecimal.ZERO, 0);
    for (OpenCall call : open.values()) {
      if (call.held() && !day(call.requested()).isBefore(start)) {
        committed = committed.holding(call.reserved(), Math.max(1, call.calls()));
      }
    }
    return new Standing(cap, committed, cap.per().end(now, zone));
  }

  /** How a window stands for a call that is the first for its input. */
  public Standing standing(Cap cap, Instant now) {
    return standing(cap, now, Committed.NOTHING);
  }

  /** The offset from which on the lines stand that were written on that date and later. */
  public long offset(LocalDate date) {
    boolean older = !offsets.isEmpty() && date.isBefore(offsets.firstKey());
    return older
        ? 0
        : offsets.tailMap(date, true).values().stream().min(Long::compare).orElse(at.end());
  }

  /** The calls that count by their reservation, oldest first. */
  public Collection<OpenCall> held() {
    return open.values().stream().filter(OpenCall::held).toList();
  }
}
