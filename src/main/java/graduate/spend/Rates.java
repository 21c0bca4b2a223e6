package graduate.spend;

import java.math.BigDecimal;

/** What tokens cost, each in USD per million: exact decimals, never rounded. */
public record Rates(BigDecimal input, BigDecimal cached, BigDecimal cacheWrite, BigDecimal output) {

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

  boolean free() {
    return worst(1, 1).signum() == 0;
  }
}
