package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.LogTime;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One model's prices, as they are written.
 *
 * @param factor by which every rate is multiplied
 */
public record PriceRow(String model, StrictJson json, BigDecimal factor) {
  static final String STANDARD = "default";
  static final String BATCH = "batch";

  private static final List<String> RATES =
      List.of("input", "cached_input", "cache_write", "output");
  private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");
  private static final MathContext DIGITS = new MathContext(20, RoundingMode.CEILING);

  /**
   * Checks all of the row.
   *
   * @throws UnusableException naming the key that is missing, unknown or no amount
   */
  void check() {
    json.only(RATES, "long_context", "service_tiers", "shut_down", "checked");
    rates(STANDARD, false);
    StrictJson tiers = json.object("service_tiers");
    for (String tier : tiers.keys()) {
      if (tier.equals(STANDARD)) {
        throw new UnusableException(tiers.place() + "default: is the row itself");
      }
      tiers.object(tier).only(RATES, "multiplier");
      rates(tier, false);
    }
    if (json.has("long_context")) {
      StrictJson longer = json.object("long_context").only(RATES, "above_input_tokens");
      if (!longer.json().path("above_input_tokens").canConvertToLong()) {
        throw longer.wrong("above_input_tokens", "a number of tokens");
      }
      rates(STANDARD, true);
    }
    if (json.has("shut_down") && shutDown().isEmpty()) {
      throw json.wrong("shut_down", "a date such as \"2027-01-14\"");
    }
  }

  /** The day on which the model is switched off. */
  public Optional<LocalDate> shutDown() {
    return json.has("shut_down") ? LogTime.date(json.text("shut_down")) : Optional.empty();
  }

  /**
   * The rates at which a request is billed.
   *
   * @param tier as the API names it
   * @param promptTokens of the whole request
   * @return empty where the row has no price for the tier
   */
  Optional<Rates> at(String tier, long promptTokens) {
    JsonNode limit = json.json().path("long_context").path("above_input_tokens");
    boolean beyond = promptTokens > limit.asLong(Long.MAX_VALUE);
    String name = tier.equals("fast") ? "priority" : tier;
    if (json.object("service_tiers").has(name)) {
      return Optional.of(rates(name, beyond));
    }
    return name.equals(STANDARD) ? Optional.of(rates(STANDARD, beyond)) : Optional.empty();
  }

  private Rates rates(String tier, boolean beyond) {
    ObjectNode rates = JsonNodeFactory.instance.objectNode().put("model", model);
    RATES.forEach(key -> rates.put(key, rate(key, tier, beyond)));
    return new Rates(rates.put("checked", json.has("checked") ? json.text("checked") : null));
  }

  private BigDecimal rate(String key, String tier, boolean beyond) {
    BigDecimal standard = rate(key, json);
    StrictJson its = tier.equals(STANDARD) ? json : json.object("service_tiers").object(tier);
    BigDecimal rate =
        its.has("multiplier")
            ? standard.multiply(its.amount("multiplier"))
            : tier.equals(BATCH) ? inBatch(key, standard, its) : rate(key, its);
    if (beyond) {
      BigDecimal longer = rate(key, json.object("long_context"));
      boolean free = standard.signum() == 0;
      rate = free ? rate.max(longer) : rate.multiply(longer).divide(standard, DIGITS);
    }
    return rate.multiply(factor);
  }

  /** A rate as it is written; only those of input and output are required. */
  private static BigDecimal rate(String key, StrictJson rates) {
    return switch (key) {
      case "cached_input" -> rates.amount(key, rates.amount("input"));
      case "cache_write" -> rates.amount(key, rates.amount("input").multiply(CACHE_WRITE));
      default -> rates.amount(key);
    };
  }

  /** A rate that is missing is neither below the standard one nor below the batch's input. */
  private BigDecimal inBatch(String key, BigDecimal standard, StrictJson rates) {
    BigDecimal input = rates.amount("input", rate("input", json));
    return rates.amount(key, key.startsWith("cache") ? standard.max(input) : standard);
  }
}
