package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A number that no decimal can hold is no reason to lose an answer. */
class ChatResponseNumbersTest {
  @Test
  void aBodyWithSuchANumberIsReadAsNone() {
    byte[] body = "{\"choices\":[{}],\"x\":1e99999999999}".getBytes(StandardCharsets.UTF_8);
    assertThat(ChatResponse.of(body).json().isMissingNode()).isTrue();
    assertThat(ChatResponse.of(body).outcome()).isEqualTo(Outcome.FAILED);
  }
}
