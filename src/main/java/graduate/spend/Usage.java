package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The tokens that were billed.
 *
 * @param prompt all input tokens, {@code cached} and {@code written} ones inside
 * @param cached read from the prompt cache
 * @param written to the prompt cache
 * @param completion all output tokens, reasoning ones inside
 */
public record Usage(long prompt, long cached, long written, long completion) {

  /**
   * Reads a response's {@code usage}; empty where it cannot be believed.
   *
   * @param texts choices that came with text, each of which is a token at least
   */
  public static Optional<Usage> of(JsonNode usage, int texts) {
    JsonNode details = usage.path("prompt_tokens_details");
    long prompt = count(usage.path("prompt_tokens"), -1);
    long completion = count(usage.path("completion_tokens"), -1);
    long total = count(usage.path("total_tokens"), -1);
    long cached = count(details.path("cached_tokens"), 0);
    long written = count(details.path("cache_write_tokens"), 0);
    boolean usable =
        prompt >= 1
            && completion >= texts
            && cached >= 0
            && written >= 0
            && cached + written <= prompt
            && total == prompt + completion;
    return usable ? Optional.of(new Usage(prompt, cached, written, completion)) : Optional.empty();
  }

  /** A number of tokens below 2^40, {@code absent} where there is none, else -1. */
  private static long count(JsonNode node, long absent) {
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    boolean usable = node.isIntegralNumber() && node.canConvertToLong();
    return usable && node.asLong() < 1L << 40 ? node.asLong() : -1;
  }
}
