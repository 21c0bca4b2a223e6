package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code logs/graduate.log} says. */
class DiagnosticsIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    Files.createDirectories(home.resolve("logs"));
  }

  private String noted() throws IOException {
    return Files.readString(home.resolve("logs/graduate.log"));
  }

  @Test
  void everyExitButZeroIsNoted() throws Exception {
    program.run(prompt, "--modle");
    assertThat(noted()).endsWith(" ERROR exit 2\n");

    program.unset("OPENAI_API_KEY").run(prompt);
    assertThat(noted()).endsWith(" ERROR exit 3: no key\n").hasLineCount(2);
  }

  @Test
  void aFailedCallIsNamedWithoutTheServersWords() throws Exception {
    String body = Answers.error("slow_down", "You asked: Say hello");
    String again = "Retry-After: 0\r\n";
    try (RawServer server =
        RawServer.saying(RawServer.response("429 Too Many Requests", again, body))) {
      program.at(server.port()).run(prompt, "--retry", "1");
    }

    String id = Answers.json(program.lines().get(3)).path("id").asText();
    assertThat(noted())
        .containsSubsequence(
            " WARN ",
            "hello.md: attempt 1 ended with HTTP 429; next in 0 ms\n",
            " WARN ",
            "hello.md: call " + id + ": failed, HTTP 429\n",
            " ERROR exit 6\n")
        .hasLineCount(3)
        .doesNotContain("You asked", "Say hello");
  }
}
