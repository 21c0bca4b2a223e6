package graduate.cli;

import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.compare.Checks;
import graduate.compare.Comparison;
import graduate.compare.Comparison.NewAnswer;
import graduate.compare.Comparison.SavedAnswer;
import graduate.compare.Comparison.Subject;
import graduate.compare.HtmlReport;
import graduate.compare.TextReport;
import graduate.openai.ChatResponse;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code compare}: the API's answer beside the one that ChatGPT gave. It makes no call. */
final class CompareCommand {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ENGLISH);

  private CompareCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> prompts = line.words();
    if (prompts.size() != 1) {
      throw new UsageException("compare: one prompt at a time: graduate compare prompts/NAME.md");
    }
    Checks checks = checks(line);
    Prompt prompt = Prompt.read(Workspace.prompt(prompts.get(0), context));
    List<Path> pages = line.paths("html");
    List<Path> read =
        Stream.of("saved", "new", "input").flatMap(o -> line.paths(o).stream()).toList();
    OutputFile.requireOther("html", pages, read, prompt, context);
    pages = pages.stream().map(OutputFile::tried).toList();
    Comparison result = compare(prompt, checks, line, context);
    Console console = context.console();
    boolean colour = console.outTty() && context.env().getOrDefault("NO_COLOR", "").isEmpty();
    console.print(line.has("json") ? TextReport.json(result) : TextReport.text(result, colour));
    for (Path page : pages) {
      byte[] html = HtmlReport.render(result).getBytes(StandardCharsets.UTF_8);
      OutputFile.write(page, to -> to.write(html));
    }
    return result.failed() ? Exit.CHECK : Exit.OK;
  }

  private static Checks checks(Arguments line) {
    String least = line.get("min-rouge-l").orElse(null);
    if (least != null && !Checks.isLimit(least)) {
      throw new UsageException("--min-rouge-l: neither self nor a number from 0 to 1: " + least);
    }
    return new Checks(least, line.has("facts"), line.has("json-equal"));
  }

  private static Comparison compare(Prompt prompt, Checks checks, Arguments line, Context context)
      throws IOException {
    List<SavedAnswer> saved = saved(prompt, line);
    Text input = line.get("input").map(context::text).orElse(null);
    String text = input == null ? null : input.text();
    String model = prompt.chatGptModel().orElse(null);
    NewAnswer answer =
        line.has("new")
            ? named(line.value("new"))
            : logged(prompt, input, Workspace.open(line, context));
    Subject subject = new Subject(prompt.name(), prompt.message(), text, model);
    return new Comparison(subject, answer, saved, checks);
  }

  private static NewAnswer named(String file) {
    Text text = Text.read(Workspace.path(file));
    return new NewAnswer(text.text(), null, null, false, text.path());
  }

  /** The saved answers that were named, else all that stand beside the prompt. */
  private static List<SavedAnswer> saved(Prompt prompt, Arguments line) throws IOException {
    List<Path> files = line.has("saved") ? line.paths("saved") : prompt.savedAnswers();
    if (files.isEmpty()) {
      throw new UnusableException(
          prompt.path(),
          "no saved answer. Save ChatGPT's answer as " + prompt.sidecar(".chatgpt.md"));
    }
    return files.stream().map(f -> new SavedAnswer(f.toString(), Text.read(f).text())).toList();
  }

  /** The newest logged answer to these very bytes; a real one before a replayed one. */
  private static NewAnswer logged(Prompt prompt, @Nullable Text input, Workspace workspace) {
    String asked = Job.source(prompt.file()).sha256();
    String given = input == null ? "" : Job.source(input).sha256();
    Optional<NewAnswer> replayed = Optional.empty();
    try (BackwardReader reader = new BackwardReader(workspace.log(), asked)) {
      for (LogLine line = reader.previous(); line != null; line = reader.previous()) {
        boolean same =
            line.text("outcome").equals("answered")
                && line.asked().prompt().equals(asked)
                && (input == null || line.asked().input().equals(given));
        if (!same || (line.replay() && replayed.isPresent())) {
          continue;
        }
        NewAnswer answer =
            answer(line, ChatResponse.of(line.received().orElse(new byte[0])), workspace);
        if (!line.replay()) {
          return answer;
        }
        replayed = Optional.of(answer);
      }
    }
    return replayed.orElseThrow(() -> unanswered(prompt, input));
  }

  private static NewAnswer answer(LogLine line, ChatResponse response, Workspace workspace) {
    // The newline that run adds is not the API's.
    boolean one = response.texts().size() == 1;
    String text = one ? response.texts().get(0) : response.text();
    String model = response.model().orElse(null);
    List<String> origin = new ArrayList<>();
    origin.add((model == null ? "model not known" : model) + (line.replay() ? ", replayed" : ""));
    origin.add(TIME.format(line.requested().atZone(workspace.settings().zone())));
    line.usd("cost_usd").ifPresent(usd -> origin.add("$" + usd.toPlainString()));
    origin.add("%.1f s".formatted(line.field("elapsed_ms").asLong() / 1000.0));
    origin.add("call " + line.call());
    String input = line.source("input").path();
    if (!input.isEmpty()) {
      origin.add("to " + input);
    }
    return new NewAnswer(text, line.call(), model, line.replay(), String.join(", ", origin));
  }

  private static UnusableException unanswered(Prompt prompt, @Nullable Text input) {
    Path saved = prompt.sidecarText(".input");
    String file = input != null ? input.path() : Files.exists(saved) ? saved.toString() : "";
    return new UnusableException(
        prompt.path(),
        "no answer on the log to it"
            + (input == null ? "" : " and its input")
            + " as it stands. Run first: graduate run "
            + prompt.path()
            + (file.isEmpty() ? "" : " -i " + file));
  }
}
