package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.Sha256;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spend} and {@code spend settle}. */
class SpendIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  private String id(int line) throws IOException {
    return Answers.json(program.lines().get(line)).path("id").asText();
  }

  /** Makes calls that are never answered, so that they are held and past their deadlines. */
  private List<String> lose(int calls) throws Exception {
    int before = program.lines().size();
    try (RawServer server = RawServer.silent()) {
      List<Program.Running> running = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        running.add(program.at(server.port()).start(prompt, "--max-time", "3s"));
      }
      for (Program.Running one : running) {
        server.take();
        assertThat(one.end().exit()).isEqualTo(6);
      }
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ids.add(id(before + i));
    }
    return ids;
  }

  private void answer() throws Exception {
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      assertThat(program.at(server.port()).run(prompt).exit()).isZero();
    }
  }

  @Test
  void showsCapsAndHeldCalls() throws Exception {
    program.settings(
        """
        "zone": "UTC", "caps": [{"usd": 1.00, "per": "day"}, {"usd": 10, "per": "month"},
         {"usd": 0.05, "per": "total"}, {"usd": 0.02, "per": "call"}]""");
    answer();
    String lost = lose(1).get(0);
    Program.Ended text = program.run("spend");

    assertThat(text.exit()).isZero();
    assertThat(text.stderr()).isEmpty();
    assertThat(text.out())
        .matches(
            "day    cap \\$1\\.00: spent \\$0\\.0000042, held \\$0\\.0197 \\(1 call\\), left \\$0\\.98;"
                + " ends \\d{4}-\\d\\d-\\d\\d 00:00 UTC\n"
                + "month  cap \\$10\\.00: spent \\$0\\.0000042, held \\$0\\.0197 \\(1 call\\), left \\$9\\.98;"
                + " ends \\d{4}-\\d\\d-01 00:00 UTC\n"
                + "total  cap \\$0\\.05: spent \\$0\\.0000042, held \\$0\\.0197 \\(1 call\\), left \\$0\\.0302\n"
                + "call   cap \\$0\\.02\n"
                + "held   \\$0\\.0197  \\S*prompts/hello\\.md  \\d+ s ago, lost  "
                + lost
                + "\n");
  }

  @Test
  void jsonHasTheSameForPrograms() throws Exception {
    program.settings(
        "\"zone\": \"Asia/Tokyo\", \"caps\": [{\"usd\": 1.00, \"per\": \"day\"},"
            + " {\"usd\": 2, \"per\": \"total\"}]");
    answer();
    try (RawServer server = RawServer.silent()) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      Program.Ended ended = program.run("spend", "--json");
      running.process().destroyForcibly().waitFor();

      assertThat(ended.exit()).isZero();
      assertThat(ended.stderr()).isEmpty();
      JsonNode json = Answers.json(ended.out());
      JsonNode line = Answers.json(program.lines().get(2));
      String ends = json.at("/caps/0/ends").asText();
      assertThat(ends).matches("\\d{4}-\\d\\d-\\d\\dT15:00:00\\.000Z");
      assertThat(Duration.between(Instant.now(), Instant.parse(ends)))
          .isBetween(Duration.ZERO, Duration.ofDays(1));
      assertThat(json)
          .isEqualTo(
              Answers.json(
                  """
                  {"zone": "Asia/Tokyo", "caps": [
                    {"usd": 1.00, "per": "day", "spent_usd": 0.0000042, "held_usd": 0.0196968,
                     "left_usd": 0.9802990, "ends": "%s"},
                    {"usd": 2, "per": "total", "spent_usd": 0.0000042, "held_usd": 0.0196968,
                     "left_usd": 1.9802990, "ends": null}],
                   "held": [{"id": "%s", "prompt": "%s", "requested": "%s", "usd": 0.0196968,
                     "state": "in flight"}]}"""
                      .formatted(
                          ends, line.path("id").asText(), prompt, line.path("time").asText())));
    }
  }

  /** A server of one's own has no tiers, whatever the request or the answer says of them. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "auto", "priority", "x"})
  void tiersMeanNothingToALocalServer(String tier) throws Exception {
    String body = Answers.completion("Hello!").replaceFirst("\\{", "{\"service_tier\":\"flex\",");
    try (RawServer server = RawServer.saying(RawServer.response("200 OK", "", body))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "-p", "service_tier=" + tier);

      assertThat(ended.stderr()).isEmpty();
      assertThat(ended.exit()).isZero();
    }
    JsonNode line = Answers.json(program.lines().get(1));
    assertThat(line.path("reserved_usd").decimalValue())
        .isBetween(new BigDecimal("0.0196"), new BigDecimal("0.0198"));
    assertThat(line.path("cost_usd").decimalValue()).isEqualByComparingTo("0.0000042");
  }

  /** Another model answers than was asked for, and it has a dearer row. */
  @Test
  void aCostCanBeComputedAgainFromItsLine() throws Exception {
    program.prompt(
        "graduate.json",
        """
        {"prices": {"gpt-5.6-luna": {"input": 0.2, "output": 1.2},
                    "gpt-5.6-luna-dated": {"input": 3, "output": 7, "checked": "2026-02-03"}}}""");
    String body = Answers.completion("Hello!").replace("gpt-5.6-luna", "gpt-5.6-luna-dated");
    try (RawServer server = RawServer.saying(RawServer.response("200 OK", "", body))) {
      assertThat(program.at(server.port()).run(prompt).exit()).isZero();
    }
    JsonNode line = Answers.json(program.lines().get(1));
    JsonNode price = line.path("price");
    JsonNode usage = line.path("usage");
    BigDecimal cost =
        usage
            .path("prompt_tokens")
            .decimalValue()
            .multiply(price.path("input").decimalValue())
            .add(
                usage
                    .path("completion_tokens")
                    .decimalValue()
                    .multiply(price.path("output").decimalValue()))
            .movePointLeft(6);
    assertThat(line.path("cost_usd").decimalValue())
        .isEqualByComparingTo(cost)
        .isEqualByComparingTo("0.000041");
    assertThat(price.path("checked").asText()).isEqualTo("2026-02-03");
    assertThat(Answers.json(program.lines().get(0)).at("/price/input").decimalValue())
        .isEqualByComparingTo("0.2");
  }

  /** Each text is a token at least: three of them are not made of the two that were counted. */
  @Test
  void usageThatTheTextsDisproveKeepsTheCallHeld() throws Exception {
    String body = Answers.completion("one", "two", "three");
    try (RawServer server = RawServer.saying(RawServer.response("200 OK", "", body))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "-p", "n=3");

      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).isEqualTo("one\n\ntwo\n\nthree\n");
    }
    assertThat(Answers.json(program.lines().get(1)).has("cost_usd")).isFalse();
    assertThat(program.run("spend").out()).contains("spent $0.00, held $0.059");
  }

  private void cache(String json) throws IOException {
    String rest = json + "\n";
    String hash = Sha256.of(rest.getBytes(StandardCharsets.UTF_8));
    Files.writeString(home.resolve("logs/spend.json"), hash + "\n" + rest);
  }

  @Test
  void aCacheOfAnotherVersionSaysNothing() throws Exception {
    answer();
    String json = Files.readAllLines(home.resolve("logs/spend.json")).get(1);
    String forged = json.replaceFirst("\"days\":\\{[^}]*}", "\"days\":{}");
    cache(forged);
    assertThat(program.run("spend").out()).contains("spent $0.00, ");
    for (String version : new String[] {"", "\"version\":1,", "\"version\":3,"}) {
      cache(forged.replace("\"version\":2,", version));
      assertThat(program.run("spend").out()).contains("spent $0.0000042, ");
    }
  }

  @Test
  void theCacheDoesNotGrowWithDifferentInputs() throws Exception {
    Path input = home.resolve("mail.txt");
    long before = 0;
    for (int mail = 0; mail < 6; mail++) {
      Files.writeString(input, "mail " + mail);
      try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
        assertThat(program.at(server.port()).run(prompt, "-i", input).exit()).isZero();
      }
      before = mail == 0 ? Files.size(home.resolve("logs/spend.json")) : before;
    }
    assertThat(Files.size(home.resolve("logs/spend.json"))).isBetween(before, before + 20);
  }

  @Test
  void aHeldCallIsSettledByPrefixByLastOrWithOthers() throws Exception {
    List<String> ids = lose(3);
    String year = ids.get(0).substring(0, 4);
    Program.Ended many = program.run("spend", "settle", year, "--usd", "0", "--why", "none");
    assertThat(many.exit()).isEqualTo(3);
    assertThat(many.stderr())
        .isEqualTo(
            "graduate: "
                + year
                + ": 3 held calls begin so. Give more of the id. See: graduate spend\n");

    Program.Ended last = program.run("spend", "settle", "last", "--usd", "0.01", "--why", "page 2");
    assertThat(last.exit()).isZero();
    assertThat(last.stderr()).isEmpty();
    assertThat(last.out()).isEqualTo(ids.get(2) + ": held $0.0197, settled at $0.01\n");
    JsonNode line = Answers.json(program.lines().get(6));
    assertThat(line.path("type").asText()).isEqualTo("settlement");
    assertThat(line.path("call").asText()).isEqualTo(ids.get(2));
    assertThat(line.path("was_usd").decimalValue()).isEqualByComparingTo("0.0196968");
    assertThat(line.path("cost_usd").decimalValue()).isEqualByComparingTo("0.01");
    assertThat(line.path("why").asText()).isEqualTo("page 2");

    String prefix = ids.get(0).substring(0, ids.get(0).length() - 4);
    Program.Ended two =
        program.run("spend", "settle", prefix, ids.get(1), "--usd=0", "--why=not billed");
    assertThat(two.exit()).isZero();
    assertThat(two.out()).hasLineCount(3).startsWith(ids.get(0)).contains(ids.get(1));
    assertThat(two.out()).endsWith("2 calls: held $0.0394, settled at $0.00\n");

    Program.Ended again = program.run("spend", "settle", ids.get(0), "--usd", "1", "--why", "x");
    assertThat(again.exit()).isEqualTo(3);
    assertThat(again.stderr())
        .isEqualTo("graduate: " + ids.get(0) + ": no held call. See: graduate spend\n");
    assertThat(program.run("spend").out()).contains("spent $0.01, held $0.00, left $0.99");
    assertThat(program.run("log").out()).contains("$0.01 ").doesNotContain("held");
    assertThat(program.run("log", "verify").exit()).isZero();
  }

  @Test
  void aCallThatMayStillRunIsNotSettledNorAnyBesideIt() throws Exception {
    String lost = lose(1).get(0);
    try (RawServer server = RawServer.silent()) {
      Program.Running running = program.at(server.port()).start(prompt);
      server.take();
      String flying = id(2);
      Program.Ended ended =
          program.run("spend", "settle", lost, flying, "--usd", "0", "--why", "x");
      running.process().destroyForcibly().waitFor();

      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + flying
                  + ": may still be running until "
                  + Answers.json(program.lines().get(2)).path("deadline").asText()
                  + "; settle it after that\n");
      assertThat(program.lines()).hasSize(3);
    }
  }

  /** The first call's answer comes when the second one's has been recorded. */
  @Test
  void theLastHeldCallIsTheOneThatWasRequestedLast() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              if (requests.incrementAndGet() == 1) {
                ended.await();
              }
              connection.send(RawServer.response("500 Error", "", ""));
            })) {
      Program.Running first = program.at(server.port()).start(prompt, "--retry", "0");
      server.take();
      program.run(prompt, "--retry", "0");
      ended.countDown();
      first.end();
    }
    assertThat(List.of(id(2), id(3))).containsExactly(id(1), id(0));

    assertThat(program.run("spend").out()).containsSubsequence(id(0), id(1));
    Program.Ended last = program.run("spend", "settle", "last", "--usd", "0", "--why", "x");
    assertThat(last.exit()).isZero();
    assertThat(last.out()).startsWith(id(1) + ": held ");
    assertThat(program.run("spend", "settle", "all", "--usd", "0", "--why", "x").out())
        .startsWith(id(0) + ": held ");
  }
}
