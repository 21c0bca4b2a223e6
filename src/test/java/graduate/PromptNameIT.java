package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prompt by its bare name, wherever a PROMPT stands, and hints as they are to be typed. */
class PromptNameIT {
  @TempDir private Path home;
  private Program program;
  private RawServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    program.prompt("standup.md", "Stand up");
    program.prompt("standup.chatgpt.md", "Up.");
    server = RawServer.saying(RawServer.answer("Up."));
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private String sent() throws Exception {
    String request = server.take();
    return Answers.json(request.substring(request.indexOf("\r\n\r\n")))
        .at("/messages/0/content")
        .asText();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"standup", "run standup", "-q standup", "-q run standup", "run -q standup"})
  void runsThePromptBesideTheLauncher(String words) throws Exception {
    Program.Ended ended = program.run((Object[]) words.split(" "));

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.out()).isEqualTo("Up.\n");
    assertThat(sent()).isEqualTo("Stand up");
  }

  @Test
  void isTakenByCompareByTheLogAndByCron() throws Exception {
    Program.Ended missing = program.run("log", "--expect", "26h", "standup");
    assertThat(missing.exit()).isEqualTo(8);
    assertThat(missing.stderr()).contains("prompts/standup.md: no answer in 26h");
    assertThat(program.run("standup").exit()).isZero();

    assertThat(program.run("compare", "standup").exit()).isZero();
    assertThat(program.run("log", "--expect", "26h", "standup").exit()).isZero();
    Program.Ended cron = program.run("cron", "standup", "0 7 * * *");
    assertThat(cron.exit()).isZero();
    assertThat(cron.out()).startsWith("0 7 * * * ").contains(home + "/prompts/standup.md");
  }

  @Test
  void isFoundFromAnotherFolderAndAFileThereWins() throws Exception {
    program.launcher();
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));

    Program.Ended found = program.inShell("cd elsewhere && ../graduate standup").run();
    assertThat(found.stderr()).isEmpty();
    assertThat(sent()).isEqualTo("Stand up");
    Files.writeString(elsewhere.resolve("standup"), "The file here");
    Program.Ended here = program.inShell("cd elsewhere && ../graduate run standup").run();
    assertThat(here.exit()).isZero();
    assertThat(sent()).isEqualTo("The file here");
  }

  @Test
  void twoOfTheNameAre2AndSoIsNone() throws Exception {
    program.prompt("standup.txt", "Stand up, too");
    for (String words : new String[] {"standup", "run standup", "compare standup"}) {
      Program.Ended both = program.run((Object[]) words.split(" "));
      assertThat(both.exit()).as(words).isEqualTo(2);
      assertThat(both.stderr())
          .contains("standup: which? ", "prompts/standup.md or ", "prompts/standup.txt")
          .hasLineCount(1);
    }
    Program.Ended none = program.run("standpu");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.stderr())
        .startsWith("graduate: standpu: ")
        .contains("bulk, candidates, capture, compare, cron, log, run, spend")
        .endsWith(". See: graduate --help\n")
        .hasLineCount(1);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void hintsBeginWithWhatWasTypedAndCanBePasted() throws Exception {
    program.launcher();
    Path blank = Files.createDirectories(home.resolve("my tools"));
    Files.createSymbolicLink(blank.resolve("grad"), home.resolve("graduate"));
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("grad"), home.resolve("graduate"));
    for (String typed :
        new String[] {
          "./graduate", "bin/grad", "'my tools/grad'", "'" + home + "/my tools/grad'"
        }) {
      Program.Ended wrong = program.inShell(typed + " spend --modle").run();
      assertThat(wrong.exit()).isEqualTo(2);
      assertThat(wrong.stderr()).endsWith(". See: " + typed + " spend --help\n");
      String hint = wrong.stderr().replaceFirst("(?s).* See: (.*)\n", "$1");
      Program.Ended pasted = program.inShell(hint).run();
      assertThat(pasted.exit()).as(hint).isZero();
      assertThat(pasted.out()).contains("spend settle");

      Program.Ended capped = program.inShell(typed + " standup --max-usd 0").run();
      assertThat(capped.exit()).isEqualTo(4);
      assertThat(capped.stderr()).endsWith(". See: " + typed + " spend\n");
    }
  }
}
