package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Accounts;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A limit on the size of files, which stops a write half-way.
 *
 * <p>Shells count in blocks of 512 or of 1,024 bytes; the lines here are too long or short enough
 * for both.
 */
class FileSizeLimitIT {
  private static final String LIMIT_100_OR_200_KB = "ulimit -f 200; exec \"$@\"";
  private static final int LONG = 300_000;

  @TempDir private Path home;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home).under("sh", "-c", LIMIT_100_OR_200_KB, "sh");
    program.prompt("graduate.json", Accounts.SETTINGS);
  }

  @Test
  void nothingIsSentAfterHalfARequestLine() throws Exception {
    Path prompt = program.prompt("long.md", "x".repeat(LONG));
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(9);
      assertThat(ended.stderr())
          .startsWith("graduate: logs/audit.jsonl: only ")
          .contains("were written")
          .hasLineCount(1);
      assertThat(ended.out()).isEmpty();
      assertThat(server.requests()).isEmpty();
      theNextRunWorks(prompt, 0, BigDecimal.ZERO);
    }
  }

  @Test
  void anAnswerIsPrintedThoughHalfItsLineIsWritten() throws Exception {
    Path prompt = program.prompt("hello.md", "Say hello");
    String body =
        Answers.completion("Hello!").replaceFirst("\\{", "{\"more\":\"" + "x".repeat(LONG) + "\",");
    try (RawServer server = RawServer.saying(RawServer.response("200 OK", "", body))) {
      Program.Ended ended = program.at(server.port()).run(prompt);

      assertThat(ended.exit()).isEqualTo(10);
      assertThat(ended.stderr())
          .startsWith("graduate: " + prompt + ": logs/audit.jsonl: only ")
          .contains("; the answer is printed but not in the log; its call stays held")
          .hasLineCount(1);
      assertThat(ended.out()).isEqualTo("Hello!\n");
      assertThat(server.requests()).hasSize(1);
      theNextRunWorks(prompt, 1, Accounts.RESERVED);
    }
  }

  /** Without the limit; it closes the half line. */
  private void theNextRunWorks(Path prompt, int lines, BigDecimal held) throws Exception {
    Accounts.theNextRunWorks(program.under(), prompt, lines, held, "without the limit");
    assertThat(program.lines()).hasSize(lines + 3);
    assertThat(program.run("log", "verify").out())
        .contains(" bytes of a line that was never finished; they count for nothing\n");
  }
}
