package graduate.cli;

import graduate.audit.Asked;
import graduate.openai.ApiKey;
import graduate.openai.ChatClient;
import graduate.openai.Endpoint;
import graduate.prompt.Prompt;
import graduate.run.Bulk;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.run.PastCalls.State;
import graduate.run.PromptRunner;
import graduate.spend.Cap;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** {@code bulk}: one prompt over many inputs, of which it asks those alone that the log lacks. */
final class BulkCommand implements Command {
  static final Option OUTPUT = Arguments.value("o", "output", "PLACE");
  static final Option JOBS = Arguments.value("j", "jobs", "N");
  static final Option LINES = Arguments.flag("-", "lines");
  static final Option COLUMN = Arguments.value("-", "column", "NAME");
  private static final int AT_ONCE = 4;
  private static final int MOST_AT_ONCE = 256;
  private static final Duration SAVED = Duration.ofSeconds(1);

  @Override
  public Options options() {
    return Arguments.options(
        OUTPUT,
        JOBS,
        LINES,
        COLUMN,
        RunOptions.MODEL,
        RunOptions.PARAM,
        RunOptions.DRY_RUN,
        RunOptions.MAX_TIME,
        RunOptions.RETRY,
        RunOptions.MAX_USD,
        RunOptions.VERBOSE,
        RunOptions.QUIET,
        Workspace.CONFIG,
        Workspace.LOGS);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<String> words = line.getArgList();
    if (words.size() < 2) {
      throw new UsageException("bulk: which prompt and inputs? graduate bulk PROMPT INPUT...");
    }
    int atOnce = atOnce(line);
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    BulkInputs inputs =
        BulkInputs.of(
            words.subList(1, words.size()), line.hasOption(LINES), line.getOptionValue(COLUMN));
    String url = workspace.settings().baseUrl();
    PastCalls past =
        new PastCalls(
            workspace.ledger(), Endpoint.of(url, ApiKey.none(), Map.of()).url().toString());
    BulkPlan plan = new BulkPlan(line, workspace, prompt, inputs, past);
    BulkOutput output = output(line, context, plan, inputs, prompt, past);
    past.read();
    Set<Asked> missing = new HashSet<>();
    BigDecimal worst = BigDecimal.ZERO;
    int onLog = 0;
    Instant now = context.clock().instant();
    for (Asked asked : plan.asked()) {
      State state = past.state(asked, now);
      onLog += state == State.ANSWERED ? plan.alike(asked).size() : 0;
      if (state == State.MISSING) {
        missing.add(asked);
        worst = worst.add(plan.alike(asked).get(0).worst());
      }
    }
    BulkReport report = new BulkReport(line, context, workspace, prompt, plan.items().size());
    if (line.hasOption(RunOptions.DRY_RUN)) {
      report.before(plan, onLog, missing.size(), worst);
      return Exit.OK;
    }
    Endpoint endpoint = Endpoint.of(url, ApiKey.of(context.env()), context.env());
    output.prepare();
    report.before(plan, onLog, missing.size(), worst);
    ChatClient client = new ChatClient(endpoint, context.clock());
    PromptRunner runner =
        new PromptRunner(workspace.ledger(), client, context.clock(), context.diagnostics());
    BulkResults results = new BulkResults(plan, output, past, report, endpoint, context.clock());
    Bulk bulk =
        new Bulk(runner, results, atOnce, maxUsd(line), context.clock(), context.diagnostics());
    report.running(bulk);
    results.onFault(bulk::stop);
    context.signals().onSignal(bulk::end);
    workspace.ledger().saveEvery(SAVED);
    Optional<Throwable> why;
    try {
      for (Asked asked : plan.asked()) {
        if (!missing.contains(asked)) {
          results.left(asked, past.state(asked, now));
        }
      }
      inputs.each(input -> !missing.isEmpty() && ask(plan.job(input.text()), missing, past, bulk));
    } catch (UnusableException e) {
      results.lost(String.valueOf(e.getMessage()));
    } finally {
      why = bulk.finish();
      workspace.ledger().save();
    }
    if (!missing.isEmpty() && !bulk.isStopped()) {
      results.lost("inputs changed while they were asked. To go on: the same command");
    }
    results.add(report.after(why));
    results.finish();
    return results.exit();
  }

  private static boolean ask(Job job, Set<Asked> missing, PastCalls past, Bulk bulk) {
    return !missing.remove(job.asked())
        || bulk.ask(
            job.unless(
                session -> {
                  past.read();
                  return past.state(job.asked(), session.now()) != State.MISSING;
                }));
  }

  private static BulkOutput output(
      CommandLine line,
      Context context,
      BulkPlan plan,
      BulkInputs inputs,
      Prompt prompt,
      PastCalls past)
      throws IOException {
    String place = line.getOptionValue(OUTPUT, "-");
    if (place.equals("-")) {
      return new BulkOutput.Lines(context.console(), Console.mapper());
    }
    Path path = Workspace.path(place);
    return inputs.column() != null && place.endsWith(".csv")
        ? new BulkTable(path, inputs, prompt, past)
        : BulkOutput.Folder.of(path, plan, inputs, prompt);
  }

  private static int atOnce(CommandLine line) {
    String value = line.getOptionValue(JOBS, Integer.toString(AT_ONCE));
    if (!value.matches("[1-9]\\d{0,2}") || Integer.parseInt(value) > MOST_AT_ONCE) {
      throw new UsageException("--jobs: no number from 1 to " + MOST_AT_ONCE + ": " + value);
    }
    return Integer.parseInt(value);
  }

  /** The command's own cap; null where none is given. */
  private static @Nullable Cap maxUsd(CommandLine line) {
    boolean given = line.hasOption(RunOptions.MAX_USD);
    return given ? new Cap(RunOptions.usd(line, RunOptions.MAX_USD), Cap.Per.TOTAL) : null;
  }
}
