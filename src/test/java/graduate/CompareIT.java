package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareIT {
  private static final String SAVED =
      "# Report\n\n- **OPS-1877**: 4,312 retries on 20 Nov 2026.\n- All is well.\n";

  @TempDir private Path home;
  private final MockWebServer server = new MockWebServer();
  private Program program;
  private Path prompt;

  @BeforeEach
  void start() throws IOException {
    server.start();
    program = new Program(home).at(server.getPort());
    prompt = program.prompt("report.md", "Write the report\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(String text) {
    server.enqueue(new MockResponse.Builder().body(Answers.completion(text)).build());
  }

  private Path saved() throws IOException {
    return program.prompt("report.chatgpt.md", SAVED);
  }

  @Test
  void findsTheChangedNumberHeadingAndSentenceInTheLoggedAnswer() throws Exception {
    saved();
    answer(SAVED.replace("4,312", "4,321").replace("# Report", "# Status").replace("well", "lost"));
    assertThat(program.run(prompt).exit()).isZero();

    Program.Ended ended = program.run("compare", prompt);

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.out().lines().findFirst().orElseThrow())
        .startsWith("report: 1 number missing, 1 number extra; wording ");
    assertThat(ended.out())
        .contains("[-4,312-]{+4,321+}", "[-Report-]{+Status+}", "[-well-]{+lost+}");
  }

  @Test
  void failsTheChecksThatWereAskedFor() throws Exception {
    saved();
    answer(SAVED.replace("4,312", "4,321"));
    program.run(prompt);

    assertThat(program.run("compare", prompt, "--facts").exit()).isEqualTo(8);
    assertThat(program.run("compare", prompt, "--min-rouge-l", "1").exit()).isEqualTo(8);
    assertThat(program.run("compare", prompt, "--json-equal").exit()).isEqualTo(8);
    assertThat(program.run("compare", prompt, "--min-rouge-l", "0.5").exit()).isZero();
    assertThat(program.run("compare", prompt, "--min-rouge-l", "high").exit()).isEqualTo(2);
  }

  @Test
  void saysWhatIsMissingAndWhatToType() throws Exception {
    Program.Ended noSaved = program.run("compare", prompt);
    assertThat(noSaved.exit()).isEqualTo(3);
    assertThat(noSaved.stderr()).contains("no saved answer. Save ChatGPT's answer as ");

    saved();
    Program.Ended noAnswer = program.run("compare", prompt);
    assertThat(noAnswer.exit()).isEqualTo(3);
    assertThat(noAnswer.stderr())
        .contains("no answer on the log to it", "Run first: graduate run " + prompt);

    answer(SAVED);
    program.run(prompt);
    Files.writeString(prompt, "Write another report\n");
    Program.Ended otherBytes = program.run("compare", prompt);
    assertThat(otherBytes.exit()).isEqualTo(3);
    assertThat(otherBytes.stderr())
        .contains("no answer on the log to it as it stands. Run first: ");
  }

  @Test
  void takesARealAnswerBeforeAReplayedOneAndMarksAReplay() throws Exception {
    saved();
    assertThat(program.run(prompt, "--replay").exit()).isZero();
    assertThat(program.run("compare", prompt).out())
        .contains("proves nothing about the API", "identical, byte for byte");

    answer("Something else");
    program.run(prompt);
    assertThat(program.run(prompt, "--replay").exit()).isZero();
    JsonNode json = Answers.json(program.run("compare", prompt, "--json").out());
    assertThat(json.get("replay").asBoolean()).isFalse();
    assertThat(program.lines().get(3)).contains(json.get("answer").asText());
    assertThat(json.get("verdict").isNull()).isTrue();
  }

  @Test
  void findsTheAnswerToAnInput() throws Exception {
    saved();
    Path input = Files.writeString(home.resolve("notes.txt"), "today's notes");
    answer(SAVED);
    program.run(prompt, "-i", input);

    assertThat(program.run("compare", prompt, "-i", input).out())
        .startsWith("report: identical, byte for byte");
    // Without one, the newest answer to the prompt counts, whatever its input was.
    assertThat(program.run("compare", prompt).exit()).isZero();
    Files.writeString(input, "tomorrow's notes");
    assertThat(program.run("compare", prompt, "-i", input).stderr())
        .contains("graduate run " + prompt + " -i " + input);
  }

  @Test
  void makesNoCallAndTakesOnePrompt() throws Exception {
    Path saved = saved();
    assertThat(program.run("compare", prompt, "--run").exit()).isEqualTo(2);
    assertThat(program.run("compare", prompt, "-m", "gpt-5.6-terra").exit()).isEqualTo(2);
    assertThat(program.run("compare", prompt, saved).stderr()).contains("one prompt at a time");
    assertThat(program.run("compare").exit()).isEqualTo(2);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void triesThePageBeforeAnythingElse() throws Exception {
    Program.Ended folder = program.run("compare", prompt, "--html", home);
    assertThat(folder.exit()).isEqualTo(3);
    assertThat(folder.out()).isEmpty();
    assertThat(folder.stderr()).contains(home + ": is a folder");

    Path page = Files.writeString(home.resolve("page.html"), "as it was");
    assertThat(program.run("compare", home.resolve("none.md"), "--html", page).exit()).isEqualTo(3);
    assertThat(page).hasContent("as it was");
  }

  @Test
  void aPageReplacesNothingThatIsReadOrRecorded() throws Exception {
    saved();
    answer(SAVED);
    program.run(prompt);
    Path other = Files.writeString(home.resolve("other.md"), SAVED);
    for (Path page :
        List.of(prompt, prompt.resolveSibling("report.chatgpt.md"), other, program.log())) {
      byte[] before = Files.readAllBytes(page);
      Program.Ended ended = program.run("compare", prompt, "--saved", other, "--html", page);

      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.stderr()).contains("--html: " + page + " would replace what is read or");
      assertThat(page).hasBinaryContent(before);
    }
  }

  @Test
  void writesAPageThatShowsScriptAsText() throws Exception {
    saved();
    answer(SAVED + "<script>alert(1)</script>");
    program.run(prompt);
    Path page = home.resolve("pages/report.html");

    assertThat(program.run("compare", prompt, "--html", page).exit()).isZero();

    assertThat(Files.readString(page))
        .contains("Content-Security-Policy")
        .doesNotContain("<script");
  }

  @Test
  void comparesAnAnswerFromAFile() throws Exception {
    Path saved = saved();
    Path answer = Files.writeString(home.resolve("new.md"), SAVED);

    Program.Ended ended = program.run("compare", prompt, "--new", answer, "--saved", saved);

    assertThat(ended.out()).startsWith("report: identical, byte for byte");
    assertThat(ended.exit()).isZero();
  }
}
