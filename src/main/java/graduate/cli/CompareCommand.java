package graduate.cli;

import graduate.audit.Asked;
import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.compare.Checks;
import graduate.compare.Comparison;
import graduate.compare.HtmlReport;
import graduate.compare.JsonReport;
import graduate.compare.NewAnswer;
import graduate.compare.SavedAnswer;
import graduate.compare.Subject;
import graduate.compare.TextReport;
import graduate.compare.Verdict;
import graduate.openai.ChatResponse;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** {@code compare}: the API's answer beside the one that ChatGPT gave. */
final class CompareCommand implements Command {
  private static final Option SAVED = Arguments.values("-", "saved", "FILE");
  private static final Option NEW = Arguments.value("-", "new", "FILE");
  private static final Option MIN_ROUGE_L = Arguments.value("-", "min-rouge-l", "X|self");
  private static final Option FACTS = Arguments.flag("-", "facts");
  private static final Option JSON_EQUAL = Arguments.flag("-", "json-equal");
  private static final Option HTML = Arguments.value("-", "html", "FILE");

  /** Of several prompts' exit codes the first of these is the command's. */
  private static final List<Integer> WORST_FIRST =
      List.of(
          Exit.BUG,
          Exit.USAGE,
          Exit.LOG,
          Exit.UNDELIVERED,
          Exit.CAP,
          Exit.REFUSED,
          Exit.FAILED,
          Exit.INCOMPLETE,
          Exit.UNUSABLE,
          Exit.CHECK);

  @Override
  public Options options() {
    Options options = Arguments.options(SAVED, NEW, MIN_ROUGE_L, FACTS, JSON_EQUAL, HTML);
    options.addOption(RunOptions.INPUT);
    options.addOption(RunOptions.JSON);
    options.addOption(Workspace.CONFIG);
    options.addOption(Workspace.LOGS);
    return options;
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<Path> paths =
        line.getArgList().stream()
            .map(Workspace::path)
            .filter(path -> !Prompt.isSidecar(path))
            .toList();
    check(line, paths);
    Checks checks = checks(line);
    Workspace workspace = Workspace.open(line, context);
    List<Comparison> results = new ArrayList<>();
    List<Integer> exits = new ArrayList<>();
    for (Path path : paths) {
      try {
        exits.add(compare(path, checks, line, context, workspace, results));
      } catch (RuntimeException e) {
        if (paths.size() == 1) {
          throw e;
        }
        Failure failure = Failure.of(e);
        context.console().error("graduate: " + failure.line());
        exits.add(failure.exit());
      }
    }
    print(results, line, context);
    return WORST_FIRST.stream().filter(exits::contains).findFirst().orElse(Exit.OK);
  }

  private static void check(CommandLine line, List<Path> paths) {
    if (paths.isEmpty()) {
      throw new UsageException("compare: which prompt? graduate compare prompts/NAME.md");
    }
    boolean single =
        line.hasOption(SAVED) || line.hasOption(NEW) || line.hasOption(RunOptions.INPUT);
    if (single && paths.size() > 1) {
      throw new UsageException("compare: --saved, --new and --input go with one prompt");
    }
  }

  private static Checks checks(CommandLine line) {
    try {
      return new Checks(
          line.getOptionValue(MIN_ROUGE_L), line.hasOption(FACTS), line.hasOption(JSON_EQUAL));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static int compare(
      Path path,
      Checks checks,
      CommandLine line,
      Context context,
      Workspace workspace,
      List<Comparison> results)
      throws IOException {
    Prompt prompt = Prompt.read(path);
    List<SavedAnswer> saved = saved(prompt, line);
    Text input = RunOptions.input(line, context, prompt, true);
    Subject subject =
        new Subject(
            prompt.name(),
            prompt.message(),
            input == null ? null : input.text(),
            prompt.chatGptModel().orElse(null));
    NewAnswer answer =
        line.hasOption(NEW)
            ? NewAnswer.ofFile(read(line.getOptionValue(NEW)).text())
            : logged(prompt, input, workspace);
    return judged(new Comparison(subject, answer, saved, checks), results);
  }

  private static int judged(Comparison comparison, List<Comparison> results) {
    results.add(comparison);
    Verdict verdict = comparison.verdict();
    return verdict == null || verdict.pass() ? Exit.OK : Exit.CHECK;
  }

  private static Text read(String file) {
    return Text.read(Workspace.path(file));
  }

  /** The saved answers that were named, else all that stand beside the prompt. */
  private static List<SavedAnswer> saved(Prompt prompt, CommandLine line) throws IOException {
    List<SavedAnswer> saved = new ArrayList<>();
    if (line.hasOption(SAVED)) {
      for (String file : line.getOptionValues(SAVED)) {
        saved.add(new SavedAnswer(file, read(file).text()));
      }
      return saved;
    }
    for (Path file : prompt.savedAnswers()) {
      saved.add(new SavedAnswer(file.toString(), Text.read(file).text()));
    }
    if (saved.isEmpty()) {
      throw new UnusableException(
          prompt.path(),
          "no saved answer. Save ChatGPT's answer as " + prompt.sidecar(".chatgpt.md"));
    }
    return saved;
  }

  /** The newest logged answer to these very bytes; a real one before a replayed one. */
  private static NewAnswer logged(Prompt prompt, @Nullable Text input, Workspace workspace) {
    Asked asked = Job.asked(prompt.file(), input, null);
    Optional<NewAnswer> replayed = Optional.empty();
    try (BackwardReader reader = BackwardReader.of(workspace.log(), asked.prompt())) {
      for (LogLine line = reader.previous(); line != null; line = reader.previous()) {
        if (!line.text("outcome").equals("answered")
            || !line.asked().prompt().equals(asked.prompt())
            || (input != null && !line.asked().input().equals(asked.input()))) {
          continue;
        }
        if (!line.replay()) {
          return answer(line, reader, workspace);
        }
        if (replayed.isEmpty()) {
          replayed = Optional.of(answer(line, reader, workspace));
        }
      }
    }
    return replayed.orElseThrow(
        () ->
            new UnusableException(
                prompt.path(), "no answer to it in the log. Type: graduate run " + prompt.path()));
  }

  private static NewAnswer answer(LogLine line, BackwardReader reader, Workspace workspace) {
    ChatResponse response = ChatResponse.of(reader.body().orElse(new byte[0]));
    // The newline that run adds is not the API's.
    boolean one = response.texts().size() == 1;
    return new NewAnswer(
        one ? response.texts().get(0) : response.text(),
        response.model().orElse(null),
        line.call(),
        line.replay(),
        line.usd("cost_usd").orElse(null),
        Duration.ofMillis(line.field("elapsed_ms").asLong()),
        line.requested().atZone(workspace.settings().zone()));
  }

  private static void print(List<Comparison> results, CommandLine line, Context context)
      throws IOException {
    if (line.hasOption(RunOptions.JSON)) {
      context.console().print(JsonReport.render(results));
    } else if (!results.isEmpty()) {
      String noColor = context.env().getOrDefault("NO_COLOR", "");
      boolean colour = context.console().outTty() && noColor.isEmpty();
      context.console().print(TextReport.render(results, colour));
    }
    if (line.hasOption(HTML) && !results.isEmpty()) {
      try (OutputFile page = OutputFile.open(Workspace.path(line.getOptionValue(HTML)))) {
        page.write(HtmlReport.render(results).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
