package graduate.cli;

import static graduate.cli.Console.quoted;

import graduate.export.Capture;
import graduate.export.Survey;
import graduate.text.Visible;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** {@code capture}: writes one prompt of a ChatGPT data export, with its answers, into prompts. */
final class CaptureCommand {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern(", yyyy-MM-dd HH:mm");

  private static final String CUT =
      "\nCut where the runs differ: -i sends another input in place of the saved one.\n";
  private static final String UNCUT =
      "\nSaved whole: no blank lines mark off what changes. Cut it by hand before it takes -i.\n";

  private CaptureCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    boolean candidate = line.has("candidate");
    if (candidate == line.has("id") || (candidate && line.has("turn"))) {
      throw new UsageException(
          "give one of --candidate NAME, and --id ID with or without --turn N");
    }
    int turn = CandidatesCommand.count(line, "turn", 0);
    String name = line.value("name", "");
    if (line.has("name") && !Capture.isName(name)) {
      throw new UsageException(
          "--name: must be letters, digits, - and _, at most 80 bytes: " + name);
    }
    Path folder = line.get("to").map(Workspace::path).orElse(context.prompts());
    ZoneId zone = Workspace.open(line, context).settings().zone();
    Survey survey = CandidatesCommand.survey(line, context);
    String wanted = line.value(candidate ? "candidate" : "id");
    Capture.Wish wish = new Capture.Wish(name, line.has("whole"), line.has("instructions"));
    Capture capture =
        candidate ? Capture.newest(survey, wanted, wish) : Capture.turn(survey, wanted, turn, wish);
    List<Path> gone = capture.write(folder, line.has("force"));
    Console console = context.console();
    console.print(report(capture, folder, zone, gone) + console.pasteable(next(capture, folder)));
    return Exit.OK;
  }

  private static String report(Capture capture, Path folder, ZoneId zone, List<Path> gone) {
    StringBuilder report = new StringBuilder();
    report.append("captured from \"" + Visible.line(capture.title()) + "\"");
    report.append(capture.time().map(time -> MINUTES.format(time.atZone(zone))).orElse("") + "\n");
    Path prompt = folder.resolve(capture.name());
    capture.files().keySet().forEach(end -> report.append("  " + prompt + end + "\n"));
    gone.forEach(file -> report.append("  removed: " + file + "\n"));
    report.append(capture.isCut() ? CUT : "");
    report.append(capture.isUncut() ? UNCUT : "");
    boolean lacks = !capture.missing().isEmpty();
    report.append(lacks ? "\nWhat stood behind that answer and the API run will lack:\n" : "");
    capture.missing().forEach(line -> report.append("  - " + Visible.line(line) + "\n"));
    return report.toString();
  }

  private static String next(Capture capture, Path folder) {
    String prompt = quoted(folder.resolve(capture.name() + ".md").toString());
    String input = quoted(folder.resolve(capture.name() + ".input.md").toString());
    String run = prompt + (capture.isCut() ? " -i " + input : "");
    return "\nNext:\n  graduate run " + run + "\n  graduate compare " + prompt + "\n";
  }
}
