package graduate.spend;

import graduate.audit.Asked;
import graduate.audit.LogLine;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A wish to ask the same thing at most once in a window, whatever its files are called. */
public final class OncePer {
  private final Cap.Per per;
  private final Asked asked;
  private final Map<String, Call> calls = new HashMap<>();
  private long next = -1;

  /** A call that asked this. */
  private record Call(Instant requested, Instant deadline, boolean over, boolean answered) {}

  /** At most once in each window of {@code per}. */
  public OncePer(Cap.Per per, Asked asked) {
    this.per = per;
    this.asked = asked;
  }

  /**
   * Reads the lines that the log has of the window, so that little is left to do under the lock.
   */
  public void read(Ledger ledger, Instant now) {
    next = ledger.log().each(ledger.offset(start(ledger, now)), this::take);
  }

  private LocalDate start(Ledger ledger, Instant now) {
    return per.start(now, ledger.zone());
  }

  private void take(LogLine line) {
    boolean response = line.type().equals("response");
    if ((response || line.type().equals("request"))
        && !line.replay()
        && line.asked().equals(asked)) {
      Instant deadline = line.time("deadline").orElse(line.requested());
      boolean answered = line.text("outcome").equals("answered");
      calls.put(line.call(), new Call(line.requested(), deadline, response, answered));
    }
  }

  /**
   * The call that makes another needless: one of this window that was answered, or may still be
   * running. Reads what the log has got since {@link #read}.
   */
  public Optional<String> done(Ledger ledger, Session session) {
    next = ledger.log().each(next, this::take);
    LocalDate start = start(ledger, session.now());
    for (Map.Entry<String, Call> call : calls.entrySet()) {
      Call known = call.getValue();
      boolean running = !known.over() && !session.now().isAfter(known.deadline());
      if ((known.answered() || running)
          && !session.balance().day(known.requested()).isBefore(start)) {
        return Optional.of(call.getKey());
      }
    }
    return Optional.empty();
  }
}
