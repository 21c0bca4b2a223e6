package graduate.spend;

import graduate.audit.Asked;
import graduate.audit.LogLine;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A wish to ask the same thing at most once in a window, whatever its files are called. */
public final class OncePer {
  private final Ledger ledger;
  private final Cap.Per per;
  private final Asked asked;

  /** The calls without a response line. */
  private final Map<String, OpenCall> open = new HashMap<>();

  /** When those were requested that are answered. */
  private final List<Instant> answered = new ArrayList<>();

  private long next = -1;

  /** At most once in each window of {@code per}. */
  public OncePer(Ledger ledger, Cap.Per per, Asked asked) {
    this.ledger = ledger;
    this.per = per;
    this.asked = asked;
  }

  /**
   * Reads the lines that the log has of the window, so that little is left to do under the lock.
   */
  public void read(Instant now) {
    next = ledger.log().each(ledger.balance().offset(start(now)), this::take);
  }

  private LocalDate start(Instant now) {
    return per.start(now, ledger.zone());
  }

  private void take(LogLine line) {
    if (line.replay() || !line.asked().equals(asked)) {
      return;
    }
    if (line.type().equals("request")) {
      open.put(line.call(), OpenCall.of(line, false));
    } else if (line.type().equals("response")) {
      open.remove(line.call());
      if (line.text("outcome").equals("answered")) {
        answered.add(line.requested());
      }
    }
  }

  /**
   * Whether a call of this window was answered, or may still be running. Reads what the log has got
   * since {@link #read}.
   */
  public boolean isDone(Session session) {
    next = ledger.log().each(next, this::take);
    LocalDate start = start(session.now());
    Stream<Instant> running =
        open.values().stream()
            .filter(call -> call.inFlight(session.now()))
            .map(OpenCall::requested);
    return Stream.concat(answered.stream(), running)
        .anyMatch(requested -> !ledger.day(requested).isBefore(start));
  }
}
