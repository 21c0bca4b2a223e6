package graduate.spend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one request can cost, and what it did.
 *
 * @param model asked for
 * @param tiers that may serve it: the one asked for, and default
 */
public record Price(PriceTable table, String model, PriceRow row, List<String> tiers) {

  /**
   * The price of a request.
   *
   * @param tier the {@code service_tier} asked for; null where there is none, so that the project's
   *     own setting decides, as with {@code auto}
   * @throws PriceException where the model or the tier has no price
   */
  public static Price of(PriceTable table, String model, @Nullable String tier) {
    PriceRow row = table.require(model);
    String asked = tier == null || tier.equals("auto") ? "priority" : tier;
    if (row.at(asked, 0).isEmpty()) {
      throw new PriceException(
          model
              + ": no price known for service_tier "
              + (tier == null ? "auto (none is set)" : tier)
              + (asked.equals(tier) ? "" : ", which may be priority")
              + ". Set \"service_tier\": \"default\", or add the model with \"service_tiers\": {\""
              + asked
              + "\": {\"input\": USD, \"output\": USD}} to \"prices\"");
    }
    return new Price(table, model, row, Stream.of(asked, "default").distinct().toList());
  }

  /** The rates that so many tokens would be reserved at: those of the dearest tier. */
  public Rates reserved(long inputTokens, long outputTokens) {
    // A bound above the context limit may lie below it in truth, so both lengths are tried.
    return tiers.stream()
        .flatMap(tier -> Stream.of(row.at(tier, 0), row.at(tier, inputTokens)))
        .flatMap(Optional::stream)
        .max(
            (a, b) ->
                a.worst(inputTokens, outputTokens).compareTo(b.worst(inputTokens, outputTokens)))
        .orElseThrow();
  }

  /** The worst case in USD. */
  public BigDecimal worst(long inputTokens, long outputTokens) {
    return reserved(inputTokens, outputTokens).worst(inputTokens, outputTokens);
  }

  /**
   * What a call cost in USD.
   *
   * @param answeredBy the response's model, null where it names none
   * @param servedAt the response's tier, null where it names none
   * @return empty where that tier has no price
   */
  public Optional<BigDecimal> cost(
      Usage usage, @Nullable String answeredBy, @Nullable String servedAt) {
    List<String> served = servedAt == null ? tiers : List.of(servedAt);
    Optional<PriceRow> other =
        answeredBy == null || answeredBy.equals(model) ? Optional.empty() : table.row(answeredBy);
    return Stream.concat(Stream.of(row), other.stream())
        .flatMap(from -> served.stream().map(tier -> from.at(tier, usage.prompt())))
        .flatMap(Optional::stream)
        .map(rates -> rates.cost(usage))
        .max(BigDecimal::compareTo);
  }

  /** The rates that a reservation is made with, as the log holds them. */
  public ObjectNode json(long inputTokens, long outputTokens) {
    Rates rates = reserved(inputTokens, outputTokens);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", model);
    json.put("input", rates.input());
    json.put("cached_input", rates.cached());
    json.put("cache_write", rates.cacheWrite());
    json.put("output", rates.output());
    json.put("checked", row.checked());
    return json;
  }

  /** The tokenizer's encoding, where it is known and the host is the model's own. */
  public Optional<String> encoding() {
    return table.isAtOpenAi() ? row.encoding() : Optional.empty();
  }
}
