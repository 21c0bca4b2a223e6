package graduate.cli;

import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.openai.Batches;
import graduate.openai.ChatClient;
import graduate.prompt.Prompt;
import graduate.run.Batch;
import graduate.run.BatchLog;
import graduate.run.BatchRunner;
import graduate.run.BatchRunner.Look;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** {@code bulk} as one batch: at the API, or for an engine that reads its lines from a file. */
final class BulkBatch {
  static final Option BATCH = Arguments.flag("-", "batch");
  static final Option CANCEL = Arguments.flag("-", "cancel");
  static final Option RESUBMIT = Arguments.flag("-", "resubmit");
  static final Option BATCH_FILE = Arguments.value("-", "batch-file", "FILE");
  static final Option RESULTS = Arguments.value("-", "results", "FILE");
  private static final String AGAIN = ". To collect the answers: the same command";

  private final CommandLine line;
  private final Prompt prompt;
  private final PastCalls past;
  private final BulkPlan plan;
  private final BatchLog log;
  private final BatchRunner runner;
  private final BulkReport report;
  private final String endpoint;

  BulkBatch(
      CommandLine line,
      Context context,
      Workspace workspace,
      Prompt prompt,
      BulkPlan plan,
      PastCalls past,
      ChatClient client,
      BulkReport report) {
    this.line = line;
    this.prompt = prompt;
    this.past = past;
    this.plan = plan;
    this.log =
        new BatchLog(
            workspace.ledger(), past, model -> RunOptions.batchPrice(workspace.settings(), model));
    this.runner =
        new BatchRunner(
            log,
            past,
            new Batches(client),
            context.logs(),
            RunOptions.maxTime(line, workspace.settings().maxTime()),
            context.clock());
    this.report = report;
    this.endpoint = client.endpoint().url().toString();
    report.running(log::committed, () -> "");
  }

  /** What was recorded of each question. */
  Map<Asked, BatchLog.Ended> collected() {
    return log.collected();
  }

  /**
   * Whether the command is about a batch.
   *
   * @throws UsageException where its options do not go together
   */
  static boolean isAsked(CommandLine line) {
    List<Option> ways =
        List.of(BATCH, BATCH_FILE, RESULTS).stream().filter(line::hasOption).toList();
    if (ways.size() > 1) {
      throw new UsageException("--batch, --batch-file, --results: only one of them");
    }
    if ((line.hasOption(CANCEL) || line.hasOption(RESUBMIT)) && !line.hasOption(BATCH)) {
      throw new UsageException("--cancel, --resubmit: go with --batch");
    }
    return !ways.isEmpty();
  }

  /**
   * Goes on with the batch that is open, or begins one.
   *
   * @return empty where the answers are to be written out now; else the exit code
   */
  Optional<Integer> run() throws IOException {
    if (line.hasOption(RESULTS)) {
      Path file = Workspace.path(line.getOptionValue(RESULTS));
      Look look =
          runner
              .take(file)
              .orElseThrow(
                  () -> new UnusableException(file, "has a call that is in no open batch"));
      return said(look);
    }
    boolean toFile = line.hasOption(BATCH_FILE);
    List<Batch> open =
        past.openBatches().stream()
            .filter(batch -> batch.last().file() == toFile)
            .filter(batch -> !toFile || isOurs(batch))
            .toList();
    if (open.isEmpty()) {
      return plan.missing().isEmpty() || line.hasOption(CANCEL) ? Optional.empty() : begin(toFile);
    }
    if (toFile) {
      return write(open.get(0));
    }
    Optional<Integer> exit = Optional.empty();
    for (Batch batch : open) {
      Optional<Integer> one =
          said(
              line.hasOption(CANCEL) && batch.last().state().equals("created")
                  ? runner.cancel(batch)
                  : runner.lookAfter(batch, line.hasOption(RESUBMIT)));
      exit = exit.isEmpty() || one.filter(code -> code == Exit.REFUSED).isPresent() ? one : exit;
    }
    return log.collected().isEmpty() ? exit : Optional.empty();
  }

  private boolean isOurs(Batch batch) {
    return batch.last().prompt().sha256().equals(Job.source(prompt.file()).sha256());
  }

  private Optional<Integer> begin(boolean toFile) throws IOException {
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
    BigDecimal worst = plan.missingWorst();
    Optional<Batch> batch =
        log.reserve(
            plan.first().orElseThrow(),
            to ->
                plan.eachMissing(
                    job -> {
                      to.accept(job);
                      return true;
                    }),
            bytes,
            worst,
            endpoint,
            toFile);
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    return toFile ? write(batch.get()) : said(runner.handIn(batch.get()));
  }

  /** Writes the lines of a batch for another engine. */
  private Optional<Integer> write(Batch batch) throws IOException {
    Path file = Workspace.path(line.getOptionValue(BATCH_FILE));
    if (!Files.exists(file)) {
      Files.createFile(file, AuditLog.OWNER_ONLY);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (OutputFile output = OutputFile.open(file)) {
      output.write(to -> BatchLog.lines(batch, to::write), true);
    }
    report.error(
        prompt.path().toString(),
        batch.last().calls()
            + " calls are in "
            + file
            + ", "
            + Usd.up(batch.last().reserved())
            + " is reserved. To take in what comes back: the same command with --results FILE");
    return Optional.of(Exit.FAILED);
  }

  /** Says how a batch stands; empty where it is collected. */
  private Optional<Integer> said(Look look) {
    String place = prompt.path().toString();
    switch (look.seen()) {
      case HANDED_IN -> report.error(place, look.said() + AGAIN);
      case RUNNING -> report.say(look.said() + AGAIN);
      case COLLECTED -> {}
      case BUSY, LOST, REFUSED, FAILED -> report.failed(place, look.said());
    }
    return switch (look.seen()) {
      case COLLECTED -> Optional.empty();
      case LOST, REFUSED -> Optional.of(Exit.REFUSED);
      case HANDED_IN, RUNNING, BUSY, FAILED -> Optional.of(Exit.FAILED);
    };
  }
}
