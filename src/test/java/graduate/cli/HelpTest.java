package graduate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
  /** An option's own line: at its start, the short name first where there is one. */
  private static final Pattern LINE =
      Pattern.compile("(?m)^  (?:(-\\w), |    )(--[a-z-]+)(?: (\\S+))?");

  static Stream<String> names() {
    return Commands.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void listsTheOptionsThatTheCommandAcceptsAndNoOthers(String name) throws IOException {
    Set<String> accepted = new TreeSet<>();
    for (Option option : Commands.command(name).options().getOptions()) {
      String shortName = option.getOpt() == null ? "" : "-" + option.getOpt() + ", ";
      String value = option.hasArg() ? " " + option.getArgName() : "";
      accepted.add(shortName + "--" + option.getLongOpt() + value);
    }
    Set<String> listed = new TreeSet<>();
    Matcher lines = LINE.matcher(Commands.help(listing(name)));
    while (lines.find()) {
      String shortName = lines.group(1) == null ? "" : lines.group(1) + ", ";
      String value = lines.group(3) == null ? "" : " " + lines.group(3);
      listed.add(shortName + lines.group(2) + value);
    }
    assertThat(listed).isEqualTo(accepted);
  }

  /** The command whose help lists the options: run's, where the command's own help says so. */
  private static String listing(String name) throws IOException {
    return Commands.help(name).contains("\nAll options: graduate run --help\n") ? "run" : name;
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
