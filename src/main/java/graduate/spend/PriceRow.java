package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One model's prices: base rates, those above a context length, and those of service tiers. */
public final class PriceRow {
  private static final Set<String> RATES = Set.of("input", "cached_input", "cache_write", "output");
  private static final Set<String> KEYS =
      Set.of("long_context", "service_tiers", "shut_down", "checked", "encoding");
  private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");

  private final String where;
  private final JsonNode row;
  private final BigDecimal factor;
  private final Rates base;

  private PriceRow(String where, JsonNode row, BigDecimal factor) {
    this.where = where;
    this.row = row;
    this.factor = factor;
    this.base = rates(row);
  }

  /**
   * Reads a row and checks all of it.
   *
   * @param where file, key and model, for messages
   * @throws PriceException naming the key that is missing, unknown or no amount
   */
  static PriceRow of(String where, JsonNode row) {
    PriceRow read = new PriceRow(where, row, BigDecimal.ONE);
    read.requireKeys(row, Set.of());
    JsonNode longContext = row.path("long_context");
    if (!longContext.isMissingNode()) {
      read.rates(longContext);
      if (!longContext.path("above_input_tokens").canConvertToLong()) {
        throw read.bad("long_context.above_input_tokens", "a number of tokens is needed");
      }
    }
    for (Iterator<String> tiers = row.path("service_tiers").fieldNames(); tiers.hasNext(); ) {
      String tier = tiers.next();
      if (read.at(tier, Long.MAX_VALUE).isEmpty()) {
        throw read.bad("service_tiers." + tier, "no rates");
      }
    }
    if (row.hasNonNull("shut_down")) {
      read.shutDown();
    }
    return read;
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
    return tier(tier).map(rates -> isLong ? stretched(rates, rates(longContext)) : rates);
  }

  private Optional<Rates> tier(String tier) {
    JsonNode own = row.path("service_tiers").path(tier.equals("fast") ? "priority" : tier);
    if (tier.equals("default") || base.free()) {
      return Optional.of(base.scaled(factor));
    }
    if (own.has("multiplier")) {
      return Optional.of(base.scaled(factor).scaled(amount(own, "multiplier")));
    }
    return own.isObject() ? Optional.of(rates(own).scaled(factor)) : Optional.empty();
  }

  private Rates stretched(Rates rates, Rates longBase) {
    return new Rates(
        stretched(rates.input(), base.input(), longBase.input()),
        stretched(rates.cached(), base.cached(), longBase.cached()),
        stretched(rates.cacheWrite(), base.cacheWrite(), longBase.cacheWrite()),
        stretched(rates.output(), base.output(), longBase.output()));
  }

  private static BigDecimal stretched(BigDecimal rate, BigDecimal from, BigDecimal to) {
    return from.signum() == 0
        ? to
        : rate.multiply(to).divide(from, new MathContext(20, RoundingMode.CEILING));
  }

  private Rates rates(JsonNode node) {
    BigDecimal input = amount(node, "input");
    return new Rates(
        input,
        node.has("cached_input") ? amount(node, "cached_input") : input,
        node.has("cache_write") ? amount(node, "cache_write") : input.multiply(CACHE_WRITE),
        amount(node, "output"));
  }

  private BigDecimal amount(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber() || value.decimalValue().signum() < 0) {
      throw bad(key, value.isMissingNode() ? "is missing" : "no amount of 0 or more: " + value);
    }
    return value.decimalValue();
  }

  private void requireKeys(JsonNode node, Set<String> more) {
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!RATES.contains(key) && !KEYS.contains(key) && !more.contains(key)) {
        throw bad(
            key,
            "no such key; known: input, output, cached_input, cache_write, "
                + String.join(
                    ", ",
                    List.of("long_context", "service_tiers", "shut_down", "checked", "encoding")));
      }
    }
  }

  private PriceException bad(String key, String problem) {
    return new PriceException(where + "." + key + ": " + problem);
  }

  /** The tokenizer's encoding, where it is publicly known. */
  public Optional<String> encoding() {
    return Optional.ofNullable(row.path("encoding").textValue());
  }

  /** When somebody last looked these prices up; null where the row does not say. */
  public @Nullable String checked() {
    return row.path("checked").textValue();
  }

  /** The day on which the model is switched off. */
  public Optional<LocalDate> shutDown() {
    try {
      return Optional.ofNullable(row.path("shut_down").textValue()).map(LocalDate::parse);
    } catch (DateTimeParseException e) {
      throw bad("shut_down", "no date: " + row.path("shut_down"));
    }
  }
}
