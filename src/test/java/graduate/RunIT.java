package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Request lines and requests, retries, {@code --max-usd}, {@code --replay}. */
class RunIT {
  private static final String BUSY = RawServer.response("503 Busy", "Retry-After: 0\r\n", "{}");
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  /** Gives one response after the other, the last one for ever. */
  private static RawServer inTurn(String... responses) throws IOException {
    AtomicInteger turn = new AtomicInteger();
    return new RawServer(
        (request, connection) ->
            connection.send(responses[Math.min(turn.getAndIncrement(), responses.length - 1)]));
  }

  private List<JsonNode> lines(String type) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : program.lines()) {
      JsonNode json = Answers.json(line);
      if (json.path("type").asText().equals(type)) {
        lines.add(json);
      }
    }
    return lines;
  }

  @Test
  void aServerFindsTheRequestsLineInTheLog() throws Exception {
    List<String> seen = new ArrayList<>();
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              seen.addAll(program.lines());
              connection.send(RawServer.answer("Hello!"));
            })) {
      assertThat(program.at(server.port()).run(prompt).exit()).isZero();

      String request = server.requests().get(0);
      assertThat(seen).hasSize(1);
      JsonNode line = Answers.json(seen.get(0));
      assertThat(line.path("type").asText()).isEqualTo("request");
      assertThat(request).contains("X-Client-Request-Id: " + line.path("id").asText() + "\r\n");
      assertThat(line.path("request"))
          .isEqualTo(Answers.json(request.substring(request.indexOf("\r\n\r\n"))));
      assertThat(program.lines()).startsWith(seen.get(0)).hasSize(2);
    }
  }

  @Test
  void thereAreAsManyRequestLinesAsRequests() throws Exception {
    try (RawServer other = RawServer.saying(RawServer.answer("caught"))) {
      String to = "Location: http://localhost:" + other.port() + "/v1/chat/completions\r\n";
      String half = RawServer.response("200 OK", "", Answers.completion("x")).substring(0, 90);
      check(RawServer.answer("Hello!"), 0, 1);
      check(RawServer.response("408 Timeout", "", "{}"), 6, 1);
      check(BUSY, 6, 3);
      check(RawServer.response("303 Elsewhere", to, ""), 5, 1);
      check(RawServer.response("307 Moved", to, ""), 5, 1);
      check(RawServer.response("308 Moved", to, ""), 5, 1);
      check(half, 6, 1);
      assertThat(other.requests()).isEmpty();
    }
  }

  private void check(String response, int exit, int requests) throws Exception {
    Files.deleteIfExists(program.log());
    Files.deleteIfExists(home.resolve("logs/spend.json"));
    try (RawServer server = RawServer.saying(response)) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).as(response).isEqualTo(exit);
      assertThat(server.requests()).as(response).hasSize(requests);
      assertThat(lines("request")).as(response).hasSize(requests);
      assertThat(lines("response")).as(response).hasSize(requests);
    }
  }

  @Test
  void aConnectionResetInMidBodyOrAtOnceIsOneRequestLineAndHeld() throws Exception {
    String half = RawServer.response("200 OK", "", Answers.completion("x")).substring(0, 90);
    for (String before : new String[] {half, ""}) {
      try (RawServer server =
          new RawServer(
              (request, connection) -> {
                connection.send(before);
                connection.reset();
              })) {
        Program.Ended ended = program.at(server.port()).run(prompt);

        assertThat(ended.exit()).isEqualTo(6);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.stderr()).endsWith("stays held. See: graduate spend\n");
        assertThat(server.requests()).hasSize(1);
      }
    }
    assertThat(lines("request")).hasSize(2);
    assertThat(lines("response")).allMatch(line -> !line.has("cost_usd"));
  }

  @Test
  void aRetryLeavesAPairOfLinesOfItsOwn() throws Exception {
    String slow = RawServer.response("429 Slow down", "retry-after-ms: 1\r\n", "{}");
    try (RawServer server = inTurn(slow, BUSY, RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).isEqualTo("Hello!\n");
      assertThat(ended.stderr()).isEmpty();
      assertThat(server.requests()).hasSize(3);
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        JsonNode request = Answers.json(program.lines().get(2 * i));
        JsonNode response = Answers.json(program.lines().get(2 * i + 1));
        assertThat(request.path("type").asText()).isEqualTo("request");
        assertThat(response.path("type").asText()).isEqualTo("response");
        assertThat(request.path("attempt").asInt()).isEqualTo(i + 1);
        assertThat(response.path("id")).isEqualTo(request.path("id"));
        assertThat(response.path("request")).isEqualTo(request.path("request"));
        ids.add(request.path("id").asText());
        assertThat(server.requests().get(i)).contains(request.path("id").asText());
      }
      assertThat(ids).hasSize(3);
      assertThat(lines("request"))
          .extracting(line -> line.path("run"))
          .containsOnly(lines("request").get(0).path("run"));
      // A 429 cost nothing, a 503 may have, an answer did.
      assertThat(lines("response").get(0).path("cost_usd").decimalValue()).isZero();
      assertThat(lines("response").get(1).has("cost_usd")).isFalse();
      assertThat(lines("response").get(2).path("cost_usd").decimalValue())
          .isEqualByComparingTo("0.0000042");
    }
  }

  @Test
  void maxUsdBoundsAllAttemptsAndTheLastOnesExitCodeStays() throws Exception {
    try (RawServer server = inTurn(BUSY)) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--max-usd", "0.03");

      assertThat(ended.exit()).isEqualTo(6);
      assertThat(ended.stderr())
          .isEqualTo(
              "graduate: "
                  + prompt
                  + ": HTTP 503; not tried again: could cost $0.0197; call cap $0.03: spent $0.00,"
                  + " held $0.0197 (1 call), left $0.0103; $0.0197 stays held. See: graduate"
                  + " spend\n");
      assertThat(server.requests()).hasSize(1);
      assertThat(program.lines()).hasSize(2);
    }
  }

  @Test
  void maxUsdLeavesRoomForARetryOfWhatCostNothing() throws Exception {
    String slow = RawServer.response("429 Slow down", "Retry-After: 0\r\n", "{}");
    try (RawServer server = inTurn(slow, slow, RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--max-usd", "0.02");

      assertThat(ended.exit()).isZero();
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void retriesStopAtTheDayCap() throws Exception {
    program.settings("\"caps\": [{\"usd\": 0.05, \"per\": \"day\"}], \"zone\": \"Asia/Tokyo\"");
    try (RawServer server = inTurn(BUSY)) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--retry", "9");

      assertThat(ended.exit()).isEqualTo(6);
      assertThat(ended.stderr())
          .contains("not tried again: could cost $0.0197; day cap $0.05: spent $0.00, held $0.0394")
          .contains("(2 calls), left $0.0106; ends 00:00 JST; 2 attempts, $0.0394 stays held.");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aWaitBeyondTheDeadlineEndsTheRunAtOnce() throws Exception {
    try (RawServer server = inTurn(RawServer.response("503 Busy", "Retry-After: 3600\r\n", "{}"))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--max-time", "60");

      assertThat(ended.exit()).isEqualTo(6);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aReplayTakesTheSavedInputAndSaysWhatItWouldHaveCost() throws Exception {
    program.unset("OPENAI_API_KEY");
    Path input = program.prompt("hello.input.md", "to Ada");
    program.prompt("hello.chatgpt.md", "Hello, Ada!\n");
    Program.Ended ended = program.run(prompt, "--replay", "-v");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEqualTo("Hello, Ada!\n");
    assertThat(ended.stderr())
        .matches(
            "graduate: hello: gpt-5\\.6-luna, \\d+\\.\\d s, about \\d+ \\+ 3 tokens, would have"
                + " cost about \\$0\\.\\d+, \\$1\\.00 left today\n"
                + "graduate: hello: a saved answer, replayed\\. The log is logs/audit\\.jsonl\n");
    JsonNode line = lines("request").get(0);
    assertThat(line.at("/request/messages/0/content").asText()).isEqualTo("Say hello\n\nto Ada");
    assertThat(line.at("/input/path").asText()).isEqualTo(input.toString());
    assertThat(program.lines()).hasSize(2).allMatch(l -> l.contains("\"replay\":true"));
    assertThat(line.path("reserved_usd").decimalValue()).isZero();
    assertThat(lines("response").get(0).path("cost_usd").decimalValue()).isZero();
  }
}
