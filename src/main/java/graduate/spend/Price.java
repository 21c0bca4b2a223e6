package graduate.spend;

import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one request can cost, and what it did.
 *
 * @param row of the model asked for
 * @param tiers that may serve it: the one asked for, and default
 */
public record Price(PriceTable table, PriceRow row, List<String> tiers) {

  /**
   * The price of a request.
   *
   * @param tier the {@code service_tier} asked for; null where there is none, so that the project's
   *     own setting decides, as with {@code auto}
   * @throws UnusableException where the model or the tier has no price
   */
  public static Price of(PriceTable table, String model, @Nullable String tier) {
    PriceRow row = table.require(model);
    String auto = tier == null || tier.equals("auto") ? "priority" : tier;
    String asked = table.hasTiers() ? auto : PriceRow.STANDARD;
    if (row.at(asked, 0).isEmpty()) {
      throw new UnusableException(
          model
              + ": no price known for service_tier "
              + (tier == null ? "auto (none is set)" : tier)
              + (asked.equals(tier) ? "" : ", which may be priority")
              + ". Set \"service_tier\": \"default\", or add the model with \"service_tiers\": {\""
              + asked
              + "\": {\"input\": USD, \"output\": USD}} to \"prices\"");
    }
    return new Price(table, row, Stream.of(asked, PriceRow.STANDARD).distinct().toList());
  }

  /** What a model costs in a batch; empty where no price is known. */
  public static Optional<Price> inBatch(PriceTable table, String model) {
    return table.row(model).map(row -> new Price(table, row, List.of(PriceRow.BATCH)));
  }

  /** The same in a batch, whose rates hold whatever tier a request or a response names. */
  public Price batch() {
    return new Price(table, row, List.of(PriceRow.BATCH));
  }

  /** The rates that so many tokens would be reserved at: those of the dearest tier. */
  public Rates reserved(long inputTokens, long outputTokens) {
    // A bound above the context limit may lie below it in truth, so both lengths are tried.
    return Stream.concat(at(row, tiers, 0), at(row, tiers, inputTokens))
        .max(Comparator.comparing(rates -> rates.worst(inputTokens, outputTokens)))
        .orElseThrow();
  }

  /** A row without the rates of a batch has its standard ones in one. */
  private Stream<Rates> at(PriceRow its, List<String> served, long promptTokens) {
    return served.stream()
        .map(tier -> its.at(tier, promptTokens))
        .map(
            rates ->
                tiers.contains(PriceRow.BATCH)
                    ? rates.or(() -> its.at(PriceRow.STANDARD, promptTokens))
                    : rates)
        .flatMap(Optional::stream);
  }

  /**
   * How many output tokens fit.
   *
   * @param usd that the request may cost at the most
   * @return 0 where not even the input fits
   */
  public long fitting(long inputTokens, long outputTokens, BigDecimal usd) {
    Rates rates = reserved(inputTokens, outputTokens);
    BigDecimal left = usd.subtract(rates.worst(inputTokens, 0)).movePointRight(6);
    return left.signum() <= 0 || rates.usd("output").signum() == 0
        ? 0
        : left.divide(rates.usd("output"), 0, RoundingMode.FLOOR)
            .min(BigDecimal.valueOf(outputTokens))
            .longValue();
  }

  /** The worst case in USD. */
  public BigDecimal worst(long inputTokens, long outputTokens) {
    return reserved(inputTokens, outputTokens).worst(inputTokens, outputTokens);
  }

  /**
   * What a call cost: by the dearer of the rows of the model asked for and of the one that
   * answered.
   *
   * @param answeredBy the response's model, null where it names none
   * @param servedAt the response's tier, null where it names none
   * @return empty where that tier has no price
   */
  public Optional<Cost> cost(Usage usage, @Nullable String answeredBy, @Nullable String servedAt) {
    boolean named = servedAt != null && table.hasTiers() && !tiers.contains(PriceRow.BATCH);
    List<String> served = named ? List.of(servedAt) : tiers;
    Stream<PriceRow> answering = Stream.ofNullable(answeredBy).flatMap(m -> table.row(m).stream());
    return Stream.concat(Stream.of(row), answering)
        .flatMap(its -> at(its, served, usage.prompt()))
        .map(rates -> new Cost(rates.cost(usage), rates.json()))
        .max(Comparator.comparing(Cost::usd));
  }
}
