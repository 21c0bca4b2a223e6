package graduate.cli;

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
import graduate.spend.Ledger;
import graduate.spend.Session;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code bulk}: one prompt over many inputs, of which it asks those alone that the log lacks. */
final class BulkCommand implements Command {
  private static final int AT_ONCE = 4;
  private static final int MOST_AT_ONCE = 256;
  private static final Duration SAVED = Duration.ofSeconds(1);

  @Override
  public int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    if (words.size() < 2) {
      throw new UsageException("bulk: which prompt and inputs? graduate bulk PROMPT INPUT");
    }
    int atOnce = atOnce(line);
    Cap cap = maxUsd(line);
    boolean batch = BulkBatch.isAsked(line);
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    BulkInputs inputs =
        BulkInputs.of(
            words.subList(1, words.size()), line.has("lines"), line.get("column").orElse(null));
    PastCalls past = new PastCalls(workspace.ledger(), workspace.endpoint().url().toString());
    BulkPlan plan = new BulkPlan(line, workspace, prompt, inputs, past);
    BulkOutput output = output(line, context, plan, inputs, prompt, past);
    List<Path> files = line.paths("batch-file");
    OutputFile.requireOther("batch-file", files, inputs.files(), prompt, context);
    plan.look(context.clock().instant());
    BulkReport report = new BulkReport(line, context, workspace, prompt, plan);
    if (line.has("dry-run")) {
      report.before();
      return Exit.OK;
    }
    Endpoint endpoint =
        Endpoint.of(workspace.settings().baseUrl(), ApiKey.of(context.env()), context.env());
    output.prepare();
    report.before();
    ChatClient client = new ChatClient(endpoint, context.clock());
    BulkResults results = new BulkResults(plan, output, past, report, endpoint, context.clock());
    if (!batch) {
      PromptRunner runner =
          new PromptRunner(workspace.ledger(), client, context.clock(), context.diagnostics());
      Bulk bulk = new Bulk(runner, results, atOnce, cap, context.clock(), context.diagnostics());
      report.running(
          bulk::committed,
          () -> bulk.isStopped() ? ", stopping" : ", " + bulk.width() + " at once");
      results.onFault(bulk::stop);
      context.signals().onSignal(bulk::end);
      live(bulk, workspace.ledger(), plan, past, results, report);
    } else {
      BulkBatch way = new BulkBatch(line, context, workspace, prompt, plan, past, client, report);
      context
          .signals()
          .onSignal(
              () -> {
                workspace.ledger().hurry();
                client.cancel();
              });
      results.add(way.run());
      if (!way.isOver()) {
        return results.exit();
      }
      results.collected(way.log());
      results.add(report.after(Optional.empty()));
    }
    results.finish();
    return results.exit();
  }

  private static void live(
      Bulk bulk,
      Ledger ledger,
      BulkPlan plan,
      PastCalls past,
      BulkResults results,
      BulkReport report)
      throws IOException {
    ledger.saveEvery(SAVED);
    Optional<Throwable> why;
    try {
      results.fromLog();
      plan.eachMissing(job -> bulk.ask(job.unless(session -> isNeedless(job, past, session))));
    } catch (UnusableException e) {
      results.lost(String.valueOf(e.getMessage()));
    } finally {
      why = bulk.finish();
      ledger.save();
    }
    if (!plan.missing().isEmpty() && !bulk.isStopped()) {
      results.lost("inputs changed while they were asked. To go on: the same command");
    }
    results.add(report.after(why));
  }

  private static boolean isNeedless(Job job, PastCalls past, Session session) {
    past.read();
    return past.state(job.asked(), session.now()) != State.MISSING;
  }

  private static BulkOutput output(
      Arguments line,
      Context context,
      BulkPlan plan,
      BulkInputs inputs,
      Prompt prompt,
      PastCalls past)
      throws IOException {
    String place = line.value("output", "-");
    if (place.equals("-")) {
      return new BulkOutput.Lines(context.console(), Console.mapper());
    }
    Path path = Workspace.path(place);
    return inputs.column() != null && place.endsWith(".csv")
        ? new BulkTable(path, inputs, prompt, past, context)
        : BulkOutput.Folder.of(path, plan, inputs, prompt, context);
  }

  private static int atOnce(Arguments line) {
    String value = line.value("jobs", Integer.toString(AT_ONCE));
    if (!value.matches("[1-9]\\d{0,2}") || Integer.parseInt(value) > MOST_AT_ONCE) {
      throw new UsageException("--jobs: no number from 1 to " + MOST_AT_ONCE + ": " + value);
    }
    return Integer.parseInt(value);
  }

  /** The command's own cap; null where none is given. */
  private static @Nullable Cap maxUsd(Arguments line) {
    boolean given = line.has("max-usd");
    return given ? new Cap(line.usd("max-usd"), Cap.Per.TOTAL) : null;
  }
}
