package graduate.run;

import graduate.openai.ChatResponse;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What came of an input's call, now or on the log.
 *
 * @param outcome as the log names it
 * @param response without texts where there is no answer
 * @param cost USD; null where it is not known
 */
public record Answer(String id, String outcome, ChatResponse response, @Nullable BigDecimal cost) {}
