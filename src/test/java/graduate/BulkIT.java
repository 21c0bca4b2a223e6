package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs in, answers out: files, lines and tables. */
class BulkIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;
  private CountingServer server;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    program.prompt("graduate.json", Accounts.SETTINGS);
    prompt = program.prompt("say.md", "Say it");
    server = new CountingServer();
    program.at(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void notes() throws IOException {
    write("notes/b.txt", "two");
    write("notes/a.md", "one\n");
    write("notes/.hidden", "no");
    write("notes/empty.txt", "");
    write("notes/deeper/c.txt", "no");
  }

  @Test
  void eachFileOfAFolderIsALineOfJson() throws Exception {
    notes();
    Program.Ended ended = program.run("bulk", prompt, "notes/", "-j", 1);

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    List<JsonNode> lines = ended.out().lines().map(Answers::json).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).path("input").asText()).isEqualTo("notes/a.md");
    assertThat(lines.get(0).path("answer").asText()).isEqualTo("Re: one\n");
    assertThat(lines.get(1).path("answer").asText()).isEqualTo("Re: two");
    assertThat(lines.get(1).path("outcome").asText()).isEqualTo("answered");
    assertThat(lines.get(1).path("cost_usd").decimalValue()).isEqualByComparingTo("0.000003");
    assertThat(lines.get(1).path("from_log").asBoolean()).isFalse();
    assertThat(program.lines().get(0)).contains("\"id\":" + lines.get(0).path("id"));
    assertThat(lines.get(0).properties().stream().map(Map.Entry::getKey))
        .containsExactly("input", "outcome", "answer", "cost_usd", "id", "from_log");
  }

  @Test
  void theSameCommandAgainPaysForWhatIsNewAlone() throws Exception {
    notes();
    Program.Ended before = program.run("bulk", prompt, "notes/");
    write("notes/c.txt", "three");
    Program.Ended ended = program.run("bulk", prompt, "notes/");

    assertThat(before.exit()).isZero();
    assertThat(ended.exit()).isZero();
    assertThat(server.calls()).isEqualTo(3);
    assertThat(
            ended.out().lines().map(Answers::json).map(json -> json.path("from_log").asBoolean()))
        .containsExactly(true, true, false);
    assertThat(Accounts.of(program).spent()).isEqualByComparingTo(server.bill());
    assertThat(Accounts.of(program).verify().seq()).isEqualTo(6);
  }

  /** What run has answered needs no bulk, and the other way round it is the same line. */
  @Test
  void anAnswerOfRunStandsForACall() throws Exception {
    notes();
    Program.Ended run = program.run(prompt, "-i", "notes/a.md");
    Program.Ended ended = program.run("bulk", prompt, "notes/a.md", "-o", "out");

    assertThat(ended.exit()).isZero();
    assertThat(server.calls()).isEqualTo(1);
    assertThat(home.resolve("out/a.md")).hasBinaryContent(run.stdout());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m gpt-5.6-luna -p seed=1", "-p temperature=0.5"})
  void anotherBodyIsAnotherQuestion(String options) throws Exception {
    notes();
    program.run("bulk", prompt, "notes/");
    program.run((Object[]) ("bulk " + prompt + " notes/ " + options).split(" ", -1));

    assertThat(server.calls()).isEqualTo(4);
  }

  @Test
  void inputsThatAreTheSameAreAskedOnce() throws Exception {
    write("one.txt", "same");
    write("two.txt", "same");
    Program.Ended ended = program.run("bulk", prompt, "one.txt", "two.txt");

    assertThat(server.asked()).containsExactly(Map.entry("same", 1));
    assertThat(
            ended.out().lines().map(Answers::json).map(json -> json.path("from_log").asBoolean()))
        .containsExactly(false, true);
  }

  @Test
  void aFolderOfAnswersIsBroughtUpToDate() throws Exception {
    notes();
    program.run("bulk", prompt, "notes", "-o", "new/reports");
    Path a = home.resolve("new/reports/a.md");
    Path b = home.resolve("new/reports/b.md");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(a, old);
    Files.writeString(b, "edited");
    Program.Ended ended = program.run("bulk", prompt, "notes", "-o", "new/reports");

    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).isEmpty();
    assertThat(server.calls()).isEqualTo(2);
    assertThat(a).hasContent("Re: one\n");
    assertThat(Files.getLastModifiedTime(a)).isEqualTo(old);
    assertThat(b).hasContent("Re: two\n");
    assertThat(home.resolve("new/reports").toFile().list())
        .containsExactlyInAnyOrder("a.md", "b.md");
  }

  @Test
  void eachLineOfATextIsAnInput() throws Exception {
    write("lines.txt", "\uFEFFone\r\n\r\n  \ntwo\r\nthree");
    Program.Ended ended = program.run("bulk", prompt, "--lines", "lines.txt", "-o", "out", "-j", 1);

    assertThat(ended.exit()).isZero();
    assertThat(server.asked()).containsOnlyKeys("one", "two", "three");
    assertThat(home.resolve("out").toFile().list())
        .containsExactlyInAnyOrder("lines-1.md", "lines-4.md", "lines-5.md");
    assertThat(program.lines().get(0)).contains("\"path\":\"lines.txt:1\"");
  }

  private static String excel(String table) {
    return "\uFEFF" + table.replace("\n", "\r\n");
  }

  @Test
  void aTableGetsThreeColumns() throws Exception {
    String table =
        """
        id;text;note
        1;"a; ""b""
        c";x
        2;;
        3;Größe;"1,5"
        """;
    write("in.csv", excel(table));
    Program.Ended ended =
        program.run("bulk", prompt, "in.csv", "--column", "text", "-o", "out.csv");

    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(server.asked()).containsOnlyKeys("a; \"b\"\r\nc", "Größe");
    String answers =
        """
        id;text;note;answer;outcome;cost_usd
        1;"a; ""b""
        c";x;"Re: a; ""b""
        c";answered;0.000009
        2;;;;;
        3;Größe;1,5;Re: Größe;answered;0.000005
        """;
    assertThat(Files.readString(home.resolve("out.csv"))).isEqualTo(excel(answers));
  }

  private void refuses(int exit, String problem, Object... words) throws Exception {
    Program.Ended ended = program.run(words);

    assertThat(ended.stderr()).contains(problem).hasLineCount(1);
    assertThat(ended.exit()).isEqualTo(exit);
    assertThat(server.calls()).isZero();
    assertThat(program.lines()).isEmpty();
  }

  @Test
  void whatCannotBeUsedIsSaidBeforeTheFirstCall() throws Exception {
    notes();
    write("in.csv", "id,text\n1,hello\n");
    write("full.csv", "text,answer\nhello,\n");
    write("other/a.txt", "other");
    Files.write(
        home.resolve("latin.txt"), "ok\nGr\u00F6\u00DFe\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(
        home.resolve("latin.csv"), "text\nGr\u00F6\u00DFe\n".getBytes(StandardCharsets.ISO_8859_1));

    refuses(2, "bulk: - is no INPUT", "bulk", prompt, "-");
    refuses(2, "which prompt and inputs", "bulk", prompt);
    refuses(2, "--jobs: no number from 1 to 256: 257", "bulk", prompt, "notes", "-j", 257);
    refuses(2, "--jobs: no number from 1 to 256: 0", "bulk", prompt, "notes", "-j", 0);
    refuses(
        2,
        "would hold the answers of notes/a.md and other/a.txt",
        "bulk",
        prompt,
        "notes",
        "other/a.txt",
        "-o",
        "out");
    refuses(2, "notes/a.md would replace what is read", "bulk", prompt, "notes", "-o", "notes");
    refuses(
        2,
        "say.md would replace what is read",
        "bulk",
        prompt,
        write("say.txt", "x"),
        "-o",
        "prompts");
    refuses(
        2,
        "takes the answers of one table",
        "bulk",
        prompt,
        "in.csv",
        "full.csv",
        "--column",
        "text",
        "-o",
        "out.csv");
    refuses(
        2,
        "in.csv would replace what is read",
        "bulk",
        prompt,
        "in.csv",
        "--column",
        "text",
        "-o",
        "in.csv");
    refuses(
        3,
        "in.csv: no column body; its columns: id, text",
        "bulk",
        prompt,
        "in.csv",
        "--column",
        "body");
    refuses(
        3,
        "full.csv: has a column answer already",
        "bulk",
        prompt,
        "full.csv",
        "--column",
        "text",
        "-o",
        "out.csv");
    refuses(
        3, "latin.txt: line 2 is not UTF-8 (byte 0xF6)", "bulk", prompt, "notes/a.md", "latin.txt");
    refuses(
        3, "latin.txt:2: line 1 is not UTF-8 (byte 0xF6)", "bulk", prompt, "--lines", "latin.txt");
    refuses(
        3,
        "latin.csv: not UTF-8 in row 1 or soon after it",
        "bulk",
        prompt,
        "latin.csv",
        "--column",
        "text");
    refuses(3, "nowhere: no such file", "bulk", prompt, "nowhere");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void anEmptyFolderIsNothingToDo() throws Exception {
    Files.createDirectories(home.resolve("empty"));
    Program.Ended ended = program.run("bulk", prompt, "empty");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).isEmpty();
  }

  @Test
  void aDryRunSaysWhatItCouldCostAndSendsNothing() throws Exception {
    notes();
    program.run(prompt, "-i", "notes/a.md");
    program.unset("OPENAI_API_KEY");
    Program.Ended ended = program.run("bulk", prompt, "notes", "-o", "out", "--dry-run");

    assertThat(ended.stderr())
        .isEqualTo(
            "graduate: say"
                + ": 2 inputs, 1 on the log, 1 to ask, which could cost $0.01 at the most,"
                + " total cap: $0.999 left\n");
    assertThat(ended.exit()).isZero();
    assertThat(server.calls()).isEqualTo(1);
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void aTerminalReadsWhatComesAndWhatCame() throws Exception {
    notes();
    Program.Ended ended = program.terminals("2").run("bulk", prompt, "notes", "-o", "out");

    assertThat(ended.stderr())
        .startsWith("graduate: say: 2 inputs, 0 on the log, 2 to ask")
        .endsWith("graduate: say: 2 of 2 done; $0.000007 spent\n");
  }

  @Test
  void whoseReaderGoesAwayAsksNoMore() throws Exception {
    for (int i = 0; i < 40; i++) {
      write("many/" + i + ".txt", "input " + i);
    }
    program.inShell("GRADUATE bulk prompts/say.md many -j 1 | head -n 1; exit ${PIPESTATUS[0]}");
    Program.Ended ended = program.run();

    assertThat(ended.exit()).isEqualTo(141);
    assertThat(ended.stderr()).isEmpty();
    assertThat(server.calls()).isBetween(1, 39);
    assertThat(Accounts.of(program).open()).isZero();
    assertThat(Accounts.of(program).verify().seq()).isEqualTo(2L * server.calls());
  }

  /** What does not fit is found when the table's writer has filled its buffer, or at its end. */
  @Test
  void anAnswerThatCannotBeWrittenIsOnTheLog() throws Exception {
    String text = "word ".repeat(4_000);
    write("in.csv", "text\n" + text + "\n" + text + "2\nthree\n");
    Files.createSymbolicLink(home.resolve("full.csv"), Path.of("/dev/full"));
    Program.Ended ended =
        program.run("bulk", prompt, "in.csv", "--column", "text", "-o", "full.csv");

    assertThat(ended.exit()).as(ended.stderr()).isEqualTo(10);
    assertThat(ended.stderr())
        .contains("No space left on device; the answers are in the log, and the same command");
    assertThat(server.calls()).isEqualTo(3);
  }

  @Test
  void aFolderInAnAnswersPlaceIsToldBeforeTheFirstCall() throws Exception {
    notes();
    Files.createDirectories(home.resolve("out/a.md"));

    refuses(3, "out/a.md: is a folder", "bulk", prompt, "notes", "-o", "out");
  }

  @Test
  void blankLinesOfATableStayAndAQuotedCommaIsNoSeparator() throws Exception {
    write("in.csv", "id;text;\"Name, first\"\n1;one;a\n\n2;two;b\n");
    Program.Ended ended =
        program.run("bulk", prompt, "in.csv", "--column", "text", "-o", "out.csv");

    assertThat(ended.exit()).as(ended.stderr()).isZero();
    assertThat(Files.readString(home.resolve("out.csv")).lines().map(l -> l.split(";", 4)[0]))
        .containsExactly("id", "1", "", "2");
  }

  @Test
  void whatCannotBeReadTwiceOrHasNoNameIsNoInput() throws Exception {
    refuses(2, "is no file that can be read twice", "bulk", prompt, "/dev/null");
    refuses(3, "'': is no name of a file", "bulk", prompt, "");
  }
}
