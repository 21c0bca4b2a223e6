package graduate.compare;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The answer that is to be judged, and what is known of the call that brought it.
 *
 * @param text the answer, unchanged
 * @param model the model that answered, or null where it came from a file
 * @param call the id of the call's log lines, or null where there is no call
 * @param replay whether this is ChatGPT's own saved answer, played back
 * @param costUsd what the call cost in USD, or null where nothing is known
 * @param elapsed how long the call took, or null where nothing is known
 * @param time when the call was made, in the zone to show it in, or null
 */
public record NewAnswer(
    String text,
    @Nullable String model,
    @Nullable String call,
    boolean replay,
    @Nullable BigDecimal costUsd,
    @Nullable Duration elapsed,
    @Nullable ZonedDateTime time) {

  /** An answer from a file: nothing but its text is known. */
  public static NewAnswer ofFile(String text) {
    return new NewAnswer(text, null, null, false, null, null, null);
  }
}
