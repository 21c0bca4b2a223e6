package graduate.spend;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import java.util.Optional;

/** Counts tokens as the model's own tokenizer does. Loading a vocabulary takes 200 ms or more. */
public final class TokenCounter {
  private final Encoding encoding;

  private TokenCounter(Encoding encoding) {
    this.encoding = encoding;
  }

  /** The counter of an encoding, as {@code o200k_base}; empty where that is not known. */
  public static Optional<TokenCounter> of(String encoding) {
    return Encodings.newLazyEncodingRegistry().getEncoding(encoding).map(TokenCounter::new);
  }

  /** The number of tokens in {@code text}; what looks like a special token is text. */
  public int count(String text) {
    return encoding.countTokensOrdinary(text);
  }
}
