package graduate;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.BatchServer.Step;
import graduate.BatchServer.Way;
import graduate.harness.Program;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch whose command is killed, or that two commands are at: real processes, short deadlines.
 */
class BatchKillIT extends BatchCase {
  BatchKillIT() {
    super(4);
  }

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    go.countDown();
  }

  /** Has its effect or not, and answers when it is let go. */
  private Way blocked(boolean effect) {
    return usual -> {
      String response = effect ? usual.response() : null;
      arrived.countDown();
      go.await();
      return response;
    };
  }

  private Program.Running start() throws IOException {
    return program.start(command("--batch", "--max-time", "2s"));
  }

  private Program.Ended run() throws IOException, InterruptedException {
    return start().end();
  }

  private void killAt(Step step, boolean effect) throws Exception {
    server.next(step, blocked(effect));
    Program.Running running = start();
    arrived.await();
    kill(running);
  }

  private static void kill(Program.Running running) throws Exception {
    running.process().destroyForcibly();
    running.process().waitFor();
  }

  /** Runs it until it is through, ending the batch as soon as there is one. */
  private void toTheEnd(int count) throws Exception {
    Program.until(
        () -> {
          int exit = run().exit();
          if (exit == 5) {
            assertThat(server.creations()).isEmpty();
            exit = batch(in(Duration.ofSeconds(3)), "--resubmit").exit();
          }
          assertThat(exit).isIn(0, 6);
          if (!server.creations().isEmpty()) {
            end();
          }
          return exit == 0;
        });
    theSumsAre(count);
    String log = log();
    ends(0, run());
    assertThat(log()).isEqualTo(log);
  }

  private void theSumsAre(int count) throws IOException {
    assertThat(answers()).hasSize(count);
    nothingTwice();
    assertThat(server.creations()).hasSize(1);
    assertThat(server.handedIn()).hasSize(count);
    theSumsAre(cost(IntStream.range(0, count).toArray()), NONE);
  }

  /** Until the deadline of that step nobody else makes it, and the log stays as it is. */
  @ParameterizedTest
  @CsvSource({"UPLOAD, false", "UPLOAD, true", "CREATE, true"})
  void killedWhileItHandsIn(Step step, boolean effect) throws Exception {
    killAt(step, effect);
    theSumsAre(NONE, held(4));
    String log = log();
    int uploads = server.uploads();
    // Its clock is behind, so that the deadline is not past however slow the machine is.
    assertThat(ends(6, batch(in(Duration.ofMinutes(-1)))))
        .contains("another command is or was at batch ");
    assertThat(log()).isEqualTo(log);
    assertThat(server.uploads()).isEqualTo(uploads);
    toTheEnd(4);
    assertThat(server.uploads()).isEqualTo(step == Step.UPLOAD && effect ? 2 : 1);
  }

  @Test
  void killedBeforeItsCreationHadAnEffect() throws Exception {
    killAt(Step.CREATE, false);
    Program.until(() -> run().exit() == 5);
    assertThat(server.creations()).isEmpty();
    theSumsAre(NONE, held(4));
    ends(5, run());
    ends(6, program.run(command("--batch", "--max-time", "2s", "--resubmit")));
    assertThat(server.creations()).hasSize(1);
    toTheEnd(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STATUS", "DOWNLOAD"})
  void killedWhileItCollects(Step step) throws Exception {
    handIn();
    end();
    String log = log();
    killAt(step, true);
    assertThat(log()).isEqualTo(log);
    toTheEnd(4);
    // What had been downloaded of answers is not left lying about.
    assertThat(home.resolve("logs").toFile().list((in, name) -> name.endsWith(".new"))).isEmpty();
  }

  /** Whatever it was at: reserving, handing in, collecting or writing the answers out. */
  @Test
  void killedAtSixMoments() throws Exception {
    killedAtMoments(6, 400, new Random(1));
  }

  @Test
  @Tag("machine")
  void killedAtThirtyMoments() throws Exception {
    killedAtMoments(30, 2000, new Random(2));
  }

  private void killedAtMoments(int kills, int count, Random random) throws Exception {
    inputs(count);
    for (int i = 0; i < kills; i++) {
      long size = size();
      Program.Running running = start();
      long more = random.nextInt(count * 1000) + 1L;
      Program.until(() -> size() > size + more || !running.process().isAlive());
      kill(running);
      if (!server.creations().isEmpty()) {
        end();
      }
      ends(0, program.here("log", "verify"));
      theReportsAgree();
    }
    toTheEnd(count);
  }

  private long size() throws IOException {
    return Files.exists(program.log()) ? Files.size(program.log()) : 0;
  }

  /** Each call of a batch that was begun is either paid or held, at any time. */
  private void theReportsAgree() throws IOException {
    JsonNode cap = spend().at("/caps/0");
    int calls = spend().at("/held/0/calls").asInt();
    assertThat(spend().path("held").size()).isLessThanOrEqualTo(1);
    assertThat(cap.path("held_usd").decimalValue()).isEqualByComparingTo(held(calls));
  }

  /** Among the request lines, so that their batch's line is missing. */
  @Test
  void requestLinesWithoutTheirBatchBelongToNothing() throws Exception {
    handIn();
    List<String> all = program.lines();
    Files.delete(home.resolve("logs/spend.json"));
    String torn = String.join("\n", all.subList(0, 3)) + "\n" + all.get(3).substring(0, 99);
    Files.writeString(program.log(), torn);
    theReportsSay(NONE, NONE);
    Program.Ended run = run();

    assertThat(run.exit()).as(run.stderr()).isEqualTo(6);
    assertThat(server.creations()).hasSize(2);
    assertThat(server.lines()).hasSize(4);
    theSumsAre(NONE, held(4));
    end();
    ends(0, run());
    assertThat(answers()).hasSize(4);
    theSumsAre(cost(0, 1, 2, 3), NONE);
  }

  /** After the first of two forces of response lines, as after a kill between them. */
  @Test
  void halfOfTheResponseLinesAreTakenUpWhereTheyEnd() throws Exception {
    handIn();
    end();
    ends(0, run());
    List<String> all = program.lines();
    int first = all.size() - 5;
    Files.delete(home.resolve("logs/spend.json"));
    String torn =
        String.join("\n", all.subList(0, first + 2)) + "\n" + all.get(first + 2).substring(0, 99);
    Files.writeString(program.log(), torn);
    assertThat(spend().at("/held/0/calls").asInt()).isEqualTo(2);
    ends(0, run());
    assertThat(lines("response")).hasSize(4);
    theSumsAre(4);
  }

  @Test
  void twoAtOnceHandInOneBatchAndCollectItOnce() throws Exception {
    inputs(300);
    Program.Running one = start();
    Program.Running two = start();
    assertThat(List.of(one.end().exit(), two.end().exit())).containsOnly(6);
    assertThat(server.creations()).hasSize(1);
    assertThat(server.uploads()).isEqualTo(1);
    theSumsAre(NONE, held(300));
    end();
    Program.Running three = start();
    Program.Running four = start();
    assertThat(List.of(three.end().exit(), four.end().exit())).isSubsetOf(0, 6).contains(0);
    theSumsAre(300);
    assertThat(lines("batch").stream().filter(line -> line.toString().contains("\"over\"")))
        .hasSize(1);
  }

  /** Both have read the log before either reserves: who comes second finds nothing left. */
  @Test
  void whatAnotherReservedMeanwhileIsLeftToIt() throws Exception {
    Path lock = Files.createDirectories(home.resolve("logs")).resolve("audit.lock");
    program.terminals("2");
    final Program.Running one;
    final Program.Running two;
    try (FileChannel channel = FileChannel.open(lock, CREATE, WRITE)) {
      FileLock unused = channel.lock();
      one = start();
      two = start();
      Program.until(
          () ->
              Files.readString(one.err()).contains(" to ask")
                  && Files.readString(two.err()).contains(" to ask"));
    }
    assertThat(List.of(one.end().exit(), two.end().exit())).containsOnly(6);
    assertThat(server.creations()).hasSize(1);
    assertThat(lines("request")).hasSize(4);
    nothingTwice();
    theSumsAre(NONE, held(4));
  }

  @Test
  void whoComesSecondCollectsNothing() throws Exception {
    handIn();
    end();
    server.next(Step.DOWNLOAD, blocked(true));
    Program.Running first = start(Duration.ofMinutes(1));
    arrived.await();
    ends(0, batch());
    String log = log();
    go.countDown();
    ends(6, first.end());
    assertThat(log()).isEqualTo(log);
    theSumsAre(4);
  }

  private Program.Running start(Duration time) throws IOException {
    return program.start(command("--batch", "--max-time", time.toSeconds() + "s"));
  }

  /** Its owner's word is the last, though its answers are on their way. */
  @Test
  void aBatchThatIsSettledMeanwhileCostsWhatWasSaid() throws Exception {
    handIn();
    String id = spend().at("/held/0/id").asText();
    end();
    server.next(Step.DOWNLOAD, blocked(true));
    Program.Running first = start(Duration.ofMinutes(1));
    arrived.await();
    Object[] settle = {"spend", "settle", id, "--usd", "0.25", "--why", "bill"};
    ends(3, program.here(settle));
    ends(0, program.here(in(Duration.ofDays(3)), settle));
    go.countDown();
    ends(6, first.end());
    theReportsSay(new BigDecimal("0.25"), NONE);
    assertThat(lines("response")).isEmpty();
    assertThat(answers()).isEmpty();
  }
}
