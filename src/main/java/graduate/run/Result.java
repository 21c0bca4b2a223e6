package graduate.run;

import graduate.audit.LogLine;
import graduate.openai.ChatResponse;
import graduate.spend.Balance;
import graduate.spend.Committed;
import graduate.spend.Cost;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param request the last attempt's line
 * @param response what it brought
 * @param cost of the last attempt; empty where its reservation stays held
 * @param committed what all attempts come to
 * @param balance after the last; null where its response line could not be written
 * @param unrecorded why not; null where it was
 * @param stopped why no further attempt was made though one was due; null where none was
 */
public record Result(
    LogLine request,
    ChatResponse response,
    Optional<Cost> cost,
    Committed committed,
    @Nullable Balance balance,
    @Nullable Throwable unrecorded,
    @Nullable RuntimeException stopped) {

  Result(LogLine request, ChatResponse response, Optional<Cost> cost, Committed before) {
    this(
        request,
        response,
        cost,
        cost.map(known -> before.spending(known.usd()))
            .orElseGet(() -> before.holding(request.reserved())),
        null,
        null,
        null);
  }

  /** What it brought, as the log has it. */
  public Answer answer() {
    return new Answer(
        request.id(), response.outcome().toString(), response, cost.map(Cost::usd).orElse(null));
  }

  /** How many attempts there were. */
  public int attempt() {
    return request.field("attempt").asInt();
  }

  /** When the run gives up. */
  public Instant deadline() {
    return request.deadline();
  }

  /** Whether a second attempt may bring an answer, and this one is on the log. */
  boolean isRetryable() {
    return unrecorded == null && response.retryable();
  }

  Result recorded(Balance after) {
    return new Result(request, response, cost, committed, after, null, null);
  }

  /** The answer is in hand and not on the log: its reservation counts, whatever it cost. */
  Result unrecorded(Throwable why) {
    return new Result(request, response, cost, committed, null, why, null);
  }

  Result stoppedBy(RuntimeException why) {
    return new Result(request, response, cost, committed, balance, unrecorded, why);
  }
}
