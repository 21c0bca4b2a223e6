package graduate.run;

import graduate.audit.LogException;
import graduate.audit.RequestEntry;
import graduate.openai.ChatResponse;
import graduate.spend.Balance;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, by its last attempt.
 *
 * @param entry the last request line
 * @param cost USD; empty where the reservation stays held
 * @param balance after it; null where its response line could not be written
 * @param unrecorded why not; null where it was
 * @param stopped why no further attempt was made though one was due; null where none was
 */
public record Result(
    RequestEntry entry,
    ChatResponse response,
    Optional<BigDecimal> cost,
    @Nullable Balance balance,
    @Nullable LogException unrecorded,
    @Nullable RuntimeException stopped) {

  Result stoppedBy(RuntimeException why) {
    return new Result(entry, response, cost, balance, unrecorded, why);
  }
}
