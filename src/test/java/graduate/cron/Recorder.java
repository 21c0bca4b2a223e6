package graduate.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script named {@code graduate} that writes down its arguments, {@code JAVA_HOME} and {@code
 * GRADUATE_JAVA_OPTS}. The shell makes it, since Java opens no such path in a POSIX locale.
 */
record Recorder(String folder, Path record) {
  private static final String SCRIPT =
      """
      #!/bin/sh
      printf '%s\\0' "$@" "$JAVA_HOME" "$GRADUATE_JAVA_OPTS" "${OPENAI_API_KEY-no key}" >'RECORD.tmp'
      echo 'the answer'
      mv 'RECORD.tmp' 'RECORD'
      """;

  /** Writes the script into {@code folder}, which is made where missing. */
  void create(Path scratch) throws IOException, InterruptedException {
    Path source =
        Files.writeString(scratch.resolve("recorder"), SCRIPT.replace("RECORD", record.toString()));
    Path name = Files.writeString(scratch.resolve("folder"), folder + "\n");
    String make =
        "IFS= read -r folder <\"$1\" && mkdir -p \"$folder\" && cp \"$2\" \"$folder/graduate\""
            + " && chmod 755 \"$folder\" \"$folder/graduate\"";
    Process process =
        new ProcessBuilder("/bin/sh", "-c", make, "sh", name.toString(), source.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  /** The command that calls it. */
  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(List.of(folder + "/graduate"));
    command.addAll(words);
    return command;
  }

  /** What it wrote down: the arguments, {@code JAVA_HOME}, the options, and no key. */
  List<String> recorded() throws IOException {
    String text = Files.readString(record, UTF_8);
    assertThat(text).endsWith("\0");
    return List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }
}
