package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of {@code -o}. */
class OutputFileIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;
  private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Hello, wörld");
    folder = Files.createDirectory(home.resolve("answers"));
  }

  /** Replays the saved answer into {@code target}. */
  private Program.Ended into(Object target) throws Exception {
    return program.run(prompt, "--replay", "-o", target);
  }

  @Test
  void theAnswerGoesThereWithDateNameAndMissingFolders() throws Exception {
    ZoneId zone = ZoneId.of("Pacific/Kiritimati");
    program.settings("\"zone\": \"" + zone + "\"");
    LocalDate before = LocalDate.now(zone);

    Program.Ended ended = into(folder + "/{date}/a b/{name}-{date}.md");

    LocalDate day = Files.exists(folder.resolve(before.toString())) ? before : LocalDate.now(zone);
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).isEmpty();
    assertThat(folder.resolve(day + "/a b/hello-" + day + ".md")).hasContent("Hello, wörld\n");
    assertThat(folder.resolve(day + "/a b")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aSymbolicLinkStaysAndItsTargetKeepsItsMode() throws Exception {
    Path target = Files.writeString(folder.resolve("target.md"), "yesterday");
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-r--"));
    Path link = Files.createSymbolicLink(home.resolve("link.md"), target);

    assertThat(into(link).exit()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("Hello, wörld\n");
    assertThat(Program.mode(target)).isEqualTo("rw-rw-r--");
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aDeviceIsWrittenTo() throws Exception {
    Program.Ended ended = into("/dev/null");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).isEmpty();
  }

  /** The shell's own line stays: what standard output goes to is not replaced. */
  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
  void standardOutputIsWrittenBehindWhatStandsThere(String name) throws Exception {
    program.inShell("{ echo header; GRADUATE -o " + name + "; echo footer; } >r.md");
    Program.Ended ended = program.run(prompt, "--replay");

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr()).isEmpty();
    assertThat(home.resolve("r.md")).hasContent("header\nHello, wörld\nfooter\n");
    assertThat(home.resolve("-")).doesNotExist();
  }

  @Test
  void aNamedPipeIsWrittenToAndStays() throws Exception {
    program.inShell(
        "mkfifo pipe; timeout 60 cat pipe >out.md & GRADUATE -o pipe; wait; test -p pipe");
    Program.Ended ended = program.run(prompt, "--replay");

    assertThat(ended.exit()).isZero();
    assertThat(ended.stderr()).isEmpty();
    assertThat(home.resolve("out.md")).hasContent("Hello, wörld\n");
  }

  @ParameterizedTest
  @CsvSource({
    "prompts/hello.md, -i notes.txt",
    "prompts/../prompts/hello.md, -i notes.txt",
    "link.md, -i notes.txt",
    "hard.md, -i notes.txt",
    "notes.txt, -i notes.txt",
    "./notes.txt, -i other.txt",
    "'prompts/{name}.md', ",
    "prompts/hello.chatgpt.2.md, -i notes.txt",
    "prompts/hello.input.md, -i notes.txt",
    "logs/audit.jsonl, -i notes.txt",
    "new/../logs/spend.json, -i notes.txt",
  })
  void whatIsReadOrRecordedIsNotReplaced(String target, String input) throws Exception {
    if (input != null) {
      program.prompt("hello.chatgpt.2.md", "Hello!");
      program.prompt("hello.input.md", "notes");
    }
    Files.createDirectory(home.resolve("new"));
    Path notes = Files.writeString(home.resolve("notes.txt"), "notes");
    Files.createSymbolicLink(home.resolve("link.md"), prompt);
    Files.createLink(home.resolve("hard.md"), prompt);
    Files.createSymbolicLink(home.resolve("other.txt"), notes);
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port()).inShell("GRADUATE " + (input == null ? "" : input));
      Program.Ended ended = program.run(prompt, "-o", target);

      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.stderr()).contains("would replace what is read or recorded");
      assertThat(server.requests()).isEmpty();
    }
    assertThat(program.lines()).isEmpty();
    assertThat(prompt).hasContent("Say hello");
    assertThat(notes).hasContent("notes");
  }

  @Test
  void theSavedInputThatAReplaySendsIsNotReplacedEither() throws Exception {
    Path input = program.prompt("hello.input.txt", "notes");
    Program.Ended ended = into(input);

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(input).hasContent("notes");
  }

  @Test
  void whatFollowsTheInputIsNotReplaced() throws Exception {
    Path end = program.prompt("hello.end.md", "Be brief");
    program.prompt("hello.input.md", "notes");
    Program.Ended ended = into(end);
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(end).hasContent("Be brief");
  }

  @ParameterizedTest
  @CsvSource({"401 Unauthorized, 5", "500 Error, 6", "200 OK, 6"})
  void whatWasThereStaysWhenNoAnswerComes(String status, int exit) throws Exception {
    Path target = Files.writeString(folder.resolve("answer.md"), "yesterday");
    try (RawServer server = RawServer.saying(RawServer.response(status, "", "{}"))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "-o", target, "--retry", "0");

      assertThat(ended.exit()).isEqualTo(exit);
      assertThat(target).hasContent("yesterday");
      assertThat(folder.toFile().list()).containsExactly("answer.md");
    }
  }

  @Test
  void whatCannotBeWrittenIs3BeforeTheCall() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port());
      Program.Ended aFolder = program.run(prompt, "-o", folder);
      Program.Ended belowAFile = program.run(prompt, "-o", file.resolve("answer.md"));

      assertThat(aFolder.exit()).isEqualTo(3);
      assertThat(aFolder.stderr()).isEqualTo("graduate: " + folder + ": is a folder\n");
      assertThat(belowAFile.exit()).isEqualTo(3);
      assertThat(belowAFile.stderr())
          .isEqualTo("graduate: " + file + "/answer.md: " + file + " is no folder\n");
      assertThat(server.requests()).isEmpty();
      assertThat(program.lines()).isEmpty();
    }
  }

  @Test
  @Tag("machine")
  void aReadOnlyFolderIs3BeforeTheCall() throws Exception {
    Path target = Files.writeString(folder.resolve("answer.md"), "yesterday");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    program.under("setpriv", "--bounding-set=-dac_override,-dac_read_search");
    Program.Ended there = into(target);
    Program.Ended missing = into(folder.resolve("new/answer.md"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    for (Program.Ended ended : new Program.Ended[] {there, missing}) {
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.stderr())
          .startsWith("graduate: " + folder)
          .endsWith("answer.md: may not be written (permission denied)\n");
    }
    assertThat(target).hasContent("yesterday");
    assertThat(program.lines()).isEmpty();
  }

  @Test
  void aFolderThatVanishesDuringTheCallIs10AndTheLineSaysWhereTheAnswerIs() throws Exception {
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              Files.delete(folder);
              connection.send(RawServer.answer("Hello!"));
            })) {
      Program.Ended ended =
          program.at(server.port()).run(prompt, "-o", folder.resolve("answer.md"));

      String id = Answers.json(program.lines().get(1)).path("id").asText();
      assertThat(ended.exit()).isEqualTo(10);
      assertThat(program.lines().get(1)).contains(id);
      assertThat(ended.out()).isEqualTo("Hello!\n");
      assertThat(ended.stderr())
          .startsWith("graduate: " + prompt + ": " + folder.resolve("answer.md") + ": cannot be")
          .endsWith(". The answer was printed instead\n")
          .hasLineCount(1);
    }
  }

  @Test
  void anAnswerThatCannotBeLoggedIsStillThereAndTheLineNamesTheFile() throws Exception {
    Files.writeString(prompt, "x".repeat(40_000));
    Path target = folder.resolve("answer.md");
    program.under("sh", "-c", "ulimit -f 120; exec \"$@\"", "sh");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt, "-o", target);

      assertThat(ended.exit()).isEqualTo(10);
      assertThat(ended.out()).isEmpty();
      assertThat(target).hasContent("Hello!\n");
      assertThat(ended.stderr())
          .startsWith("graduate: " + prompt + ": logs/audit.jsonl: ")
          .contains("; the answer is in " + target + " but not in the log; its call stays held");
    }
  }

  /** No file takes the answer; what goes through a pipe has no such limit. */
  @Test
  void anAnswerThatNeitherTheLogNorItsFileTakesIsPrinted() throws Exception {
    Path target = Files.writeString(folder.resolve("answer.md"), "yesterday");
    String answer = "All of it. ".repeat(30_000) + "\n";
    program.inShell("set -o pipefail; (ulimit -f 120; exec GRADUATE -o " + target + ") | cat");
    try (RawServer server = RawServer.saying(RawServer.answer(answer))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(10);
      assertThat(ended.out()).isEqualTo(answer);
      assertThat(ended.stderr())
          .hasLineCount(1)
          .contains(target + ": cannot be written", ", nor logged: ", "the answer is printed");
    }
    assertThat(target).hasContent("yesterday");
    assertThat(folder.toFile().list()).containsExactly("answer.md");
  }
}
