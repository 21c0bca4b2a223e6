package graduate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of the files are the bytes of the message. */
class VerbatimIT {
  @TempDir private Path home;
  private Program program;
  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void prepare() throws IOException {
    server.start();
    program = new Program(home).at(server.getPort());
    program.settings("\"caps\": []");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private JsonNode sent(Object... words) throws Exception {
    server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
    Program.Ended ended = program.run(words);
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    return body(server.takeRequest());
  }

  private static JsonNode body(RecordedRequest request) {
    return Answers.json(request.getBody().utf8());
  }

  private static String message(JsonNode body) {
    JsonNode messages = body.path("messages");
    return messages.path(messages.size() - 1).path("content").textValue();
  }

  @Test
  void theMessageIsTheFileByteForByte() throws Exception {
    Map<String, String> prompts = new TreeMap<>();
    prompts.put("crlf", "one\r\ntwo\r\n\r\n");
    prompts.put("cr", "old Mac\rline\r");
    prompts.put("no-newline", "no newline at the end");
    prompts.put("blank", " \n\n\t");
    prompts.put("nul", "a\u0000b\u0001\u007f\u001b[31m\u0085");
    prompts.put("emoji", "👩‍👩‍👧‍👦 🇩🇪 \ud83d\ude00 \ue000 \uffff \udbff\udfff");
    prompts.put("marks", "\u0301 e\u0301 é \u0300\u0300 \u200d\u200b\ufeff");
    prompts.put("right-to-left", "\u202eabc\u202c שלום \u2028\u2029");
    prompts.put("template", "{{x}} ${x} %s %n $1 \\n \\u0041 #{x} <%= x %> `x` $(x) \"q\" 'q'");
    prompts.put("large", "0123456789abcdé\n".repeat(5 * (1 << 16)));
    List<Program.Running> running = new ArrayList<>();
    for (Map.Entry<String, String> prompt : prompts.entrySet()) {
      server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
      running.add(program.start(program.prompt(prompt.getKey() + ".md", prompt.getValue())));
    }
    for (Program.Running one : running) {
      assertThat(one.end().stderr()).isEmpty();
    }
    Map<String, String> received = new TreeMap<>();
    for (String line : program.lines()) {
      JsonNode json = Answers.json(line);
      String name = Path.of(json.at("/prompt/path").asText()).getFileName().toString();
      received.put(json.path("id").asText(), name.replace(".md", ""));
    }
    for (int i = 0; i < prompts.size(); i++) {
      RecordedRequest request = server.takeRequest();
      String name = received.remove(request.getHeaders().get("X-Client-Request-Id"));
      Path file = home.resolve("prompts/" + name + ".md");
      assertThat(message(body(request)).getBytes(UTF_8))
          .as(name)
          .isEqualTo(Files.readAllBytes(file));
    }
    assertThat(received).isEmpty();
  }

  @Test
  void aByteOrderMarkAtTheStartIsNoPartOfIt() throws Exception {
    assertThat(message(sent(program.prompt("bom.md", "\ufeffHello\ufeff"))))
        .isEqualTo("Hello\ufeff");
  }

  @ParameterizedTest
  @CsvSource({"'Sum up:', FILE, '\n\n'", "'Sum up:\n', FILE, '\n'", "'Sum up:\r\n', -, '\n'"})
  void theInputStandsBehindABlankLine(String prompt, String given, String between)
      throws Exception {
    Path file = program.prompt("sum.md", prompt);
    program.prompt("sum.input.md", "yesterday's");
    Path input = Files.writeString(home.resolve("today.txt"), "\r\ntoday\u0000 {{x}} 👋");
    program.stdin(input);
    JsonNode body = sent(file, "--input", given.equals("-") ? "-" : input);

    assertThat(message(body)).isEqualTo(prompt + between + Files.readString(input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"md", "txt"})
  void aSavedInputIsNotSentByItself(String ending) throws Exception {
    Path prompt = program.prompt("sum." + ending, "Sum up:");
    Path input = program.prompt("sum.input." + ending, "yesterday's");
    server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
    Program.Ended ended = program.run(prompt);

    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr())
        .isEqualTo(
            "graduate: "
                + prompt
                + ": has a saved input, "
                + input
                + ", which is not sent by itself. Say which input: -i FILE, or -i - for a pipe\n");
    assertThat(server.getRequestCount()).isZero();
    assertThat(program.lines()).isEmpty();
  }

  @Test
  void twoSavedInputsAre3ReplayedOrNot() throws Exception {
    Path prompt = program.prompt("sum.md", "Sum up:");
    program.prompt("sum.chatgpt.txt", "A sum");
    program.prompt("sum.input.md", "yesterday's");
    Path second = program.prompt("sum.input.txt", "today's");
    for (String word : new String[] {"--replay", "-q"}) {
      Program.Ended ended = program.run(prompt, word);
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.stderr()).contains("sum.input.md: sum.input.txt is there too");
    }
    assertThat(program.lines()).isEmpty();
    Files.delete(second);
    assertThat(program.run(prompt, "--replay").out()).isEqualTo("A sum\n");
    assertThat(Answers.json(program.lines().get(0)).at("/input/path").asText())
        .endsWith("sum.input.md");
  }

  @Test
  void parametersComeFromFlagThenPromptThenConfigurationThenDefault() throws Exception {
    Path prompt = program.prompt("p.md", "Hello");
    program.settings(
        """
        "caps": [], "request": {"model": "gpt-4o", "temperature": 1.00, "seed": 1, "top_p": 0.5,
         "max_tokens": 5}""");
    program.prompt(
        "p.request.json",
        """
        {"seed": 2, "top_p": null, "stop": ["}"], "messages": [{"role": "system", "content": "S"}]}""");
    JsonNode body =
        sent(prompt, "-m", "gpt-4o-mini", "-p", "seed=3", "-p", "user=u 1", "-p", "store=null");

    assertThat(body)
        .isEqualTo(
            Answers.json(
                """
                {"model": "gpt-4o-mini", "messages": [{"role": "system", "content": "S"},
                 {"role": "user", "content": "Hello"}], "service_tier": "default",
                 "temperature": 1.00, "seed": 3, "max_tokens": 5, "stop": ["}"], "user": "u 1"}"""));
  }

  @Test
  void aDryRunPrintsTheVeryBodyNeedsNoKeyAndSendsNothing() throws Exception {
    Path prompt = program.prompt("p.md", "Grüße\r\n👋 \u0000");
    program.settings("\"zone\": \"UTC\"");
    Program.Ended dry = program.unset("OPENAI_API_KEY").run(prompt, "--dry-run");

    assertThat(dry.exit()).isZero();
    assertThat(dry.stderr().replaceAll("ends [-0-9]+ ", "ends DAY "))
        .isEqualTo(
            """
            input: about 40 tokens, at most 157
            output: at most 16384 tokens
            rates: gpt-5.6-luna, USD per million: input 0.2, cached 0.02, cache write 0.25, output\
             1.2; checked 2026-01-02
            worst case: $0.01970005
            day cap $1.00: spent $0.00, held $0.00, left $1.00; ends DAY 00:00 UTC
            month cap $10.00: spent $0.00, held $0.00, left $10.00; ends DAY 00:00 UTC
            """);
    assertThat(server.getRequestCount()).isZero();
    assertThat(home.resolve("logs")).doesNotExist();

    server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
    program.env("OPENAI_API_KEY", Program.KEY).run(prompt);
    assertThat(dry.stdout()).isEqualTo(server.takeRequest().getBody().toByteArray());
    JsonNode line = Answers.json(program.lines().get(0));
    assertThat(line.path("request")).isEqualTo(Answers.json(dry.out()));
    assertThat(line.path("reserved_usd").decimalValue()).isEqualByComparingTo("0.01970005");
  }

  @Test
  void aDryRunIs4WhereACapWouldRefuse() throws Exception {
    Path prompt = program.prompt("p.md", "Hello");
    Program.Ended dry = program.run(prompt, "--dry-run", "--max-usd", "0.01");

    assertThat(dry.exit()).isEqualTo(4);
    assertThat(dry.out()).startsWith("{\"model\":");
    assertThat(dry.stderr())
        .contains("\ncall cap $0.01: spent $0.00, held $0.00, left $0.01\n")
        .endsWith("It would fit with -p max_completion_tokens=8304. See: graduate spend\n");
  }

  @Test
  void theHeadersNameWhoAsks() throws Exception {
    program.env("OPENAI_ORG_ID", "org-1").env("OPENAI_PROJECT_ID", "proj-1");
    Path prompt = program.prompt("p.md", "Hello");
    server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
    server.enqueue(new MockResponse.Builder().body(Answers.completion("ok")).build());
    program.run(prompt);
    program.env("OPENAI_API_KEY", "").unset("OPENAI_ORG_ID").run(prompt);

    RecordedRequest full = server.takeRequest();
    assertThat(full.getRequestLine()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
    assertThat(full.getHeaders().get("Authorization")).isEqualTo("Bearer " + Program.KEY);
    assertThat(full.getHeaders().get("OpenAI-Organization")).isEqualTo("org-1");
    assertThat(full.getHeaders().get("OpenAI-Project")).isEqualTo("proj-1");
    assertThat(full.getHeaders().get("X-Client-Request-Id"))
        .isEqualTo(Answers.json(program.lines().get(0)).path("id").asText());
    RecordedRequest bare = server.takeRequest();
    assertThat(bare.getHeaders().get("Authorization")).isNull();
    assertThat(bare.getHeaders().get("OpenAI-Organization")).isNull();
  }
}
