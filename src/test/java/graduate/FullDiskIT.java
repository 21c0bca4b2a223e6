package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Accounts;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log on a disk of 64 kB, sixteen pages, that fills up. */
@Tag("machine")
class FullDiskIT {
  private static final int PAGE = 4096;
  private static final int PAGES = 16;

  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void mount() throws Exception {
    program = new Program(home);
    shortAnswers(100);
    prompt = program.prompt("hello.md", "Say hello");
    Files.createDirectories(logs());
    must("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", logs().toString());
  }

  @AfterEach
  void unmount() throws Exception {
    must("umount", logs().toString());
  }

  private static void must(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  /** One cent is reserved however few tokens there may be. */
  private void shortAnswers(int tokens) throws IOException {
    BigDecimal rate = new BigDecimal(10_000).divide(new BigDecimal(tokens));
    program.prompt(
        "graduate.json",
        """
        {"request": {"max_completion_tokens": %d}, "retry": 0,
         "prices": {"gpt-5.6-luna": {"input": 0, "output": %s}},
         "caps": [{"usd": 1, "per": "total"}]}
        """
            .formatted(tokens, rate.toPlainString()));
  }

  private Path logs() {
    return home.resolve("logs");
  }

  /** Takes all but so many pages. */
  private void fill(int leave) throws IOException {
    long free = logs().toFile().getUsableSpace();
    Files.write(logs().resolve("filler"), new byte[(int) Math.max(0, free - (long) leave * PAGE)]);
  }

  private void theNextRunWorks(int lines, BigDecimal held) throws IOException {
    Files.delete(logs().resolve("filler"));
    Accounts.theNextRunWorks(program, prompt, lines, held, "with room");
  }

  @Test
  void withSoManyPagesLeftItSendsNothingOrRecordsAll() throws Exception {
    boolean refused = false;
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port());
      int sent = 0;
      for (int pages = 0; pages < PAGES; pages++) {
        fill(pages);
        Program.Ended ended = program.run(prompt);
        String where = pages + " pages left: " + ended.stderr();
        if (ended.exit() == 9) {
          refused = true;
          assertThat(ended.out()).as(where).isEmpty();
          assertThat(ended.stderr()).as(where).contains("bytes left on the disk");
        } else {
          sent++;
          assertThat(ended.exit()).as(where).isZero();
          assertThat(ended.out()).as(where).isEqualTo("Hello!\n");
        }
        assertThat(server.requests()).as(where).hasSize(sent);
        assertThat(program.lines()).as(where).hasSize(2 * sent);
        Files.delete(logs().resolve("filler"));
      }
      assertThat(refused).isTrue();
      assertThat(sent).isPositive();
      fill(PAGES);
      theNextRunWorks(2 * sent, BigDecimal.ZERO);
    }
  }

  /** The answer's line is long, so that a part of it may still find room: none, or some pages. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anAnswerThatFindsTheDiskFullIsPrinted(int pages) throws Exception {
    String answer = "All of it. ".repeat(3_000) + "\n";
    try (RawServer server =
        new RawServer(
            (request, connection) -> {
              fill(pages);
              connection.send(RawServer.answer(answer));
            })) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(10);
      assertThat(ended.out()).isEqualTo(answer);
      assertThat(ended.stderr())
          .contains("logs/audit.jsonl: ")
          .contains("the answer is printed but not in the log");
      assertThat(server.requests()).hasSize(1);
    }
    theNextRunWorks(1, Accounts.RESERVED);
    List<String> lines = program.lines();
    assertThat(program.run("log", "verify").out().lines().filter(line -> line.contains("never")))
        .hasSize(lines.size() - 3);
  }

  @Test
  void requiresRoomForALongAnswer() throws Exception {
    shortAnswers(100_000);
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(9);
      assertThat(ended.stderr()).contains("bytes left on the disk");
      assertThat(server.requests()).isEmpty();
      assertThat(program.lines()).isEmpty();
    }
  }
}
