package graduate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.export.Export;
import graduate.export.Family;
import graduate.export.Survey;
import graduate.export.Symptom;
import graduate.export.Symptoms;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** {@code candidates}: the recurring prompts of a ChatGPT data export, the strongest first. */
final class CandidatesCommand implements Command {
  private static final Option YES = Arguments.values("-", "yes", "NAME=2,4");
  private static final Option ZONE = Arguments.value("-", "zone", "ZONE");
  private static final Option TOP = Arguments.value("-", "top", "N");
  private static final Option MIN_RUNS = Arguments.value("-", "min-runs", "N");
  private static final Option JSON = Arguments.flag("-", "json");
  private static final int FIVE = 5;
  private static final int COLUMNS = 74;
  private static final String LEGEND =
      """
      A point for each symptom of a prompt that has outgrown ChatGPT: 1 it is run at
      least daily; 2 its answers are pasted into another tool; 3 it hits the bulk
      ceiling weekly; 4 every input and output is wanted on record; 5 it should react
      to events. Three points or more: graduate it; two: your call; fewer: it stays.
      1 and 3 are measured. Only you know 2, 4 and 5; say which hold:
        graduate candidates %s --yes %s=2,4
      """;

  @Override
  public Options options() {
    return Arguments.options(YES, ZONE, TOP, MIN_RUNS, JSON);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    int top = count(line, TOP, FIVE);
    int minRuns = count(line, MIN_RUNS, FIVE);
    ZoneId zone = zone(line);
    Map<String, Set<Symptom>> answers = answers(line);
    Survey survey = survey(line, context.console());
    List<Family> families = survey.families();
    for (String name : answers.keySet()) {
      if (families.stream().noneMatch(f -> f.name().equals(name))) {
        throw new UsageException("--yes: no candidate is named " + name);
      }
    }
    List<Family> all = families.stream().filter(f -> f.size() >= minRuns).toList();
    List<Candidate> some =
        all.stream()
            .limit(top)
            .map(
                f ->
                    new Candidate(f, Symptoms.of(f, zone, answers.get(f.name())), zone, file(line)))
            .toList();
    Console console = context.console();
    if (line.hasOption(JSON)) {
      Map<Family, String> texts = survey.newestTexts(all.subList(0, some.size()));
      ArrayNode array = new ObjectMapper().createArrayNode();
      some.forEach(c -> c.json(array.addObject(), texts.getOrDefault(c.family, "")));
      console.print(array.toPrettyString() + "\n");
      return Exit.OK;
    }
    console.print(
        "%d conversations, %d messages of yours\n%s came back %d times or more%s\n"
            .formatted(
                survey.conversations(),
                survey.messages(),
                counted(all.size(), "prompt"),
                minRuns,
                all.size() > some.size() ? "; the first " + some.size() + " (--top N):" : ""));
    for (int i = 0; i < some.size(); i++) {
      console.print("\n" + (i + 1) + ". " + some.get(i).text());
    }
    if (!some.isEmpty()) {
      console.print("\n" + LEGEND.formatted(quoted(file(line)), some.get(0).family.name()));
    }
    return Exit.OK;
  }

  /** Reads the export that the command line names, with a percentage on a terminal. */
  static Survey survey(CommandLine line, Console console) throws IOException {
    if (line.getArgList().size() != 1) {
      throw new UsageException("give one export: a zip, a folder or a JSON file");
    }
    String file = file(line);
    try {
      Survey survey = new Survey(new Export(Workspace.path(file), p -> progress(console, file, p)));
      if (survey.tally().hasGaps()) {
        wipe(console);
        console.error("graduate: " + file + ": " + survey.tally());
      }
      return survey;
    } finally {
      wipe(console);
    }
  }

  private static void progress(Console console, String file, int percent) {
    if (console.errTty()) {
      console.printError("\rreading " + Console.visible(file) + " … " + percent + " %");
    }
  }

  static void wipe(Console console) throws IOException {
    if (console.errTty()) {
      console.printError("\r\u001b[K");
    }
  }

  private static String file(CommandLine line) {
    return line.getArgList().get(0);
  }

  /** As a word of a shell's command line. */
  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_./:@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String counted(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** The value of an option that counts from 1. */
  static int count(CommandLine line, Option option, int otherwise) {
    String value = line.getOptionValue(option);
    if (value != null && !value.matches("[1-9]\\d{0,5}")) {
      throw new UsageException(Arguments.name(option) + ": no number of 1 or more: " + value);
    }
    return value == null ? otherwise : Integer.parseInt(value);
  }

  private static ZoneId zone(CommandLine line) {
    String value = line.getOptionValue(ZONE);
    try {
      return value == null ? ZoneId.systemDefault() : ZoneId.of(value);
    } catch (DateTimeException e) {
      throw new UsageException("--zone: no such time zone, as Europe/Berlin: " + value);
    }
  }

  /** What the user says, by candidate; of one that is named, what is left out is a no. */
  private static Map<String, Set<Symptom>> answers(CommandLine line) {
    Map<String, Set<Symptom>> answers = new HashMap<>();
    @Nullable String[] given = line.getOptionValues(YES);
    for (String one : given == null ? new String[0] : given) {
      int at = one.indexOf('=');
      String numbers = one.substring(at + 1);
      if (at < 1 || !numbers.matches("([245](,[245])*)?")) {
        throw new UsageException("--yes: no NAME= with those of 2, 4 and 5 that hold: " + one);
      }
      Set<Symptom> held =
          answers.computeIfAbsent(one.substring(0, at), k -> EnumSet.noneOf(Symptom.class));
      for (Symptom symptom : Symptom.values()) {
        if (numbers.contains("" + symptom.number())) {
          held.add(symptom);
        }
      }
    }
    return answers;
  }

  /** A family as it is shown. */
  private record Candidate(Family family, Symptoms symptoms, ZoneId zone, String export) {
    String capture() {
      return "graduate capture " + quoted(export) + " --candidate " + family.name();
    }

    String text() {
      StringBuilder boxes = new StringBuilder();
      for (Symptom s : Symptom.values()) {
        String box = symptoms.open().contains(s) ? "?" : symptoms.held().contains(s) ? "x" : " ";
        boxes.append("[%s] %d %s   ".formatted(box, s.number(), s.words()));
      }
      String open =
          symptoms.open().stream().map(s -> s.number() + "").collect(Collectors.joining(", "));
      String hour =
          family.mostInAnHour() > 1 ? ", at most " + family.mostInAnHour() + " in an hour" : "";
      return """
          %s
             "%s"
             %d runs in %s, %s to %s
             on %d of its best 30 days%s; what changes: %s
             %s
             %s%s: %s%s
             %s
          """
          .formatted(
              family.name(),
              line(family.newestText()),
              family.size(),
              counted(family.conversationIds().size(), "conversation"),
              family.first(zone).toLocalDate(),
              family.last(zone).toLocalDate(),
              family.activeDaysIn30(zone),
              hour,
              family.varies().words(),
              boxes.toString().strip(),
              counted(symptoms.score(), "point"),
              open.isEmpty() ? "" : " so far",
              symptoms.verdict(),
              open.isEmpty() ? "" : "; still to answer: " + open,
              capture());
    }

    void json(ObjectNode json, String prompt) {
      json.put("name", family.name()).put("runs", family.size());
      json.put("conversations", family.conversationIds().size());
      DateTimeFormatter rfc3339 = DateTimeFormatter.ISO_OFFSET_DATE_TIME;
      json.put("first", rfc3339.format(family.first(zone).truncatedTo(ChronoUnit.SECONDS)));
      json.put("last", rfc3339.format(family.last(zone).truncatedTo(ChronoUnit.SECONDS)));
      json.put("active_days_in_30", family.activeDaysIn30(zone));
      json.put("most_runs_in_60_minutes", family.mostInAnHour());
      json.put("prompt", prompt).put("varies", family.varies().name().toLowerCase(Locale.ROOT));
      ObjectNode points = json.putObject("symptoms");
      for (Symptom symptom : Symptom.values()) {
        String name = symptom.name().toLowerCase(Locale.ROOT);
        points.put(
            name,
            symptoms.open().contains(symptom) ? null : (Boolean) symptoms.held().contains(symptom));
      }
      json.put("score", symptoms.score()).put("capture", capture());
      family.conversationIds().forEach(json.putArray("conversation_ids")::add);
    }

    /** A text shortened to a line of a terminal, where Han, kana and Hangul take two columns. */
    private static String line(String text) {
      String flat = Console.visible(text.strip().replaceAll("\\s+", " "));
      int columns = 0;
      for (int i = 0; i < flat.length(); i += Character.charCount(flat.codePointAt(i))) {
        columns += flat.codePointAt(i) >= 0x1100 && Character.isLetter(flat.codePointAt(i)) ? 2 : 1;
        if (columns >= COLUMNS) {
          return flat.substring(0, i) + "…";
        }
      }
      return flat;
    }
  }
}
