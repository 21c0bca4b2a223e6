package graduate.cli;

import graduate.audit.AuditLog;
import graduate.openai.Batches;
import graduate.openai.ChatClient;
import graduate.prompt.Prompt;
import graduate.run.Batch;
import graduate.run.BatchCollector;
import graduate.run.BatchLog;
import graduate.run.BatchLook;
import graduate.run.BatchRunner;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code bulk} as one batch: at the API, or for an engine that reads its lines from a file. */
final class BulkBatch {
  private static final String AGAIN = ". To collect the answers: the same command";

  private final Arguments line;
  private final Context context;
  private final Workspace workspace;
  private final Prompt prompt;
  private final PastCalls past;
  private final BulkPlan plan;
  private final BatchLog log;
  private final BatchCollector collector;
  private final BatchRunner runner;
  private final BulkReport report;
  private final String endpoint;
  private boolean over;

  BulkBatch(
      Arguments line,
      Context context,
      Workspace workspace,
      Prompt prompt,
      BulkPlan plan,
      PastCalls past,
      ChatClient client,
      BulkReport report) {
    this.line = line;
    this.context = context;
    this.workspace = workspace;
    this.prompt = prompt;
    this.past = past;
    this.plan = plan;
    this.log = new BatchLog(workspace.ledger(), past, workspace.prices());
    Batches api = new Batches(client);
    this.collector = new BatchCollector(log, past, api, context.logs());
    Duration maxTime = RunOptions.maxTime(workspace);
    this.runner = new BatchRunner(log, collector, api, maxTime, context.clock());
    this.report = report;
    this.endpoint = client.endpoint().url().toString();
    report.running(log::committed, () -> "");
  }

  /** What was recorded. */
  BatchLog log() {
    return log;
  }

  /**
   * Whether the command is about a batch.
   *
   * @throws UsageException where its options do not go together
   */
  static boolean isAsked(Arguments line) {
    boolean api = line.has("batch") || line.has("cancel") || line.has("resubmit");
    int ways = 0;
    for (boolean way : new boolean[] {api, line.has("batch-file"), line.has("results")}) {
      ways += way ? 1 : 0;
    }
    if (ways > 1) {
      throw new UsageException("--batch, --batch-file, --results: only one of them");
    }
    return ways > 0;
  }

  /** Goes on with the batches that are open, or begins one; the exit code of what that brought. */
  int run() throws IOException {
    OutputFile.removeLeftovers(context.logs());
    if (line.has("results")) {
      Path file = Workspace.path(line.value("results"));
      return said(
          collector
              .take(file)
              .orElseThrow(
                  () ->
                      new UnusableException(
                          file, "has a call that is in no batch for another engine")),
          file.toString());
    }
    boolean toFile = line.has("batch-file");
    if (toFile) {
      OutputFile.tried(Workspace.path(line.value("batch-file")));
    }
    List<Batch> open =
        (toFile ? past.batches(plan.asked()) : past.batches())
            .stream().filter(batch -> batch.isOpen() && batch.isForFile() == toFile).toList();
    if (toFile && !open.isEmpty()) {
      return write(open.get(0));
    }
    int exit = Exit.OK;
    boolean blocked = line.has("cancel");
    for (Batch batch : open) {
      BatchLook look =
          line.has("cancel") && isOurs(batch)
              ? runner.cancel(batch)
              : runner.lookAfter(batch, line.has("resubmit") && isOurs(batch));
      // What became of another prompt's batch is no reason to wait.
      blocked |= isOurs(batch) || look.seen() != BatchLook.Seen.LOST;
      exit = BulkResults.gravest(exit, said(look, batch.last().source("prompt").path()));
    }
    if (!blocked && !plan.missing().isEmpty()) {
      return BulkResults.gravest(exit, begin(toFile));
    }
    over |= !blocked || open.isEmpty();
    return exit;
  }

  /** Whether the answers are to be written out now. */
  boolean isOver() {
    return over;
  }

  private boolean isOurs(Batch batch) {
    return batch.last().source("prompt").sha256().equals(Job.source(prompt.file()).sha256());
  }

  private int begin(boolean toFile) throws IOException {
    long bytes = plan.missingBytes();
    if (!toFile && plan.missing().size() > Batches.MOST_CALLS) {
      throw new UnusableException(
          "--batch", plan.missing().size() + " inputs; a batch takes " + Batches.MOST_CALLS);
    }
    if (!toFile && bytes > Batches.MOST_BYTES) {
      throw new UnusableException(
          "--batch",
          bytes + " bytes of requests; a batch takes " + Batches.MOST_BYTES / 1_000_000 + " MB");
    }
    Optional<Batch> batch;
    try {
      batch = reserve(bytes, toFile);
    } catch (CapExceededException e) {
      return report.stopped(e);
    }
    if (batch.isEmpty()) {
      over = true;
      return Exit.OK;
    }
    return toFile ? write(batch.get()) : said(runner.handIn(batch.get()), prompt.path().toString());
  }

  private Optional<Batch> reserve(long bytes, boolean toFile) throws IOException {
    List<Cap> caps = new ArrayList<>(workspace.caps());
    caps.stream().filter(cap -> cap.per() == Cap.Per.CALL).forEach(plan::requireEach);
    caps.removeIf(cap -> cap.per() == Cap.Per.CALL);
    // A batch is all that the command asks.
    line.usd("max-usd").ifPresent(usd -> caps.add(new Cap(usd, Cap.Per.CALL)));
    return log.reserve(
        plan.first().orElseThrow(),
        plan::eachMissing,
        bytes,
        plan.missingWorst(),
        caps,
        endpoint,
        toFile);
  }

  /** Writes the lines of a batch for another engine. */
  private int write(Batch batch) throws IOException {
    Path file = Workspace.path(line.value("batch-file"));
    try {
      OutputFile.write(
          OutputFile.tried(file), to -> BatchLog.writeLines(batch, to), AuditLog.OWNER_ONLY);
    } catch (IOException e) {
      report.failed(
          file.toString(),
          "cannot be written: "
              + Failures.reason(e)
              + "; "
              + Usd.up(batch.last().reserved())
              + " stays held. Make room and type the same command");
      return Exit.FAILED;
    }
    if (!plan.missing().isEmpty() && plan.count(PastCalls.State.ASKED) > 0) {
      report.say(plan.missing().size() + " inputs wait for the next command");
    }
    report.error(
        prompt.path().toString(),
        batch.size()
            + " calls are in "
            + file
            + ", "
            + Usd.up(batch.last().reserved())
            + " is reserved. To take in what comes back: the same command with --results FILE");
    return Exit.FAILED;
  }

  /** Says how a batch stands. */
  private int said(BatchLook look, String place) {
    switch (look.seen()) {
      case HANDED_IN -> report.error(place, look.said() + AGAIN);
      case RUNNING -> report.say(look.said() + AGAIN);
      case COLLECTED -> over = true;
      case FAILED -> {
        // What came before it failed is on the log.
        over = over || !log.collected().isEmpty();
        report.failed(place, look.said());
      }
      case BUSY, LOST, REFUSED -> report.failed(place, look.said());
    }
    return switch (look.seen()) {
      case COLLECTED -> Exit.OK;
      case LOST, REFUSED -> Exit.REFUSED;
      case HANDED_IN, RUNNING, BUSY, FAILED -> Exit.FAILED;
    };
  }
}
