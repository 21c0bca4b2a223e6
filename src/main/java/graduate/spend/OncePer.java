package graduate.spend;

import graduate.audit.Asked;
import graduate.audit.LogLine;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** A wish to ask the same thing at most once in a window, whatever its files are called. */
public final class OncePer {
  private final Ledger ledger;
  private final Cap.Per per;
  private final Asked asked;
  private final Map<String, Call> calls = new HashMap<>();
  private long next = -1;

  /** A call that asked this. */
  private record Call(Instant requested, Instant deadline, boolean over, boolean answered) {}

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
    boolean response = line.type().equals("response");
    if ((response || line.type().equals("request"))
        && !line.replay()
        && line.asked().equals(asked)) {
      boolean answered = line.text("outcome").equals("answered");
      calls.put(line.call(), new Call(line.requested(), line.deadline(), response, answered));
    }
  }

  /**
   * Whether a call of this window was answered, or may still be running. Reads what the log has got
   * since {@link #read}.
   */
  public boolean isDone(Session session) {
    next = ledger.log().each(next, this::take);
    LocalDate start = start(session.now());
    for (Call call : calls.values()) {
      boolean running = !call.over() && !session.now().isAfter(call.deadline());
      if ((call.answered() || running) && !ledger.day(call.requested()).isBefore(start)) {
        return true;
      }
    }
    return false;
  }
}
