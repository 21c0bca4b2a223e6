package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.LogTime;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One model's prices: base rates, those above a context length, and those of service tiers. */
public final class PriceRow {
  private static final Set<String> RATES = Set.of("input", "cached_input", "cache_write", "output");
  private static final Set<String> KEYS =
      Set.of("long_context", "service_tiers", "shut_down", "checked");

  /** Digits before or behind the point: sums of longer amounts could fill the memory. */
  private static final int LONGEST_AMOUNT = 30;

  private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");

  private final String where;
  private final JsonNode row;
  private final BigDecimal factor;
  private final Rates base;

  private PriceRow(String where, JsonNode row, BigDecimal factor) {
    this.where = where;
    this.row = row;
    this.factor = factor;
    this.base = rates(where, row);
  }

  /**
   * Reads a row and checks all of it.
   *
   * @param where file, key and model, for messages
   * @throws UnusableException naming the key that is missing, unknown or no amount
   */
  static PriceRow of(String where, JsonNode row) {
    requireKeys(where, row, KEYS);
    PriceRow read = new PriceRow(where, row, BigDecimal.ONE);
    JsonNode longContext = row.path("long_context");
    if (!longContext.isMissingNode()) {
      String place = where + ".long_context";
      requireKeys(place, longContext, Set.of("above_input_tokens"));
      rates(place, longContext);
      if (!longContext.path("above_input_tokens").canConvertToLong()) {
        throw bad(place, "above_input_tokens", "a number of tokens is needed");
      }
    }
    requireTiers(where, row.path("service_tiers"));
    if (row.hasNonNull("shut_down")) {
      read.shutDown();
    }
    return read;
  }

  private static void requireTiers(String where, JsonNode tiers) {
    if (tiers.has("default") || !(tiers.isObject() || tiers.isMissingNode())) {
      throw bad(where, "service_tiers", "no object of tiers beside default: " + tiers);
    }
    for (Iterator<String> names = tiers.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      String place = where + ".service_tiers." + name;
      JsonNode tier = tiers.path(name);
      requireKeys(place, tier, Set.of("multiplier"));
      if (tier.has("multiplier")) {
        amount(place, tier, "multiplier");
      } else {
        rates(place, tier);
      }
    }
  }

  /** The same prices times {@code more}. */
  PriceRow scaled(BigDecimal more) {
    return new PriceRow(where, row, factor.multiply(more));
  }

  /**
   * The rates at which a request is billed.
   *
   * @param tier as the API names it
   * @param promptTokens of the whole request
   * @return empty where the row has no price for the tier
   */
  Optional<Rates> at(String tier, long promptTokens) {
    JsonNode longContext = row.path("long_context");
    boolean isLong =
        longContext.isObject() && promptTokens > longContext.path("above_input_tokens").asLong();
    Optional<Rates> rates = tier(tier);
    return isLong && rates.isPresent()
        ? Optional.of(stretched(rates.get(), rates(where, longContext)))
        : rates;
  }

  private Optional<Rates> tier(String tier) {
    JsonNode own = row.path("service_tiers").path(tier.equals("fast") ? "priority" : tier);
    if (tier.equals("default") || (own.isMissingNode() && base.free())) {
      return Optional.of(base.scaled(factor));
    }
    if (own.has("multiplier")) {
      return Optional.of(base.scaled(factor).scaled(amount(where, own, "multiplier")));
    }
    return own.isObject() ? Optional.of(rates(where, own).scaled(factor)) : Optional.empty();
  }

  private Rates stretched(Rates rates, Rates longBase) {
    return new Rates(
        stretched(rates.input(), base.input(), longBase.input()),
        stretched(rates.cached(), base.cached(), longBase.cached()),
        stretched(rates.cacheWrite(), base.cacheWrite(), longBase.cacheWrite()),
        stretched(rates.output(), base.output(), longBase.output()));
  }

  private BigDecimal stretched(BigDecimal rate, BigDecimal from, BigDecimal to) {
    return from.signum() == 0
        ? rate.max(to.multiply(factor))
        : rate.multiply(to).divide(from, new MathContext(20, RoundingMode.CEILING));
  }

  private static Rates rates(String where, JsonNode node) {
    BigDecimal input = amount(where, node, "input");
    return new Rates(
        input,
        node.has("cached_input") ? amount(where, node, "cached_input") : input,
        node.has("cache_write") ? amount(where, node, "cache_write") : input.multiply(CACHE_WRITE),
        amount(where, node, "output"));
  }

  private static BigDecimal amount(String where, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber()
        || value.decimalValue().signum() < 0
        || Math.abs(value.decimalValue().scale()) > LONGEST_AMOUNT) {
      throw bad(
          where, key, value.isMissingNode() ? "is missing" : "no amount of 0 or more: " + value);
    }
    return value.decimalValue();
  }

  private static void requireKeys(String where, JsonNode node, Set<String> more) {
    Set<String> known = new TreeSet<>(RATES);
    known.addAll(more);
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!known.contains(key)) {
        throw bad(where, key, "no such key; known: " + String.join(", ", known));
      }
    }
  }

  private static UnusableException bad(String where, String key, String problem) {
    return new UnusableException(where + "." + key + ": " + problem);
  }

  /** When somebody last looked these prices up; null where the row does not say. */
  public @Nullable String checked() {
    return row.path("checked").textValue();
  }

  /** The day on which the model is switched off. */
  public Optional<LocalDate> shutDown() {
    String day = row.path("shut_down").textValue();
    Optional<LocalDate> date = day == null ? Optional.empty() : LogTime.date(day);
    if (day != null && date.isEmpty()) {
      throw bad(where, "shut_down", "no date: " + row.path("shut_down"));
    }
    return date;
  }
}
