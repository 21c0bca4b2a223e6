package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong inputs that people typed: one clear line each, in words and not in Java's. */
class ComplaintIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | log shwo last          | log: shwo last: known are log show ID, log show last and log verify",
        "2 | hello -o {nmae}.md     | --output: {nmae}: known are {date} and {name}",
        "3 | hello -v -i no.txt     | no.txt: ",
        "3 | hello --verbose -p max_tokens=none | ",
      })
  void areToldInOneLine(int exit, String words, String problem) throws Exception {
    Program.Ended ended = program.run((Object[]) words.trim().split(" "));

    assertThat(ended.stderr())
        .startsWith("graduate: " + (problem == null ? "" : problem))
        .hasLineCount(1)
        .doesNotContain("Exception", "\tat ", "no amount of");
    assertThat(ended.exit()).isEqualTo(exit);
    assertThat(ended.out()).isEmpty();
    assertThat(home.resolve("{nmae}.md")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run hello", "log verify", "spend", "log"})
  void aFileInPlaceOfTheLogsFolderIsToldInWords(String words) throws Exception {
    Path file = Files.writeString(home.resolve("file"), "x");
    Program.Ended ended = program.run((Object[]) (words + " --logs " + file).split(" "));

    assertThat(ended.exit()).isIn(3, 9);
    assertThat(ended.stderr())
        .startsWith("graduate: " + file)
        .hasLineCount(1)
        .containsPattern("is a file, not a folder|what should be its folder is a file")
        .doesNotContain("Exception", "AlreadyExists", "NotDirectory", "NoSuchFile");
    assertThat(file).hasContent("x");
  }

  @Test
  void noKeyNamesHowToSendNone() throws Exception {
    Program.Ended ended = program.unset("OPENAI_API_KEY").run(prompt);

    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.stderr()).contains("OPENAI_API_KEY=").hasLineCount(1);
  }

  @Test
  void aStatusIsNotSaidTwiceNorAnAddressInJavasForm() throws Exception {
    String body = Answers.error("500", "Out of memory");
    try (RawServer server = RawServer.saying(RawServer.response("500 Error", "", body))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "--retry", "0");
      assertThat(ended.stderr()).contains(": HTTP 500: Out of memory; ").hasLineCount(1);
    }
    Program.Ended refused = program.at(1).run(prompt, "--retry", "0");
    assertThat(refused.exit()).isEqualTo(6);
    assertThat(refused.stderr())
        .isEqualTo("graduate: " + prompt + ": connection refused by 127.0.0.1:1\n");
  }

  @Test
  void theNearerOfTheTwoLimitsOfTokensHolds() throws Exception {
    program.settings("\"request\": {\"max_completion_tokens\": 900}");
    JsonNode body =
        Answers.json(program.run(prompt, "--dry-run", "--json", "-p", "max_tokens=50").out());
    assertThat(body.path("max_tokens").asInt()).isEqualTo(50);
    assertThat(body.has("max_completion_tokens")).isFalse();

    program.prompt("hello.request.json", "{\"max_tokens\": 60}");
    body = Answers.json(program.run(prompt, "--dry-run", "--json").out());
    assertThat(body.path("max_tokens").asInt()).isEqualTo(60);
    assertThat(body.has("max_completion_tokens")).isFalse();

    Program.Ended flags =
        program.run(prompt, "-p", "max_tokens=5", "-p", "max_completion_tokens=5");
    program.prompt("hello.request.json", "{\"max_tokens\": 5, \"max_completion_tokens\": 5}");
    Program.Ended file = program.run(prompt);
    for (Program.Ended both : new Program.Ended[] {flags, file}) {
      assertThat(both.exit()).isEqualTo(3);
      assertThat(both.stderr()).contains("max_tokens", "max_completion_tokens").hasLineCount(1);
    }
    assertThat(file.stderr().toLowerCase(Locale.ROOT)).contains("hello.request.json");
  }
}
