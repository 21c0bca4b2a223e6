package graduate.cli;

import graduate.export.Capture;
import graduate.export.Capture.Split;
import graduate.export.Survey;
import graduate.export.Varies;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code capture}: writes one prompt of a ChatGPT data export, with its answer, into prompts. */
final class CaptureCommand implements Command {
  private static final Option CANDIDATE = Arguments.value("-", "candidate", "NAME");
  private static final Option ID = Arguments.value("-", "id", "ID|LINK");
  private static final Option SEARCH = Arguments.value("-", "search", "TEXT");
  private static final Option TO = Arguments.value("-", "to", "DIR");
  private static final Option NAME = Arguments.value("-", "name", "NAME");
  private static final Option ANSWERS = Arguments.value("-", "answers", "N");
  private static final Option SPLIT = Arguments.flag("-", "split");
  private static final Option WHOLE = Arguments.flag("-", "whole");
  private static final Option HISTORY = Arguments.flag("-", "history");
  private static final Option INSTRUCTIONS = Arguments.flag("-", "instructions");
  private static final Option FORCE = Arguments.flag("-", "force");
  private static final int LISTED = 20;

  @Override
  public Options options() {
    return Arguments.options(
        CANDIDATE, ID, SEARCH, TO, NAME, ANSWERS, SPLIT, WHOLE, HISTORY, INSTRUCTIONS, FORCE);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    if (Stream.of(CANDIDATE, ID, SEARCH).filter(line::hasOption).count() != 1) {
      throw new UsageException("give one of --candidate NAME, --id ID and --search TEXT");
    }
    Capture.Wish wish = wish(line);
    Path folder = Context.beside(context.home(), "prompts");
    if (line.hasOption(TO)) {
      folder = Workspace.path(line.getOptionValue(TO));
    }
    Console console = context.console();
    Survey survey = CandidatesCommand.survey(line, console);
    Capture capture;
    try {
      capture = capture(line, survey, wish, console);
    } finally {
      CandidatesCommand.wipe(console);
    }
    capture.write(folder, line.hasOption(FORCE));
    console.print(report(capture, folder, wish));
    return Exit.OK;
  }

  private static Capture.Wish wish(CommandLine line) {
    if (line.hasOption(SPLIT) && line.hasOption(WHOLE)) {
      throw new UsageException("--split and --whole: give one of them");
    }
    Split split =
        line.hasOption(SPLIT)
            ? Split.ALWAYS
            : line.hasOption(WHOLE) ? Split.NEVER : Split.WHERE_RUNS_SHOW_IT;
    try {
      return new Capture.Wish(
          line.getOptionValue(NAME),
          split,
          CandidatesCommand.count(line, ANSWERS, 1),
          line.hasOption(HISTORY),
          line.hasOption(INSTRUCTIONS));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--name: " + e.getMessage());
    }
  }

  private static Capture capture(
      CommandLine line, Survey survey, Capture.Wish wish, Console console) throws IOException {
    if (line.hasOption(CANDIDATE)) {
      return Capture.candidate(survey, line.getOptionValue(CANDIDATE), wish);
    }
    if (line.hasOption(ID)) {
      return Capture.conversation(survey, line.getOptionValue(ID), wish);
    }
    String text = line.getOptionValue(SEARCH);
    List<Survey.Found> found = survey.search(text);
    if (found.size() == 1) {
      return Capture.conversation(survey, found.get(0).id(), wish);
    }
    CandidatesCommand.wipe(console);
    for (Survey.Found one : found.subList(0, Math.min(LISTED, found.size()))) {
      console.print(
          "--id %s  %s  %s\n".formatted(one.id(), day(one.time()), Console.visible(one.title())));
    }
    throw new UnusableException(
        "--search "
            + text
            + (found.isEmpty()
                ? ": in no title and no message of yours"
                : ": in " + found.size() + " conversations. Choose one with --id"));
  }

  private static String day(Instant time) {
    return time.atZone(ZoneId.systemDefault()).toLocalDate().toString();
  }

  private static String report(Capture capture, Path folder, Capture.Wish wish) {
    DateTimeFormatter minutes = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    StringBuilder report = new StringBuilder();
    report.append(
        "captured from \"%s\", %s\n"
            .formatted(
                Console.visible(capture.title()),
                minutes.format(capture.time().atZone(ZoneId.systemDefault()))));
    for (String file : capture.files()) {
      report.append("  ").append(folder.resolve(file)).append('\n');
    }
    report.append(changes(capture, wish));
    List<String> missing = capture.missing();
    report.append(
        missing.isEmpty()
            ? "\nThe export shows nothing behind that answer which the API run will lack.\n"
            : "\nWhat stood behind that answer and the API run will lack:\n");
    missing.forEach(line -> report.append("  - ").append(Console.visible(line)).append('\n'));
    String prompt = CandidatesCommand.quoted(folder.resolve(capture.name() + ".md").toString());
    String input =
        CandidatesCommand.quoted(folder.resolve(capture.name() + ".input.md").toString());
    return report
        .append("\nNext:\n  graduate run ")
        .append(prompt)
        .append(capture.isSplit() ? " -i " + input : "")
        .append("\n  graduate compare ")
        .append(prompt)
        .append('\n')
        .toString();
  }

  /** What to know before the prompt is used with other input. */
  private static String changes(Capture capture, Capture.Wish wish) {
    if (capture.isSplit()) {
      return "\nCut in two: the prompt, and the input of that run, which -i replaces.\n";
    }
    Varies varies = capture.varies();
    if (varies == Varies.START || varies == Varies.MIDDLE) {
      return """

          What changes from run to run is %s of this prompt: edit it by hand, so
          that it stands at the end, before it can take -i.
          """
          .formatted(varies.words());
    }
    if (varies == Varies.END && wish.split() != Split.NEVER) {
      return """

          What changes from run to run is the end of this prompt, but no blank line that
          the runs share stands before it: cut it by hand before it can take -i.
          """;
    }
    return "";
  }
}
