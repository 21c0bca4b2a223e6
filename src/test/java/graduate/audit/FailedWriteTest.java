package graduate.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.harness.SetClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a write or a force that failed, the process writes nothing more; the next one goes on. */
@Isolated // The log has one mutex for the whole process, and these wait for nothing.
class FailedWriteTest {
  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-11-21T08:00:00Z");
  private AuditLog log = new AuditLog(Path.of(""), clock);

  @BeforeEach
  void oneGoodLine() {
    log = new AuditLog(folder, clock);
    append(log, "a");
  }

  private LogLine append(AuditLog to, String id) {
    return Samples.append(to, entry(id));
  }

  private Entry entry(String id) {
    return Samples.request(id, clock.instant(), "0.5");
  }

  /** Appends the line {@code b} to a disk that fails; what the channel then has counted. */
  private FailingChannel fail(int room, boolean forces) throws IOException {
    FailingChannel append =
        new FailingChannel(FileChannel.open(log.path(), StandardOpenOption.APPEND), room, forces);
    LogLock lock = LogLock.take(folder.resolve("audit.lock"), () -> -1);
    try (LockedLog locked = new LockedLog(log, lock, clock.instant(), append)) {
      assertThatThrownBy(() -> Samples.append(locked, entry("b")))
          .isInstanceOf(LogException.class)
          .hasMessageStartingWith(log.path() + ": ");
      return append;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void aShortWriteIsAFailedWrite(int room) throws IOException {
    FailingChannel disk = fail(room, true);
    assertThat(disk.writes).isEqualTo(1);
    assertThat(disk.forced).isZero();
    nothingMoreIsWritten();

    assertThat(append(new AuditLog(folder, clock), "c").seq()).isEqualTo(2);
    List<String> lines = Files.readAllLines(log.path());
    assertThat(lines).hasSize(room == 0 ? 2 : 3);
    assertThat(lines.get(lines.size() - 1))
        .contains("\"id\":\"c\"", "\"prev\":\"" + Sha256.of(lines.get(0).getBytes(UTF_8)));
  }

  @Test
  void aFailedForceIsNotTriedAgain() throws IOException {
    FailingChannel disk = fail(Integer.MAX_VALUE, false);
    assertThat(disk.writes).isEqualTo(1);
    assertThat(disk.forced).isEqualTo(1);
    nothingMoreIsWritten();

    // The line is there as far as the next process can know, and counts.
    assertThat(append(new AuditLog(folder, clock), "c").seq()).isEqualTo(3);
  }

  private void nothingMoreIsWritten() throws IOException {
    byte[] before = Files.readAllBytes(log.path());
    assertThatThrownBy(() -> append(log, "c"))
        .isInstanceOf(LogException.class)
        .hasMessage(log.path() + ": not written after a failed write");
    assertThat(Files.readAllBytes(log.path())).isEqualTo(before);
  }
}
