package graduate.cli;

import static graduate.cli.Console.quoted;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.export.Family;
import graduate.export.Survey;
import graduate.export.Symptom;
import graduate.text.Visible;
import graduate.text.Words;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code candidates}: the recurring prompts of a ChatGPT data export, the strongest first. */
final class CandidatesCommand {
  private static final int FIRST = 10;
  private static final int RUNS = 3;

  private static final int COLUMNS = 74;

  private CandidatesCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    int top = count(line, "top", FIRST);
    int minRuns = count(line, "min-runs", RUNS);
    if (minRuns < RUNS) {
      throw new UsageException("--min-runs: must be " + RUNS + " or more, not " + minRuns);
    }
    Survey survey = survey(line, context);
    Map<Family, Set<Symptom>> answers = answers(line, survey);
    Console console = context.console();
    String file = quoted(line.words().get(0));
    List<Candidate> all =
        survey.families().stream()
            .filter(family -> family.size() >= minRuns)
            .map(family -> new Candidate(survey, family, answers.get(family), file, console))
            .sorted(Comparator.comparingInt(Candidate::score).reversed())
            .toList();
    List<Candidate> some = all.subList(0, Math.min(top, all.size()));
    if (line.has("json")) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      some.forEach(candidate -> candidate.json(array.addObject()));
      console.print(array.toPrettyString() + "\n");
      return Exit.OK;
    }
    String more = all.size() > some.size() ? "; the first " + some.size() + " (--top N):" : "";
    String prompts = Words.counted(all.size(), "prompt");
    StringBuilder text = new StringBuilder(survey.size() + "\n");
    text.append("%s came back %d times or more%s\n".formatted(prompts, minRuns, more));
    some.forEach(candidate -> text.append(candidate.text()));
    some.stream()
        .filter(c -> c.yes == null)
        .findFirst()
        .ifPresent(c -> text.append(c.ask(said(line))));
    console.print(text.toString());
    return Exit.OK;
  }

  /** Reads the export that the command line names, counting the days of the settings' zone. */
  static Survey survey(Arguments line, Context context) throws IOException {
    if (line.words().size() != 1) {
      throw new UsageException("give one export: a zip, a folder or a JSON file");
    }
    ZoneId zone = Workspace.open(line, context).settings().zone();
    Console console = context.console();
    String file = line.words().get(0);
    if (console.errTty()) {
      console.error("graduate: reading " + file);
    }
    Survey survey = new Survey(Workspace.path(file), zone);
    if (!survey.gaps().isEmpty()) {
      console.error("graduate: " + file + ": " + survey.gaps());
    }
    return survey;
  }

  /** The value of an option that counts from 1. */
  static int count(Arguments line, String option, int otherwise) {
    String value = line.value(option, otherwise + "");
    if (line.has(option) && !value.matches("[1-9]\\d{0,5}")) {
      throw new UsageException("--" + option + ": must be a number, 1 or more: " + value);
    }
    return Integer.parseInt(value);
  }

  /** What the user says, by candidate; of one that is named, what is left out is a no. */
  private static Map<Family, Set<Symptom>> answers(Arguments line, Survey survey) {
    Map<Family, Set<Symptom>> answers = new HashMap<>();
    for (String one : said(line)) {
      String name = one.replaceFirst("=[^=]*$", "");
      String numbers = one.substring(name.length());
      if (!numbers.matches("=([245](,[245])*)?")) {
        throw new UsageException("--yes: must be NAME= and which of 2, 4 and 5 hold: " + one);
      }
      Family family =
          survey
              .family(name)
              .orElseThrow(() -> new UsageException("--yes: no such candidate: " + name));
      Set<Symptom> held = answers.computeIfAbsent(family, k -> EnumSet.noneOf(Symptom.class));
      Stream.of(Symptom.values()).filter(s -> numbers.contains(s.number() + "")).forEach(held::add);
    }
    return answers;
  }

  private static List<String> said(Arguments line) {
    return line.values("yes");
  }

  /**
   * A family as it is shown.
   *
   * @param file the export, as a word to type
   * @param yes which of the symptoms that only the user knows hold, or null if nobody has said
   */
  private record Candidate(
      Survey survey, Family family, @Nullable Set<Symptom> yes, String file, Console console) {

    int score() {
      return held().size();
    }

    private Set<Symptom> held() {
      Set<Symptom> held = family.measured();
      held.addAll(yes == null ? Set.of() : yes);
      return held;
    }

    private boolean isOpen(Symptom symptom) {
      return symptom.isAsked() && yes == null;
    }

    private String capture() {
      return console.pasteable("graduate capture " + file + " --candidate " + family.name());
    }

    /** What to type to say more of this one. */
    String ask(List<String> said) {
      String before =
          said.stream().map(yes -> " --yes " + quoted(yes)).collect(Collectors.joining());
      return console.pasteable(
          """

          Three points: graduate it. 1 and 3 are measured; only you know 2, 4 and 5 (see
          graduate candidates --help). Say which hold:
            graduate candidates %s%s --yes %s=2,4
          """
              .formatted(file, before, family.name()));
    }

    String text() {
      StringBuilder boxes = new StringBuilder();
      StringBuilder hints = new StringBuilder();
      for (Symptom symptom : Symptom.values()) {
        String box = isOpen(symptom) ? "?" : held().contains(symptom) ? "x" : " ";
        boxes.append("   [%s] %d %s".formatted(box, symptom.number(), symptom.words()));
        String hint = isOpen(symptom) ? survey.hint(family, symptom) : "";
        hints.append(
            hint.isEmpty() ? "" : "   %d? \"%s\"\n".formatted(symptom.number(), shown(hint)));
      }
      int hour = family.mostInAnHour();
      String often = hour > 1 ? ", at most " + hour + " in an hour" : "";
      String in = Words.counted(family.conversationIds().size(), "conversation");
      String low = score() == 2 ? ": your call" : ": stays in ChatGPT";
      String open = " so far; 2, 4 and 5 are for you to answer";
      String verdict = yes == null ? open : score() > 2 ? ": graduate it" : low;
      return "\n%d. %s\n".formatted(survey.families().indexOf(family) + 1, family.name())
          + "   \"%s\"\n".formatted(shown(family.fixedText()))
          + "   %d runs in %s%s\n".formatted(family.size(), in, family.span())
          + "   on %d of its best 30 days%s".formatted(family.activeDaysIn30(), often)
          + "; what changes: %s\n%s\n".formatted(lower(family.varies()), boxes)
          + "   %s%s\n%s".formatted(Words.counted(score(), "point"), verdict, hints)
          + "   %s\n".formatted(capture());
    }

    void json(ObjectNode json) {
      json.put("name", family.name()).put("runs", family.size());
      json.put("conversations", family.conversationIds().size());
      json.put("first", family.first()).put("last", family.last());
      json.put("active_days_in_30", family.activeDaysIn30());
      json.put("most_runs_in_60_minutes", family.mostInAnHour());
      json.put("prompt", family.newestText()).put("varies", lower(family.varies()));
      ObjectNode points = json.putObject("symptoms");
      for (Symptom symptom : Symptom.values()) {
        points.put(lower(symptom), isOpen(symptom) ? null : (Boolean) held().contains(symptom));
      }
      json.put("score", score()).put("capture", capture());
      family.conversationIds().forEach(json.putArray("conversation_ids")::add);
    }

    private static String shown(String text) {
      return Visible.shorten(Visible.line(text.strip().replaceAll("\\s+", " ")), COLUMNS);
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }
}
