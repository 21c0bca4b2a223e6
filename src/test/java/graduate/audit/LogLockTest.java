package graduate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer at a time, whatever becomes of the lock file. */
class LogLockTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Samples.SetClock clock = new Samples.SetClock("2026-11-21T08:00:00Z");

  private LogReader end(LogWriter writer) throws IOException {
    LogReader reader = LogReader.fromStart(writer.channel(), folder.resolve("audit.jsonl"));
    while (reader.next() != null) {}
    return reader;
  }

  private LogWriter.Appended append(LogWriter writer, String id) throws IOException {
    return writer.append(end(writer), Samples.request(id, clock.instant(), "0.5"));
  }

  private long lines() {
    return new AuditLog(folder, clock)
        .<Long>read(
            channel -> {
              LogReader reader =
                  LogReader.fromStart(channel.orElseThrow(), folder.resolve("audit.jsonl"));
              while (reader.next() != null) {}
              assertThat(reader.torn()).isEmpty();
              return reader.position().seq();
            });
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
                  log.write(WAIT, writer -> append(writer, name));
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
            () ->
                log.write(
                    WAIT,
                    writer -> {
                      held.countDown();
                      awaitQuietly(release);
                      return append(writer, "a");
                    }));
    held.await();
    for (Duration wait : List.of(Duration.ZERO, Duration.ofSeconds(-5), Duration.ofMillis(5))) {
      assertThatThrownBy(() -> log.write(wait, writer -> append(writer, "b")))
          .isInstanceOf(LogException.class)
          .hasMessage(folder.resolve("audit.lock") + ": locked by another run");
    }
    release.countDown();
    holder.get();
    other.shutdown();
    log.write(Duration.ZERO, writer -> append(writer, "b"));
    assertThat(lines()).isEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aLockFileDeletedWhileHeldStartsTheWorkAgain() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    new AuditLog(folder, clock)
        .write(
            WAIT,
            writer -> {
              LogReader end = end(writer);
              if (tries.incrementAndGet() == 1) {
                Files.delete(folder.resolve("audit.lock"));
              }
              return writer.append(end, Samples.request("a", clock.instant(), "0.5"));
            });
    assertThat(tries.get()).isEqualTo(2);
    assertThat(lines()).isEqualTo(1);
    assertThat(folder.resolve("audit.lock")).exists();
  }

  @Test
  void aLogThatGrewBehindTheReaderStartsTheWorkAgain() throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    log.write(WAIT, writer -> append(writer, "a"));
    Path copy = folder.resolve("copy");
    Files.createDirectory(copy);
    Files.copy(log.path(), copy.resolve("audit.jsonl"));
    AuditLog elsewhere = new AuditLog(copy, clock);
    elsewhere.write(
        WAIT,
        writer ->
            writer.append(
                endOf(writer, elsewhere.path()), Samples.request("b", clock.instant(), "0.5")));
    byte[] both = Files.readAllBytes(elsewhere.path());

    AtomicInteger tries = new AtomicInteger();
    log.write(
        WAIT,
        writer -> {
          LogReader end = end(writer);
          if (tries.incrementAndGet() == 1) {
            Files.write(
                log.path(),
                Arrays.copyOfRange(both, (int) end.position().end(), both.length),
                StandardOpenOption.APPEND);
          }
          return writer.append(end, Samples.request("c", clock.instant(), "0.5"));
        });
    assertThat(tries.get()).isEqualTo(2);
    assertThat(lines()).isEqualTo(3);
  }

  private static LogReader endOf(LogWriter writer, Path path) throws IOException {
    LogReader reader = LogReader.fromStart(writer.channel(), path);
    while (reader.next() != null) {}
    return reader;
  }
}
