package graduate.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/** What a reader sees of the thread that reads ahead of it. */
class AheadTest {
  private final byte[] bytes = new byte[3_000_001];

  AheadTest() {
    new Random(7).nextBytes(bytes);
  }

  @Test
  void givesTheSameBytes() throws IOException {
    try (InputStream in = new Ahead(new ByteArrayInputStream(bytes))) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void failsWhereTheStreamBeneathFails() throws IOException {
    InputStream broken = new InflaterInputStream(new ByteArrayInputStream(new byte[99]));
    InputStream beneath = new SequenceInputStream(new ByteArrayInputStream(bytes), broken);
    try (InputStream in = new Ahead(beneath)) {
      assertThat(in.readNBytes(bytes.length)).isEqualTo(bytes);
      assertThatThrownBy(() -> in.read(new byte[1], 0, 1)).hasMessage("unknown compression method");
    }
  }

  @Test
  void leavesNoThreadWhereItIsClosedEarly() throws IOException {
    try (InputStream in = new Ahead(new ByteArrayInputStream(bytes))) {
      assertThat(in.readNBytes(10)).hasSize(10);
    }

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("ahead");
  }
}
