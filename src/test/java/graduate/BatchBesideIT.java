package graduate;

import static graduate.BatchServer.answered;
import static graduate.BatchServer.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.BatchServer.Step;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What else is done while a batch is open, and where its answers go. */
class BatchBesideIT extends BatchCase {
  BatchBesideIT() {
    super(4);
  }

  @Test
  void anOpenBatchIsOneLineOfSpend() throws Exception {
    handIn();
    JsonNode spend = spend();
    JsonNode held = spend.path("held");

    assertThat(held).hasSize(1);
    assertThat(held.at("/0/calls").asInt()).isEqualTo(4);
    assertThat(held.at("/0/usd").decimalValue()).isEqualByComparingTo("0.02");
    assertThat(held.at("/0/state").asText()).isEqualTo("in flight");
    assertThat(held.at("/0/id").asText()).isEqualTo(lines("batch").get(0).path("id").asText());
    String text = program.here("spend").out();
    assertThat(text).containsOnlyOnce("\nheld ");
    assertThat(text).contains("$0.02 (4 calls)  " + prompt + "  ", " ago, in flight  ");
    String later = program.here(in(Duration.ofDays(3)), "spend").out();
    assertThat(later).contains("  3 d ago, lost  ");
    JsonNode by = Answers.json(program.here("spend", "--by", "model", "--json").out());
    assertThat(by.at("/rows/0/model").asText()).isEqualTo("gpt-5.6-luna");
    assertThat(by.at("/total/calls").asInt()).isEqualTo(4);
    assertThat(by.at("/total/held_usd").decimalValue()).isEqualByComparingTo("0.02");
  }

  @Test
  void aLostBatchIsSettledByItsIdAndAskedAnew() throws Exception {
    handIn();
    String id = spend().at("/held/0/id").asText();
    Object[] settle = {"spend", "settle", id, "--usd", "0.003", "--why", "the bill"};
    assertThat(ends(3, program.here(settle))).contains("may still be running until");
    theSumsAre(NONE, held(4));
    Program.Ended ended = program.here(in(Duration.ofDays(3)), settle);

    assertThat(ended.exit()).as(ended.stderr()).isZero();
    assertThat(ended.out()).isEqualTo(id + ": held $0.02, settled at $0.003\n");
    theReportsSay(new BigDecimal("0.003"), NONE);
    assertThat(spend().path("held")).isEmpty();
    assertThat(program.here("spend", "--by", "model").out())
        .contains("gpt-5.6-luna      4      0   0    $0.003\n")
        .doesNotContain("?");
    handIn();
    assertThat(server.lines()).hasSize(4);
    theReportsSay(new BigDecimal("0.003"), held(4));
    end();
    ends(0, batch());
    theReportsSay(cost(0, 1, 2, 3).add(new BigDecimal("0.003")), NONE);
  }

  /** What a cancelled batch left is settled as one, by its id too. */
  @Test
  void whatIsLeftOfABatchIsSettledTogether() throws Exception {
    handIn();
    String id = spend().at("/held/0/id").asText();
    server.end(
        "cancelled", line -> line.input().endsWith("0") ? List.of(answered(line)) : List.of());
    ends(6, batch());
    theSumsAre(cost(0), held(3));
    Object[] settle = {"spend", "settle", id, "--usd", "0", "--why", "not billed"};
    ends(0, program.here(settle));
    theReportsSay(cost(0), NONE);
    ends(3, program.here(settle));
  }

  /** Live bulk and run at their own price, with a server that answers chats. */
  @Test
  void othersWorkBesideAnOpenBatch() throws Exception {
    handIn();
    inputs(6);
    try (CountingServer chat = new CountingServer()) {
      // The batch's endpoint is another, so that its inputs are being asked all the same.
      program.at(chat.port());
      Program.Ended live = here();

      assertThat(live.exit()).isEqualTo(6);
      assertThat(live.stderr())
          .contains("000.txt: left alone: it is being asked already")
          .hasLineCount(4);
      assertThat(chat.asked()).containsOnlyKeys("input 4", "input 5");
      Program.Ended run =
          program.here(prompt, "-i", home.resolve("in/000.txt"), "--max-time", "9s");
      assertThat(run.exit()).as(run.stderr()).isZero();
      assertThat(run.out()).isEqualTo("Re: input 0\n");
    }
    program.at(server.port());
    BigDecimal live = new BigDecimal("0.000021");
    theSumsAre(live, held(4));
    end();
    ends(6, batch());
    theSumsAre(live.add(cost(0, 1, 2, 3)), NONE);
  }

  @Test
  void answersComeAsLinesOfJson() throws Exception {
    Object[] command = {"bulk", prompt, home.resolve("in"), "--batch"};
    ends(6, program.here(command));
    server.end(
        "completed",
        line ->
            line.input().endsWith("3")
                ? List.of(result(line.id(), 400, Answers.error("bad", "no")))
                : List.of(answered(line)));
    Program.Ended ended = program.here(command);

    assertThat(ended.exit()).isEqualTo(5);
    List<JsonNode> lines = ended.out().lines().map(Answers::json).toList();
    assertThat(lines).hasSize(4);
    for (JsonNode line : lines.subList(0, 3)) {
      assertThat(line.path("answer").asText()).startsWith("Re: input ");
      assertThat(line.path("cost_usd").decimalValue()).isEqualByComparingTo("0.0000035");
      assertThat(line.path("from_log").asBoolean()).isFalse();
    }
    assertThat(lines.get(3).path("answer").isNull()).isTrue();
    assertThat(lines.get(3).path("outcome").asText()).isEqualTo("refused");
    assertThat(lines.get(3).path("cost_usd").decimalValue()).isEqualByComparingTo("0");
    Program.Ended again = program.here("bulk", prompt, home.resolve("in/000.txt"));
    assertThat(Answers.json(again.out()).path("from_log").asBoolean()).isTrue();
    assertThat(again.exit()).isZero();
  }

  @Test
  void answersComeAsColumnsOfATable() throws Exception {
    Path table = Files.writeString(home.resolve("in.csv"), "id,text\n7,one\n8,two\n9,one\n10,\n");
    Path out = home.resolve("out.csv");
    Object[] command = {"bulk", prompt, table, "--column", "text", "-o", out, "--batch"};
    ends(6, program.here(command));
    assertThat(out).doesNotExist();
    assertThat(server.lines()).hasSize(2);
    end();
    ends(0, program.here(command));
    String answered =
        """
        id,text,answer,outcome,cost_usd
        7,one,Re: one,answered,0.0000015
        8,two,Re: two,answered,0.0000015
        9,one,Re: one,answered,0.0000015
        10,,,,
        """;
    assertThat(Files.readString(out)).isEqualTo(answered);
    String log = log();
    ends(0, program.here(command));
    assertThat(Files.readString(out)).isEqualTo(answered);
    assertThat(log()).isEqualTo(log);
  }

  @Test
  void aDryRunHandsInNothing() throws Exception {
    assertThat(ends(0, batch("--dry-run")))
        .contains("4 inputs, 0 on the log, 4 to ask, which could cost $0.02");
    assertThat(program.lines()).isEmpty();
    assertThat(server.uploads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "--batch --results r",
    "--batch --batch-file f",
    "--cancel --results r",
    "--resubmit --batch-file f"
  })
  void optionsThatDoNotGoTogether(String options) throws Exception {
    ends(2, here((Object[]) options.split(" ")));
    assertThat(program.lines()).isEmpty();
  }

  @Test
  void moreLinesThanAFileMayHaveAreRefused() throws Exception {
    List<String> lines = IntStream.rangeClosed(0, 50_000).mapToObj(i -> "input " + i).toList();
    Path many = Files.write(home.resolve("many"), lines);
    cap("1000000");
    assertThat(ends(3, program.here("bulk", prompt, many, "--lines", "--batch")))
        .contains("50001 inputs; a batch takes 50000");
    assertThat(program.lines()).isEmpty();
  }

  /** The bodies alone would just fit; the lines around them do not. */
  @Test
  void moreBytesThanAFileMayHaveAreRefused() throws Exception {
    int count = 100;
    Path big = program.prompt("big.md", "x".repeat(200_000_000 / count - 200));
    List<String> lines = IntStream.range(100, 100 + count).mapToObj(i -> "input " + i).toList();
    Path many = Files.write(home.resolve("many"), lines);
    cap("1000000");
    assertThat(ends(3, program.here("bulk", big, many, "--lines", "--batch")))
        .contains(" bytes of requests; a batch takes 200 MB");
    assertThat(program.lines()).isEmpty();
  }

  /** The key is sent, and stands nowhere. */
  @Test
  void theKeyIsNowhere() throws Exception {
    server.next(
        Step.CREATE,
        BatchServer.saying(401, Answers.error("invalid_api_key", "your words: " + Program.KEY)));
    assertThat(ends(5, program.run(command("--batch"))))
        .contains("invalid_api_key")
        .doesNotContain(Program.KEY);
    assertThat(Program.holding(Program.KEY, home)).isEmpty();
    assertThat(home.resolve("logs/graduate.log"))
        .content()
        .contains("HTTP 401 invalid_api_key")
        .doesNotContain("your words");
  }

  /** Whatever it was waiting for, the same command goes on. */
  @Test
  void aSignalEndsTheUpload() throws Exception {
    SignalIT.assumeNotIgnored(2);
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server.next(
        Step.UPLOAD,
        usual -> {
          arrived.countDown();
          go.await();
          return RawServer.response("500 X", "", "");
        });
    Program.Running running = program.start(command("--batch"));
    arrived.await();
    SignalIT.send("INT", running.process());
    Program.Ended ended = running.end();
    go.countDown();

    assertThat(ended.exit()).as(ended.stderr()).isEqualTo(130);
    theSumsAre(NONE, held(4));
    handIn();
    end();
    ends(0, batch());
    theSumsAre(cost(0, 1, 2, 3), NONE);
  }
}
