package graduate.run;

import graduate.audit.Asked;
import graduate.audit.Entry;
import graduate.audit.Sha256;
import graduate.audit.Source;
import graduate.openai.ChatRequest;
import graduate.openai.ChatResponse;
import graduate.openai.Outcome;
import graduate.prompt.Text;
import graduate.spend.Cap;
import graduate.spend.Cost;
import graduate.spend.Price;
import graduate.spend.Session;
import graduate.spend.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that one run is about, before it asks for admission.
 *
 * @param input null where there is none
 * @param end what follows the input; null where nothing does
 * @param price null where none is known, which only a replay allows
 * @param caps all of which must hold
 * @param retry attempts after the first
 * @param maxTime for all attempts together
 */
public record Job(
    Source prompt,
    @Nullable Source input,
    @Nullable Source end,
    ChatRequest request,
    @Nullable Price price,
    boolean replay,
    List<Cap> caps,
    int retry,
    Duration maxTime) {
  private static final long LINE_ROOM = 16 << 10;

  /** Bytes of disk for each token that may come: answers seldom use half of what they may. */
  private static final long TOKEN_ROOM = 2;

  /** Where a text stands and what it is. */
  public static Source source(Text text) {
    return new Source(text.path(), Sha256.of(text.bytes()));
  }

  /** What is asked, whatever the files are called. */
  public Asked asked() {
    return new Asked(prompt.sha256(), hash(input), hash(end));
  }

  private static String hash(@Nullable Source source) {
    return source == null ? "" : source.sha256();
  }

  /** The same for another input, under other caps. */
  public Job asking(Source other, ChatRequest body, List<Cap> all) {
    return new Job(prompt, other, end, body, price, replay, all, retry, maxTime);
  }

  /** The same at a batch's price. */
  public Job batch() {
    Price rates = price == null ? null : price.batch();
    return new Job(prompt, input, end, request, rates, replay, caps, retry, maxTime);
  }

  /** What one attempt can cost at the most, USD; 0 for a replay. */
  public BigDecimal worst() {
    return replay || price == null
        ? BigDecimal.ZERO
        : price.worst(request.inputBound(), request.completions());
  }

  /** The limit of tokens with which the call would fit into so many USD; 0 where none does. */
  public long fittingLimit(BigDecimal usd) {
    return price == null
        ? 0
        : price.fitting(request.inputBound(), request.completions(), usd) / request.choices();
  }

  /** Bytes that the log may need for one attempt. */
  long room() {
    return 2L * request.body().length + TOKEN_ROOM * request.completions() + LINE_ROOM;
  }

  /** The line of an attempt that is about to be made. */
  Entry attempt(Session session, String run, int attempt, Instant deadline, String endpoint) {
    return line(session, run, attempt, deadline, null, endpoint);
  }

  /** The line of a call in a batch. */
  Entry inBatch(Session session, String run, String batch, String endpoint) {
    return line(session, run, 1, null, batch, endpoint);
  }

  private Entry line(
      Session session,
      String run,
      int attempt,
      @Nullable Instant deadline,
      @Nullable String batch,
      String endpoint) {
    return new Entry("request", session.newId())
        .put("run", run)
        .put("attempt", attempt)
        .put("prompt", prompt)
        .put("input", input)
        .put("end", end)
        .put("endpoint", endpoint)
        .put("request", request.body())
        .put("replay", replay)
        .put("deadline", deadline)
        .put("batch", batch)
        .put(
            "price",
            price == null
                ? null
                : price.reserved(request.inputBound(), request.completions()).json())
        .put("reserved_usd", worst());
  }

  /** What an attempt cost; empty where that is not known, so that its reservation stays held. */
  Optional<Cost> cost(ChatResponse response) {
    return replay ? Optional.of(Cost.NOTHING) : cost(response, price, worst());
  }

  /** The same for a call with that price and that worst case. */
  static Optional<Cost> cost(ChatResponse response, @Nullable Price price, BigDecimal worst) {
    if (response.unbilled()) {
      return Optional.of(Cost.NOTHING);
    }
    Optional<Cost> cost = wouldCost(response, price);
    // What can't cost anything did not, though nobody counted.
    return cost.isEmpty() && worst.signum() == 0 ? Optional.of(Cost.NOTHING) : cost;
  }

  /** What the response's usage comes to; empty where that cannot be known. */
  public Optional<Cost> wouldCost(ChatResponse response) {
    return wouldCost(response, price);
  }

  private static Optional<Cost> wouldCost(ChatResponse response, @Nullable Price known) {
    boolean answer =
        response.outcome() == Outcome.ANSWERED
            || response.outcome() == Outcome.INCOMPLETE
            || (response.reply().status() / 100 == 2 && response.reply().problem() == null);
    if (known == null || !answer) {
      return Optional.empty();
    }
    return Usage.of(response.usage(), response.texts().size())
        .flatMap(
            usage ->
                known.cost(usage, response.model().orElse(null), response.tier().orElse(null)));
  }
}
