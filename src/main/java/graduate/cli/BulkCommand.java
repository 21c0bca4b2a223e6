package graduate.cli;

import graduate.openai.ChatClient;
import graduate.prompt.Prompt;
import graduate.run.Bulk;
import graduate.spend.Cap;
import graduate.spend.Ledger;
import graduate.text.UnusableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code bulk}: one prompt over many inputs, of which it asks those alone that the log lacks. */
final class BulkCommand {
  private static final int AT_ONCE = 4;
  private static final int MOST_AT_ONCE = 256;
  private static final Duration SAVED = Duration.ofSeconds(1);

  private BulkCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    if (words.size() < 2) {
      throw new UsageException("bulk: which prompt and inputs? graduate bulk PROMPT INPUT");
    }
    // A wrong value is told before anything else is done.
    atOnce(line);
    line.usd("max-usd");
    boolean batch = BulkBatch.isAsked(line);
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    BulkInputs inputs =
        BulkInputs.of(
            words.subList(1, words.size()), line.has("lines"), line.get("column").orElse(null));
    BulkPlan plan = new BulkPlan(workspace, prompt, inputs);
    BulkOutput output = BulkOutput.of(plan);
    BulkOutput.requireOther("batch-file", line.paths("batch-file"), plan);
    plan.look();
    BulkReport report = new BulkReport(plan);
    if (line.has("dry-run")) {
      report.before();
      return Exit.OK;
    }
    ChatClient client = workspace.client();
    output.prepare();
    report.before();
    BulkResults results = new BulkResults(plan, output, report, client.endpoint());
    if (!batch) {
      live(plan, client, results, report);
    } else if (!batch(plan, client, results, report)) {
      return results.exit();
    }
    results.finish();
    return results.exit();
  }

  private static void live(BulkPlan plan, ChatClient client, BulkResults results, BulkReport report)
      throws IOException {
    Context context = plan.context;
    Ledger ledger = plan.workspace.ledger();
    Arguments line = plan.line;
    Cap cap = line.usd("max-usd").map(usd -> new Cap(usd, Cap.Per.TOTAL)).orElse(null);
    Bulk bulk =
        new Bulk(
            ledger,
            client,
            context.clock(),
            context.diagnostics(),
            atOnce(line),
            cap,
            plan.past,
            results);
    report.running(
        bulk::committed, () -> bulk.isStopped() ? ", stopping" : ", " + bulk.width() + " at once");
    context.signals().onSignal(bulk::end);
    ledger.saveEvery(SAVED);
    Optional<Throwable> why;
    try {
      if (!results.fromLog()) {
        bulk.stop();
      }
      plan.eachMissing(bulk::ask);
    } catch (UnusableException e) {
      results.failed("bulk", Exit.FAILED, String.valueOf(e.getMessage()));
    } finally {
      why = bulk.finish();
      ledger.save();
    }
    if (!plan.missing().isEmpty() && !bulk.isStopped()) {
      String changed = "inputs changed while they were asked. To go on: the same command";
      results.failed("bulk", Exit.FAILED, changed);
    }
    results.add(report.after(why));
  }

  /** Returns whether the answers were brought out. */
  private static boolean batch(
      BulkPlan plan, ChatClient client, BulkResults results, BulkReport report) throws IOException {
    plan.context
        .signals()
        .onSignal(
            () -> {
              plan.workspace.log().hurry();
              client.cancel();
            });
    return new BulkBatch(plan, report, results, client).run();
  }

  private static int atOnce(Arguments line) {
    String value = line.value("jobs", Integer.toString(AT_ONCE));
    if (!value.matches("[1-9]\\d{0,2}") || Integer.parseInt(value) > MOST_AT_ONCE) {
      throw new UsageException("--jobs: no number from 1 to " + MOST_AT_ONCE + ": " + value);
    }
    return Integer.parseInt(value);
  }
}
