package graduate.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt brought, whatever it was.
 *
 * @param sent whether a byte of the request may have been written
 * @param status the HTTP status, 0 where none came
 * @param headers those worth keeping, in lower case
 * @param body as far as it came; null where nothing did
 * @param problem why it ended early; null where the response is whole
 * @param elapsedMs from the first try to connect
 */
public record Reply(
    boolean sent,
    int status,
    Map<String, String> headers,
    byte @Nullable [] body,
    @Nullable String problem,
    long elapsedMs) {

  /** One that has nothing but its problem. */
  public static Reply none(boolean sent, String problem) {
    return new Reply(sent, 0, Map.of(), null, problem, 0);
  }
}
