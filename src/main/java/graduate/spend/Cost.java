package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost.
 *
 * @param price the rates that say so, as the log holds them; null where it cost nothing
 */
public record Cost(BigDecimal usd, @Nullable JsonNode price) {
  public static final Cost NOTHING = new Cost(BigDecimal.ZERO, null);
}
