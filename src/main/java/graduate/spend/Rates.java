package graduate.spend;

import graduate.json.StrictJson;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Set;

/** What tokens cost, each in USD per million: exact decimals, never rounded down. */
public record Rates(BigDecimal input, BigDecimal cached, BigDecimal cacheWrite, BigDecimal output) {
  static final Set<String> KEYS = Set.of("input", "cached_input", "cache_write", "output");

  private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");
  private static final MathContext DIGITS = new MathContext(20, RoundingMode.CEILING);

  /** The rates of a row, of its long context or of a tier; only input and output are required. */
  static Rates of(StrictJson json) {
    BigDecimal input = json.amount("input");
    return new Rates(
        input,
        json.amount("cached_input", input),
        json.amount("cache_write", input.multiply(CACHE_WRITE)),
        json.amount("output"));
  }

  /** The rates of a batch: none that is missing is cheaper than the standard one. */
  static Rates ofBatch(StrictJson json, Rates standard) {
    BigDecimal input = json.amount("input", standard.input);
    return new Rates(
        input,
        json.amount("cached_input", standard.cached.max(input)),
        json.amount("cache_write", standard.cacheWrite.max(input)),
        json.amount("output", standard.output));
  }

  /** The cost of {@code usage} in USD. */
  BigDecimal cost(Usage usage) {
    long plain = usage.prompt() - usage.cached() - usage.written();
    return times(plain, input)
        .add(times(usage.cached(), cached))
        .add(times(usage.written(), cacheWrite))
        .add(times(usage.completion(), output));
  }

  /** The most that so many tokens can cost in USD, whatever the prompt cache does. */
  BigDecimal worst(long inputTokens, long outputTokens) {
    return times(inputTokens, input.max(cached).max(cacheWrite)).add(times(outputTokens, output));
  }

  private static BigDecimal times(long tokens, BigDecimal perMillion) {
    return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
  }

  Rates scaled(BigDecimal factor) {
    return new Rates(
        input.multiply(factor),
        cached.multiply(factor),
        cacheWrite.multiply(factor),
        output.multiply(factor));
  }

  /** These rates, each of which grows as that of {@code from} does to that of {@code to}. */
  Rates grown(Rates from, Rates to) {
    return new Rates(
        grown(input, from.input, to.input),
        grown(cached, from.cached, to.cached),
        grown(cacheWrite, from.cacheWrite, to.cacheWrite),
        grown(output, from.output, to.output));
  }

  private static BigDecimal grown(BigDecimal rate, BigDecimal from, BigDecimal to) {
    return from.signum() == 0 ? rate.max(to) : rate.multiply(to).divide(from, DIGITS);
  }
}
