package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a signal leaves behind. */
class SignalIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  static void send(String signal, Process to) throws Exception {
    String pid = Long.toString(to.pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }

  /** A shell's background jobs ignore SIGINT, nohup's SIGHUP, and so do all that they start. */
  static void assumeNotIgnored(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
    for (String line : lines) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring(7).trim(), 16);
        assumeFalse((ignored >> (signal - 1) & 1) == 1, "signal " + signal + " is ignored here");
      }
    }
  }

  /** The names of a process's threads, a line each. */
  static String threads(Process process) throws IOException {
    StringBuilder names = new StringBuilder();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks) {
        names.append(Files.readString(task.resolve("comm")));
      }
    } catch (IOException e) {
      // A thread has just ended: its file is gone, or says "No such process".
    }
    return names.toString();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
  void whileWaitingItLeavesALineThatSaysUnknown(String signal, int number) throws Exception {
    assumeNotIgnored(number);
    try (RawServer server = RawServer.silent()) {
      Program.Running running =
          program.at(server.port()).start(prompt, "-o", home.resolve("out/answer.md"));
      server.take();
      send(signal, running.process());
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(128 + number);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": ended by a signal; $0.0197 stays held. See: graduate spend\n");
      assertThat(home.resolve("out")).isEmptyDirectory();
      assertThat(server.requests()).hasSize(1);
      assertThat(program.lines()).hasSize(2);
      assertThat(program.lines().get(1))
          .contains("\"type\":\"response\"", "\"outcome\":\"unknown\"")
          .doesNotContain("cost_usd");
      assertThat(Files.readString(home.resolve("logs/graduate.log"))).contains("ended by a signal");
    }
  }

  /** Sockets hold some megabytes: who has taken all of these has read most of them. */
  @Test
  void whatCameOfAnAnswerIsRecordedWithItsRequestId() throws Exception {
    String half = "{\"id\": \"chatcmpl-1\", \"junk\": \"" + "x".repeat(18 << 20);
    String head = "HTTP/1.1 200 OK\r\nx-request-id: req_7\r\nContent-Length: 99999999\r\n\r\n";
    CountDownLatch taken = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              connection.send(head + half);
              taken.countDown();
              connection.more();
            })) {
      Program.Running running = program.at(server.port()).start(prompt);
      taken.await();
      send("TERM", running.process());
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(143);
      JsonNode line = Answers.json(program.lines().get(1));
      assertThat(line.path("outcome").asText()).isEqualTo("unknown");
      assertThat(line.has("cost_usd")).isFalse();
      assertThat(line.at("/headers/x-request-id").asText()).isEqualTo("req_7");
      assertThat(line.path("response_text").asText()).startsWith(half.substring(0, 4 << 20));
    }
  }

  @Test
  void betweenTwoAttemptsItEndsTheRun() throws Exception {
    String later = "Retry-After: 600\r\n";
    try (RawServer server =
        new RawServer(
            (request, connection) -> connection.send(RawServer.response("503 Busy", later, "")))) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      Program.until(() -> Files.exists(home.resolve("logs/graduate.log")));
      send("TERM", running.process());
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(143);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": HTTP 503; ended by a signal; $0.0197 stays held. See: graduate spend\n");
      assertThat(program.lines()).hasSize(2);
    }
  }

  /** A pipe holds 64 KB, so that the answer is in hand and half printed when the signal comes. */
  @Test
  void anAnswerInHandIsPrintedFirst() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "threads have no names here");
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    program.under("sh", "-c", "exec \"$@\" >pipe", "sh");
    String answer = "All of it. ".repeat(30_000) + "\n";
    try (RawServer server = RawServer.saying(RawServer.answer(answer))) {
      Program.Running running = program.at(server.port()).start(prompt);
      try (InputStream printed = Files.newInputStream(pipe)) {
        assertThat(printed.read()).isEqualTo('A');
        send("TERM", running.process());
        Program.until(() -> threads(running.process()).contains("signal\n"));

        assertThat(new String(printed.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo(answer.substring(1));
      }
      Program.Ended ended = running.end();

      assertThat(ended.exit()).isEqualTo(143);
      assertThat(ended.stderr()).isEmpty();
      assertThat(program.lines().get(1)).contains("\"outcome\":\"answered\"");
    }
  }
}
