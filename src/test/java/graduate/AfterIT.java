package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --after}: going on from a logged call. */
class AfterIT {
  @TempDir private Path home;
  private Program program;
  private Path first;
  private Path next;
  private RawServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    first = program.prompt("first.md", "One?");
    next = program.prompt("next.md", "And then?");
    AtomicInteger turn = new AtomicInteger();
    server =
        new RawServer(
            (request, connection) ->
                connection.send(RawServer.answer("Answer " + turn.incrementAndGet())));
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** The messages of the last request, each as {@code role: content}. */
  private List<String> sent() {
    String request = server.requests().get(server.requests().size() - 1);
    List<String> sent = new ArrayList<>();
    for (JsonNode message :
        Answers.json(request.substring(request.indexOf("\r\n\r\n"))).path("messages")) {
      assertThat(message).hasSize(2);
      sent.add(message.path("role").asText() + ": " + message.path("content").asText());
    }
    return sent;
  }

  private String lastId() throws IOException {
    return Answers.json(program.lines().get(program.lines().size() - 1)).path("id").asText();
  }

  private void answered(Object... words) throws Exception {
    Program.Ended ended = program.run(words);
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
  }

  @Test
  void aChainOfThreeHoldsAllThatWasSaidAndReplacesThePromptsOwnMessages() throws Exception {
    program.prompt(
        "first.request.json", "{\"messages\": [{\"role\": \"system\", \"content\": \"Brief\"}]}");
    program.prompt(
        "next.request.json", "{\"messages\": [{\"role\": \"system\", \"content\": \"Other\"}]}");
    answered(first);
    String id = lastId();
    answered(next, "--after", id.substring(0, 20));
    assertThat(sent())
        .containsExactly("system: Brief", "user: One?", "assistant: Answer 1", "user: And then?");
    answered(first, "--after=last");
    assertThat(sent())
        .containsExactly(
            "system: Brief",
            "user: One?",
            "assistant: Answer 1",
            "user: And then?",
            "assistant: Answer 2",
            "user: One?");
    answered(next, "--after", id);
    assertThat(sent()).hasSize(4).contains("assistant: Answer 1");
  }

  @Test
  void lastPassesOverReplaysUnlessItIsOneAndCallsWithoutAnAnswer() throws Exception {
    program.prompt("first.chatgpt.md", "Saved.");
    program.prompt("next.chatgpt.md", "Saved, too.");
    answered(first);
    answered(first, "--replay");
    assertThat(program.at(1).run(first, "--retry", "0").exit()).isEqualTo(6);
    String without = lastId();
    program.at(server.port());
    answered(next, "--after", "last");
    assertThat(sent()).containsExactly("user: One?", "assistant: Answer 1", "user: And then?");

    answered(first, "--replay");
    answered(next, "--replay", "--after", "last");
    String line = program.lines().get(program.lines().size() - 1);
    assertThat(Answers.json(line).at("/request/messages/1/content").asText()).isEqualTo("Saved.");

    Program.Ended none = program.run(next, "--after", without);
    assertThat(none.exit()).isEqualTo(3);
    assertThat(none.stderr())
        .isEqualTo(
            "graduate: --after: " + without + " has no answer (failed). See: graduate log\n");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void whatCannotBeGoneOnFromSendsNothing() throws Exception {
    Program.Ended empty = program.run(next, "--after", "last");
    assertThat(empty.exit()).isEqualTo(3);
    assertThat(empty.stderr())
        .isEqualTo("graduate: last: the log has no such call. See: graduate log\n");
    answered(first);
    Program.Ended unknown = program.run(next, "--after", "2031");
    assertThat(unknown.exit()).isEqualTo(3);
    assertThat(unknown.stderr()).isEqualTo("graduate: 2031: no such call. See: graduate log\n");
    Program.Ended once = program.run(next, "--after", "last", "--once-per", "day");
    assertThat(once.exit()).isEqualTo(2);
    assertThat(once.stderr())
        .isEqualTo("graduate: --after: --once-per does not go with it. See: graduate run --help\n");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aTerminalReadsWhatItGoesOnFrom() throws Exception {
    answered(first);
    String id = lastId();
    Program.Ended quiet = program.run(next, "--after", "last");
    assertThat(quiet.stderr()).isEmpty();
    Program.Ended told = program.terminals("2").run(next, "--after", id);
    assertThat(told.exit()).isZero();
    assertThat(told.stderr()).contains("graduate: next: goes on from " + id + ", " + first + "\n");
  }
}
