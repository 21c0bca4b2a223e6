package graduate.spend;

import graduate.audit.LogTime;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One model's prices.
 *
 * @param base the rates of the default tier
 * @param tiers those of each other tier
 * @param limit input tokens above which a request is a long one
 * @param beyond the base rates of long requests
 * @param shutDown the day on which the model is switched off
 * @param checked when somebody last looked these prices up; null where the row does not say
 */
public record PriceRow(
    Rates base,
    Map<String, Rates> tiers,
    long limit,
    Rates beyond,
    Optional<LocalDate> shutDown,
    @Nullable String checked) {
  static final String BATCH = "batch";

  /**
   * Reads a row and checks all of it.
   *
   * @param factor by which every rate is multiplied
   * @throws UnusableException naming the key that is missing, unknown or no amount
   */
  static PriceRow of(StrictJson row, BigDecimal factor) {
    only(row, "long_context", "service_tiers", "shut_down", "checked");
    Rates base = Rates.of(row);
    Map<String, Rates> tiers = new HashMap<>();
    StrictJson others = row.object("service_tiers");
    for (String tier : others.keys()) {
      tiers.put(tier, tier(tier, others.object(tier), base).scaled(factor));
    }
    if (others.has("default")) {
      throw new UnusableException(others.place() + "default: is the row itself");
    }
    StrictJson longer = row.object("long_context");
    boolean isLonger = row.has("long_context");
    return new PriceRow(
        base.scaled(factor),
        tiers,
        isLonger ? limit(longer) : Long.MAX_VALUE,
        (isLonger ? Rates.of(longer) : base).scaled(factor),
        row.has("shut_down") ? Optional.of(date(row)) : Optional.empty(),
        row.has("checked") ? row.text("checked", "") : null);
  }

  private static void only(StrictJson json, String... more) {
    Set<String> keys = new TreeSet<>(Rates.KEYS);
    keys.addAll(Set.of(more));
    json.only(keys);
  }

  private static Rates tier(String name, StrictJson tier, Rates base) {
    only(tier, "multiplier");
    if (tier.has("multiplier")) {
      return base.scaled(tier.amount("multiplier"));
    }
    return name.equals(BATCH) ? Rates.ofBatch(tier, base) : Rates.of(tier);
  }

  private static long limit(StrictJson longer) {
    only(longer, "above_input_tokens");
    if (!longer.json().path("above_input_tokens").canConvertToLong()) {
      throw longer.wrong("above_input_tokens", "a number of tokens");
    }
    return longer.json().path("above_input_tokens").asLong();
  }

  private static LocalDate date(StrictJson row) {
    return LogTime.date(row.text("shut_down", ""))
        .orElseThrow(() -> row.wrong("shut_down", "a date such as \"2027-01-14\""));
  }

  /**
   * The rates at which a request is billed.
   *
   * @param tier as the API names it
   * @param promptTokens of the whole request
   * @return empty where the row has no price for the tier
   */
  Optional<Rates> at(String tier, long promptTokens) {
    Rates rates =
        tier.equals("default") ? base : tiers.get(tier.equals("fast") ? "priority" : tier);
    return Optional.ofNullable(rates)
        .map(found -> promptTokens > limit ? found.grown(base, beyond) : found);
  }
}
