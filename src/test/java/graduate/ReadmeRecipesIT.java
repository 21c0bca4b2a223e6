package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Program;
import graduate.harness.RawServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log page's lines for jq, as they stand there, on a log with a line that was never finished.
 */
@Tag("machine")
class ReadmeRecipesIT {
  @TempDir private Path home;

  @Test
  void theRecipesForTheLogPassOverWhatIsNoLine() throws Exception {
    List<String> recipes =
        Pattern.compile("(?s)```sh\n(jq .*?)```")
            .matcher(Files.readString(Path.of("src/doc/log.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(recipes).hasSize(4);
    Program program = new Program(home);
    Path prompt = program.prompt("hello.md", "Say hello");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      program.at(server.port());
      assertThat(program.run(prompt).exit()).isZero();
      Files.writeString(program.log(), "{\"v\":1,\"seq\":3,\"pr", StandardOpenOption.APPEND);
      assertThat(program.run(prompt).exit()).isZero();
    }
    assertThat(program.lines()).hasSize(5);

    assertThat(printed(recipes.get(0)).lines())
        .hasSize(2)
        .allMatch(line -> line.endsWith("\tanswered\t4.2e-06") || line.endsWith("\t0.0000042"));
    assertThat(printed(recipes.get(1))).isEqualTo("Hello!\nHello!\n");
    assertThat(printed(recipes.get(2))).matches(prompt + "\t2\t(8.4e-06|0.0000084)\n");
    assertThat(printed(recipes.get(3)).lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"content\":\"Say hello\""));
  }

  private String printed(String recipe) throws Exception {
    Path out = home.resolve("recipe");
    Process shell =
        new ProcessBuilder("bash", "-c", recipe)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int exit = shell.waitFor();
    String text = Files.readString(out);
    assertThat(exit).as(text).isZero();
    return text;
  }
}
