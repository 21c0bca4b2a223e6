package graduate.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * What tokens of one request cost, each in USD per million: exact decimals, never rounded down.
 *
 * @param json as the log holds them, with the model whose row says so
 */
public record Rates(ObjectNode json) {

  /** The rate of {@code input}, {@code cached_input}, {@code cache_write} or {@code output}. */
  public BigDecimal usd(String key) {
    return json.path(key).decimalValue();
  }

  /** The cost of {@code usage} in USD. */
  BigDecimal cost(Usage usage) {
    long plain = usage.prompt() - usage.cached() - usage.written();
    return times(plain, usd("input"))
        .add(times(usage.cached(), usd("cached_input")))
        .add(times(usage.written(), usd("cache_write")))
        .add(times(usage.completion(), usd("output")));
  }

  /** The most that so many tokens can cost in USD, whatever the prompt cache does. */
  BigDecimal worst(long inputTokens, long outputTokens) {
    BigDecimal dearest = usd("input").max(usd("cached_input")).max(usd("cache_write"));
    return times(inputTokens, dearest).add(times(outputTokens, usd("output")));
  }

  private static BigDecimal times(long tokens, BigDecimal perMillion) {
    return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
  }
}
