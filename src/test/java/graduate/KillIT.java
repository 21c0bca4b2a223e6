package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Accounts;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that ends at a step of its call, by kill -9 or by a signal that it can answer; what it
 * says then is in SignalIT, for each signal.
 */
class KillIT {

  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    program.prompt("graduate.json", Accounts.SETTINGS);
    prompt = program.prompt("hello.md", "Say hello");
  }

  private static Program.Ended end(Program.Running running, String signal) throws Exception {
    SignalIT.send(signal, running.process());
    return running.end();
  }

  private void nextRunWorks(int lines, BigDecimal held) throws IOException {
    assertThat(program.lines()).hasSize(lines);
    Accounts.theNextRunWorks(program, prompt, lines, held, "after " + lines + " lines");
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15"})
  void beforeTheRequestLineNothingIsLeft(String signal, int number) throws Exception {
    SignalIT.assumeNotIgnored(number);
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (RawServer server = RawServer.silent()) {
      Program.Running running = program.at(server.port()).start(prompt, "-i", pipe);
      // Opens when the program opens it too.
      try (OutputStream input = Files.newOutputStream(pipe)) {
        input.flush();
        assertThat(end(running, signal).exit()).isEqualTo(128 + number);
      }
      assertThat(server.requests()).isEmpty();
    }
    nextRunWorks(0, BigDecimal.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15"})
  void afterTheRequestLineTheReservationCounts(String signal, int number) throws Exception {
    SignalIT.assumeNotIgnored(number);
    try (FullServer server = new FullServer()) {
      Program.Running running = program.at(server.port()).start(prompt);
      Program.until(() -> Files.exists(program.log()) && !program.lines().isEmpty());
      Program.Ended ended = end(running, signal);

      assertThat(ended.exit()).isEqualTo(128 + number);
      assertThat(ended.out()).isEmpty();
    }
    // A signal leaves time for a line that says that nothing was sent.
    boolean killed = signal.equals("KILL");
    nextRunWorks(killed ? 1 : 2, killed ? Accounts.RESERVED : BigDecimal.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9, 1", "TERM, 15, 2"})
  void whileTheServerHoldsTheAnswerTheReservationCounts(String signal, int number, int lines)
      throws Exception {
    SignalIT.assumeNotIgnored(number);
    try (RawServer server = RawServer.silent()) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      Program.Ended ended = end(running, signal);

      assertThat(ended.exit()).isEqualTo(128 + number);
      assertThat(ended.out()).isEmpty();
    }
    nextRunWorks(lines, Accounts.RESERVED);
  }

  /** The test holds the log's lock, so that the answer is in hand and cannot be recorded. */
  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15"})
  void withTheAnswerInHandItIsRecordedFirstIfItCanBe(String signal, int number) throws Exception {
    SignalIT.assumeNotIgnored(number);
    boolean killed = signal.equals("KILL");
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              locked.await();
              connection.send(RawServer.answer("Paid for."));
              // The program closes when it has read all of it.
              assertThat(connection.more()).isNegative();
              taken.countDown();
            })) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      try (FileChannel file = lockFile();
          FileLock lock = file.lock()) {
        assertThat(lock.isValid()).isTrue();
        locked.countDown();
        taken.await();
        SignalIT.send(signal, running.process());
        Program.until(
            () ->
                !running.process().isAlive()
                    || SignalIT.threads(running.process()).contains("signal\n"));
      }
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(128 + number);
      assertThat(ended.out()).isEqualTo(killed ? "" : "Paid for.\n");
      assertThat(server.requests()).hasSize(1);
    }
    nextRunWorks(killed ? 1 : 2, killed ? Accounts.RESERVED : BigDecimal.ZERO);
  }

  /** The test holds the log's lock, so that the reply is in hand and cannot be recorded. */
  @ParameterizedTest
  @CsvSource({
    "TERM, 143, 503 Busy",
    "INT, 130, 429 Slow down",
    "HUP, 129, 500 Error",
    "TERM, 143, 429 Slow down"
  })
  void whileAReplyThatMayBeTriedAgainIsRecordedNoSecondRequestLeaves(
      String signal, int exit, String status) throws Exception {
    SignalIT.assumeNotIgnored(exit - 128);
    program.prompt("graduate.json", Accounts.SETTINGS.replace("\"retry\": 0", "\"retry\": 2"));
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              locked.await();
              connection.send(RawServer.response(status, "retry-after-ms: 0\r\n", "{}"));
              assertThat(connection.more()).isNegative();
              taken.countDown();
            })) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      try (FileChannel file = lockFile();
          FileLock lock = file.lock()) {
        assertThat(lock.isValid()).isTrue();
        locked.countDown();
        taken.await();
        SignalIT.send(signal, running.process());
        Program.until(() -> SignalIT.threads(running.process()).contains("signal\n"));
      }
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(exit);
      assertThat(server.requests()).hasSize(1);
      assertThat(ended.stderr()).contains("ended by a signal").hasLineCount(1);
    }
    nextRunWorks(2, status.startsWith("429") ? BigDecimal.ZERO : Accounts.RESERVED);
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(home.resolve("logs/audit.lock"), StandardOpenOption.WRITE);
  }

  /** The test holds the log's lock, so that no request line can be written. */
  @Test
  void whileItWaitsForTheLockNothingIsWrittenNorSent() throws Exception {
    Files.createDirectories(home.resolve("logs"));
    Files.createFile(home.resolve("logs/audit.lock"));
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Running running;
      try (FileChannel file = lockFile();
          FileLock lock = file.lock()) {
        assertThat(lock.isValid()).isTrue();
        running = program.at(server.port()).start(prompt);
        Program.until(() -> Files.exists(home.resolve("logs")) && looksForTheLock(running));
        SignalIT.send("TERM", running.process());
        Program.until(() -> SignalIT.threads(running.process()).contains("signal\n"));
      }
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(143);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .isEqualTo("graduate: " + prompt + ": ended by a signal; nothing was sent\n");
      assertThat(server.requests()).isEmpty();
    }
    nextRunWorks(0, BigDecimal.ZERO);
  }

  /** A process that waits for the lock has its file open now and again. */
  private static boolean looksForTheLock(Program.Running running) throws IOException {
    Path open = Path.of("/proc/" + running.process().pid() + "/fd");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(open)) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file)
            && Files.readSymbolicLink(file).endsWith(Path.of("logs/audit.lock"))) {
          return true;
        }
      }
    } catch (NoSuchFileException | DirectoryIteratorException e) {
      // Closed just now.
    }
    return false;
  }

  /** Takes no connection: the system lets a client wait as long as it likes. */
  private static final class FullServer implements Closeable {
    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket[] waiting = new Socket[2];

    FullServer() throws IOException {
      for (int i = 0; i < waiting.length; i++) {
        waiting[i] = new Socket(socket.getInetAddress(), socket.getLocalPort());
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket client : waiting) {
        client.close();
      }
      socket.close();
    }
  }
}
