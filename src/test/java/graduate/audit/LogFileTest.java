package graduate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.harness.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log is a plain file that nobody but its owner can read. */
class LogFileTest {
  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-11-21T08:00:00Z");

  private AuditLog append(Path in) {
    AuditLog log = new AuditLog(in, clock);
    Samples.append(log, Samples.request("a", clock.instant(), "0.5"));
    return log;
  }

  private void isRefused(AuditLog log, String message) {
    assertThatThrownBy(() -> append(folder))
        .isInstanceOf(LogException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(log::reader).isInstanceOf(LogException.class).hasMessageContaining(message);
  }

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path file = append(folder).path();
    for (Path made : new Path[] {file, folder.resolve("audit.lock")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void readingMakesNothing() throws IOException {
    Path logs = folder.resolve("logs");
    try (LogReader reader = new AuditLog(logs, clock).reader()) {
      assertThat(reader.next()).isNull();
    }
    assertThat(logs).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx--x---", "rw-rw-rw-"})
  void refusesWhatOthersMayTouchAndSaysWhatToType(String mode) throws IOException {
    AuditLog log = append(folder);
    Files.setPosixFilePermissions(log.path(), PosixFilePermissions.fromString(mode));
    isRefused(log, log.path() + ": open to others (" + mode + "). Type: chmod 600 " + log.path());
  }

  @Test
  void refusesASymbolicLink() throws IOException {
    Path other = folder.resolve("other");
    Files.createDirectory(other);
    Path elsewhere = append(other).path();
    byte[] before = Files.readAllBytes(elsewhere);
    AuditLog log = new AuditLog(folder, clock);
    Files.createSymbolicLink(log.path(), elsewhere);
    isRefused(log, log.path() + ": no regular file");
    assertThat(Files.readAllBytes(elsewhere)).isEqualTo(before);
  }

  @Test
  void refusesALinkToNothing() throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    Files.createSymbolicLink(log.path(), folder.resolve("nothing"));
    isRefused(log, "no regular file");
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void refusesAFolder() throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    Files.createDirectory(log.path());
    isRefused(log, "no regular file");
  }

  @Test
  void refusesALinkInPlaceOfTheLock() throws IOException {
    Path lock = folder.resolve("audit.lock");
    Files.createSymbolicLink(lock, folder.resolve("nothing"));
    assertThatThrownBy(() -> append(folder)).isInstanceOf(LogException.class);
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void theFolderMayBeALink() throws IOException {
    Path disk = folder.resolve("disk");
    Files.createDirectory(disk);
    Path logs = folder.resolve("logs");
    Files.createSymbolicLink(logs, disk);
    append(logs);
    assertThat(disk.resolve("audit.jsonl")).exists();
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws IOException {
    Path logs = folder.resolve("logs");
    Files.createFile(logs);
    assertThatThrownBy(() -> append(logs))
        .isInstanceOf(LogException.class)
        .hasMessageStartingWith(logs + ": cannot be made: ");
  }

  @Test
  void refusesWhereTheDiskHasNoRoom() {
    AuditLog log = new AuditLog(folder, clock);
    try (LockedLog locked = log.lock(Duration.ofSeconds(5))) {
      locked.requireRoom(1);
      assertThatThrownBy(() -> locked.requireRoom(Long.MAX_VALUE))
          .isInstanceOf(LogException.class)
          .hasMessageContaining("bytes left on the disk");
    }
  }
}
