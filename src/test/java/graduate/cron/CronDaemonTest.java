package graduate.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line in the hands of Debian's own daemon. */
@Tag("machine")
class CronDaemonTest {
  private static final Schedule EVERY_MINUTE = new Schedule("* * * * *");

  @TempDir private Path dir;

  @Test
  void runsTheLineAndMailsAFailure() throws Exception {
    Path home = Files.createDirectory(dir.resolve("home"));
    List<String> words = List.of("büro 'n' \"home\" 100% \\%\\\\", "", "$HOME", "{date}.md", "%");
    String javaHome = "/opt/it's a \\ 5% jdk";
    Recorder recorder =
        new Recorder(home + "/Dödé's \"50 %\" \\% $PATH ; & 工", home.resolve("record"));
    recorder.create(dir);
    Map<String, String> env = Map.of("GRADUATE_JAVA_OPTS", "-De='%'", "OPENAI_API_KEY", "sk-1");
    CrontabLine runs =
        new CrontabLine(EVERY_MINUTE, Path.of(javaHome), env, recorder.command(words), true);
    CrontabLine fails =
        new CrontabLine(
            EVERY_MINUTE, Path.of(javaHome), env, List.of("ls", "/no such prompt.md"), true);

    CronDaemon.run(dir, runs + "\n" + fails + "\n", List.of("record", "mail"));

    List<String> expected = new ArrayList<>(words);
    expected.addAll(List.of(javaHome, "-De='%'", "no key"));
    assertThat(recorder.recorded()).isEqualTo(expected);
    assertThat(Files.readString(home.resolve("mail")))
        .contains("To: graduate-test", "/no such prompt.md': No such file or directory");
  }
}
