package graduate.cli;

import graduate.audit.AuditLog;
import graduate.audit.Source;
import graduate.openai.BatchException;
import graduate.openai.BatchResults;
import graduate.openai.Batches;
import graduate.openai.ChatClient;
import graduate.run.Batch;
import graduate.run.BatchLog;
import graduate.run.BatchRunner;
import graduate.run.Job;
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
  private static final String FOREIGN = "has a call that is in no batch for another engine";
  private static final String AGAIN = ". To collect the answers: the same command";

  private final Arguments line;
  private final BulkPlan plan;
  private final BulkReport report;
  private final BulkResults results;
  private final Source prompt;
  private final BatchLog log;
  private final BatchRunner runner;
  private boolean over;

  /** What is missing in {@code plan}, as a batch of the API that {@code client} reaches. */
  BulkBatch(BulkPlan plan, BulkReport report, BulkResults results, ChatClient client) {
    this.line = plan.line;
    this.plan = plan;
    this.report = report;
    this.results = results;
    this.prompt = Job.source(plan.prompt.file());
    Workspace workspace = plan.workspace;
    this.log = new BatchLog(workspace.ledger(), plan.past, workspace.prices());
    Duration maxTime = RunOptions.maxTime(workspace);
    this.runner =
        new BatchRunner(
            log, new Batches(client), plan.context.logs(), maxTime, plan.context.clock());
  }

  /**
   * Whether the command is about a batch.
   *
   * @throws UsageException where its options do not go together
   */
  static boolean isAsked(Arguments line) {
    boolean api = line.has("batch") || line.has("cancel") || line.has("resubmit");
    boolean out = line.has("batch-file");
    boolean in = line.has("results");
    if ((api && out) || (api && in) || (out && in)) {
      throw new UsageException("--batch, --batch-file, --results: only one of them");
    }
    return api || out || in;
  }

  /**
   * Goes on with the batches that are open, or begins one.
   *
   * @return whether that is over, and the answers were brought out
   */
  boolean run() throws IOException {
    OutputFile.removeLeftovers(plan.context.logs());
    report.running(log::committed, () -> "");
    try {
      if (line.has("results")) {
        takeIn(Workspace.path(line.value("results")));
      } else if (line.has("batch-file")) {
        toFile(Workspace.path(line.value("batch-file")));
      } else {
        toApi();
      }
    } catch (CapExceededException e) {
      results.add(report.stopped(e));
    }
    if (over) {
      results.collected(log);
      results.add(report.after(Optional.empty()));
    }
    return over;
  }

  private void toApi() throws IOException {
    boolean cancel = line.has("cancel");
    boolean waits = cancel;
    List<Batch> open =
        plan.past.batches().stream().filter(each -> each.isOpen() && !each.isForFile()).toList();
    for (Batch batch : open) {
      boolean ours = batch.last().source("prompt").sha256().equals(prompt.sha256());
      boolean lost = goOn(batch, cancel && ours, ours && !cancel && line.has("resubmit"));
      // That another prompt's batch is lost is no reason to wait.
      waits |= ours || !lost;
    }
    Optional<Batch> begun = waits ? Optional.empty() : reserve(false);
    if (begun.isPresent()) {
      goOn(begun.get(), false, false);
    } else {
      over |= !waits || open.isEmpty();
    }
  }

  /** Goes on with a batch, says how it stands then, and returns whether it is lost. */
  private boolean goOn(Batch batch, boolean cancel, boolean resubmit) throws IOException {
    String place = batch.last().source("prompt").path();
    try {
      String running = runner.goOn(batch, cancel, resubmit);
      if (!batch.isOpen()) {
        over = true;
        return false;
      }
      results.add(Exit.FAILED);
      if (running.isEmpty()) {
        report.error(place, batch.size() + " calls are in batch " + batch.apiId() + AGAIN);
      } else {
        report.say(running + AGAIN);
      }
      return false;
    } catch (BatchException e) {
      failed(place, e);
      return e.isLasting() && batch.isOpen();
    }
  }

  private void failed(String place, BatchException why) {
    report.failed(place, String.valueOf(why.getMessage()));
    results.add(why.isLasting() ? Exit.REFUSED : Exit.FAILED);
    // What came before it failed is on the log.
    over |= !why.isLasting() && !log.collected().isEmpty();
  }

  /** Takes in what another engine wrote. */
  private void takeIn(Path file) throws IOException {
    BatchResults came = new BatchResults(file, "");
    if (came.calls().isEmpty()) {
      throw new UnusableException(file, "has no result of a call");
    }
    Batch batch =
        plan.past.batches().stream()
            .filter(each -> each.isForFile() && each.calls().containsAll(came.calls()))
            .findFirst()
            .orElseThrow(() -> new UnusableException(file, FOREIGN));
    try {
      if (batch.isOpen()) {
        runner.takeIn(batch, came, BatchRunner.UNKNOWN);
      }
      over = true;
    } catch (BatchException e) {
      failed(file.toString(), e);
    }
  }

  /** Writes the lines of the batch that is open, or of a new one, for another engine. */
  private void toFile(Path file) throws IOException {
    Path tried = OutputFile.tried(file);
    Optional<Batch> open =
        plan.past.batches(plan.asked()).stream().filter(each -> each.isForFile()).findFirst();
    Optional<Batch> batch = open.isPresent() ? open : reserve(true);
    if (batch.isEmpty()) {
      over = true;
      return;
    }
    results.add(Exit.FAILED);
    String held = Usd.up(batch.get().last().reserved());
    try {
      OutputFile.write(tried, batch.get()::writeTo, AuditLog.OWNER_ONLY);
    } catch (IOException e) {
      String problem = "cannot be written: " + Failures.reason(e) + "; " + held + " stays held";
      report.failed(file.toString(), problem + ". Make room and type the same command");
      return;
    }
    if (!plan.missing().isEmpty()) {
      report.say(plan.missing().size() + " inputs wait for the next command");
    }
    String ready = batch.get().size() + " calls are in " + file + ", " + held + " is reserved. ";
    report.error(
        prompt.path(), ready + "To take in what comes back: the same command with --results FILE");
  }

  /** Reserves what is missing as one batch; empty where nothing is. */
  private Optional<Batch> reserve(boolean toFile) throws IOException {
    int calls = plan.missing().size();
    long bytes = plan.missingBytes();
    if (calls == 0) {
      return Optional.empty();
    }
    if (!toFile && (calls > Batches.MOST_CALLS || bytes > Batches.MOST_BYTES)) {
      throw new UnusableException(
          "--batch",
          calls > Batches.MOST_CALLS
              ? calls + " inputs; a batch takes " + Batches.MOST_CALLS
              : bytes + " bytes of requests; a batch takes 200 MB");
    }
    List<Cap> caps = new ArrayList<>(plan.workspace.caps());
    caps.stream().filter(cap -> cap.per() == Cap.Per.CALL).forEach(plan::requireEach);
    caps.removeIf(cap -> cap.per() == Cap.Per.CALL);
    // A batch is all that the command asks.
    line.usd("max-usd").ifPresent(usd -> caps.add(new Cap(usd, Cap.Per.CALL)));
    return log.reserve(prompt, plan::eachMissing, bytes, plan.missingWorst(), caps, toFile);
  }
}
