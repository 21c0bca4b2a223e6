package graduate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
  /** Where a command asks for an option by its name. */
  private static final Pattern ASKED =
      Pattern.compile(
          "\\bline(?:\\(\\))?\\s*(?:\\.(?:has|value|values|get|paths|usd)\\(\\s*|, )\"([a-z-]+)\"");

  /** Where a text explains an option: both names, and a value's name. */
  private static final Pattern EXPLAINED =
      Pattern.compile("(?m)^  (?:-(\\w), |    )--([a-z-]+)( \\S+)?");

  static Stream<String> names() {
    return Commands.OPTIONS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasTheOptionsOfItsCommandAndNoOthers(String name) throws IOException {
    Set<String> explained = new TreeSet<>();
    Matcher lines = EXPLAINED.matcher(Commands.help(name.equals("cron") ? "run" : name));
    while (lines.find()) {
      String brief = lines.group(1) == null ? "" : lines.group(1) + "/";
      explained.add(brief + lines.group(2) + (lines.group(3) == null ? "" : "="));
    }
    String declared = Commands.OPTIONS.getOrDefault(name, "");
    assertThat(explained).isEqualTo(Set.of(declared.split(" ", -1)));
  }

  /** {@code --logs} is looked for before any command is known. */
  @Test
  void everyOptionIsAskedForAndNoOther() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (String options : Commands.OPTIONS.values()) {
      declared.addAll(List.of(options.replaceAll("\\w/|=", "").split(" ", -1)));
    }
    Set<String> asked = new TreeSet<>(Set.of("logs"));
    try (DirectoryStream<Path> sources =
        Files.newDirectoryStream(Path.of("src/main/java/graduate/cli"), "*.java")) {
      for (Path source : sources) {
        Matcher names = ASKED.matcher(Files.readString(source));
        while (names.find()) {
          asked.add(names.group(1));
        }
      }
    }
    assertThat(declared).isEqualTo(asked);
  }

  @ParameterizedTest
  @MethodSource("names")
  void fitsATerminalAndEndsInANewline(String name) throws IOException {
    assertThat(Commands.help(name)).endsWith("\n").doesNotContain("\t");
    assertThat(Commands.help(name).lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theProgramsHelpNamesTheCommand(String name) throws IOException {
    assertThat(Commands.help("graduate")).containsPattern("(?m)^  " + name + " ");
  }

  @Test
  void theProgramsHelpListsEveryExitCode() throws Exception {
    String codes = Commands.help("graduate").replaceFirst("(?s).*exit codes:", "");
    for (var field : Exit.class.getFields()) {
      assertThat(codes).containsPattern("\\b" + field.getInt(null) + "\\b");
    }
  }
}
