package graduate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
  /** Nothing was sent then: what fails after that has an exception of its own. */
  @Test
  void whatFailsBeforeARequestOrWithoutOneIs3() {
    IOException bind = new BindException("Cannot assign requested address");
    for (Exception e : List.of(bind, new UncheckedIOException(bind))) {
      assertThat(Failure.of(e))
          .isEqualTo(new Failure(3, "Cannot assign requested address", ": a file failed"));
    }
    assertThat(Failure.of(new AccessDeniedException("prompts")).exit()).isEqualTo(3);
    assertThat(Failure.of(new AccessDeniedException("prompts")).line())
        .isEqualTo("prompts: permission denied");
    assertThat(Failure.of(new OutputException(new IOException("No space left"))).exit())
        .isEqualTo(3);
  }
}
