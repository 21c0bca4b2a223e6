package graduate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.harness.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** One writer at a time, whatever becomes of the lock file. */
@Isolated // The log has one mutex for the whole process, and these wait for nothing.
class LogLockTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-11-21T08:00:00Z");

  private Entry entry(String id) {
    return Samples.request(id, clock.instant(), "0.5");
  }

  private long lines() {
    try (LogReader reader = new AuditLog(folder, clock).reader()) {
      while (reader.next() != null) {}
      assertThat(reader.pieces()).isEmpty();
      return reader.position().seq();
    }
  }

  @Test
  void threadsTakeTurns() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      AuditLog log = new AuditLog(folder, clock);
      String name = "t" + t;
      done.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  LogLine unused = Samples.append(log, entry(name));
                }
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    threads.shutdown();
    assertThat(lines()).isEqualTo(80);
  }

  @Test
  void waitsNoLongerThanItMay() throws Exception {
    AuditLog log = new AuditLog(folder, clock);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    Future<?> holder =
        other.submit(
            () -> {
              try (LockedLog locked = log.lock(WAIT)) {
                held.countDown();
                release.await();
                return Samples.append(locked, entry("a"));
              }
            });
    held.await();
    for (Duration wait : List.of(Duration.ZERO, Duration.ofSeconds(-5), Duration.ofMillis(5))) {
      isLocked(log, wait);
    }
    // Whoever waits, and whoever comes later, gives up soon once the process is about to end.
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              isLocked(log, Duration.ofDays(1));
              return true;
            });
    new Thread(waiting, "waiting").start();
    log.hurry();
    assertThat(waiting.get()).isTrue();
    isLocked(log, Duration.ofDays(1));
    release.countDown();
    holder.get();
    other.shutdown();
    AuditLog next = new AuditLog(folder, clock);
    try (LockedLog locked = next.lock(Duration.ZERO)) {
      Samples.append(locked, entry("b"));
    }
    assertThat(lines()).isEqualTo(2);
  }

  private void isLocked(AuditLog log, Duration wait) {
    assertThatThrownBy(() -> log.lock(wait))
        .isInstanceOf(LogException.class)
        .hasMessage(folder.resolve("audit.lock") + ": locked by another run");
  }

  @Test
  void aLockFileDeletedBeforeTheLineIsWrittenIsRefused() throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    try (LockedLog locked = log.lock(WAIT)) {
      Files.delete(folder.resolve("audit.lock"));
      assertThatThrownBy(() -> Samples.append(locked, entry("a")))
          .isInstanceOf(LogException.class)
          .hasMessage(folder.resolve("audit.lock") + ": deleted while a run held it. Run again");
    }
    assertThat(log.path()).isEmptyFile();
    Samples.append(log, entry("a"));
    assertThat(lines()).isEqualTo(1);
  }

  @Test
  void aLogThatGrewBehindTheReaderIsRefused() throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    Samples.append(log, entry("a"));
    try (LockedLog locked = log.lock(WAIT)) {
      while (locked.reader().next() != null) {}
      Files.writeString(log.path(), "x", StandardOpenOption.APPEND);
      byte[] before = Files.readAllBytes(log.path());
      assertThatThrownBy(() -> locked.write(entry("b")))
          .isInstanceOf(LogException.class)
          .hasMessageContaining("another wrote to it without the lock");
      assertThat(Files.readAllBytes(log.path())).isEqualTo(before);
    }
  }
}
