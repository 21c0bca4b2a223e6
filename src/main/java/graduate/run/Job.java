package graduate.run;

import graduate.audit.Sha256;
import graduate.audit.Source;
import graduate.openai.ChatRequest;
import graduate.prompt.Text;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.OncePer;
import graduate.spend.Price;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one run is about, before it asks for admission.
 *
 * @param input null where there is none
 * @param price null where none is known, which only a replay allows
 * @param inputBound the most tokens that the input can be
 * @param caps all of which must hold
 * @param once null where every run calls
 * @param retry attempts after the first
 * @param maxTime for all attempts together
 */
public record Job(
    Source prompt,
    @Nullable Source input,
    ChatRequest request,
    @Nullable Price price,
    long inputBound,
    boolean replay,
    List<Cap> caps,
    @Nullable OncePer once,
    int retry,
    Duration maxTime) {

  /** Where a text stands and what it is. */
  public static Source source(Text text) {
    return new Source(text.path(), Sha256.of(text.bytes()));
  }

  /** The key under which the ledger knows this prompt and input. */
  public static String texts(Source prompt, @Nullable Source input) {
    return Balance.texts(prompt.sha256(), input == null ? null : input.sha256());
  }

  /** What one attempt can cost at the most, USD; 0 for a replay. */
  public BigDecimal worst() {
    return replay || price == null
        ? BigDecimal.ZERO
        : price.worst(inputBound, request.completions());
  }
}
