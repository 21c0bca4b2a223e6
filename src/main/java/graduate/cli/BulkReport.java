package graduate.cli;

import graduate.audit.LogException;
import graduate.openai.Endpoint;
import graduate.prompt.Prompt;
import graduate.run.Answer;
import graduate.run.Bulk;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a bulk says on standard error: errors always, the rest on a terminal. */
final class BulkReport {
  private static final long REDRAW_MS = 100;
  private static final int LONG = 100;

  private final Context context;
  private final Workspace workspace;
  private final Prompt prompt;
  private final Arguments line;
  private final Report report;
  private final BulkPlan plan;
  private final int all;
  private final long startNanos = System.nanoTime();
  private final Ticker ticker;
  private Supplier<Committed> committed = () -> Committed.NOTHING;
  private Supplier<String> width = () -> "";
  private int done;
  private int failed;
  private int found;

  BulkReport(Arguments line, Context context, Workspace workspace, Prompt prompt, BulkPlan plan) {
    this.context = context;
    this.workspace = workspace;
    this.prompt = prompt;
    this.line = line;
    this.report = new Report(context, workspace, prompt, line);
    this.plan = plan;
    this.all = plan.items().size();
    boolean shown = context.console().errTty() && !line.has("quiet") && !BulkBatch.isAsked(line);
    this.ticker = new Ticker(context.console(), shown, REDRAW_MS, this::progress);
  }

  /** How many inputs there are, and what those that are to be asked could cost, each once. */
  void before() {
    if (!report.talks() && !line.has("dry-run")) {
      return;
    }
    List<String> parts = new ArrayList<>();
    parts.add(all + (all == 1 ? " input" : " inputs"));
    int asking = plan.count(PastCalls.State.ASKED);
    parts.add(plan.count(PastCalls.State.ANSWERED) + " on the log");
    parts.add(asking == 0 ? "" : asking + " being asked");
    parts.add(
        plan.missing().size()
            + " to ask, which could cost "
            + Usd.up(plan.missingWorst())
            + " at the most");
    parts.remove("");
    Balance balance = workspace.ledger().balance();
    Instant now = context.clock().instant();
    for (Cap cap : workspace.caps()) {
      if (cap.per() != Cap.Per.CALL) {
        String left = Usd.down(balance.standing(cap, now).left());
        parts.add(cap.per() + " cap: " + left + " left");
      }
    }
    plan.first().ifPresent(job -> report.before(job, Optional.empty()));
    error(prompt.name(), String.join(", ", parts));
  }

  /** From now on the calls come to this, and so many run at once. */
  void running(Supplier<Committed> spent, Supplier<String> atOnce) {
    committed = spent;
    width = atOnce;
  }

  /** Brings out how an input ended, and counts it. */
  void put(BulkOutput output, BulkPlan.Item item, Answer answer, boolean fromLog)
      throws IOException {
    synchronized (ticker) {
      done++;
      failed += answer.response().texts().isEmpty() ? 1 : 0;
      found += fromLog ? 1 : 0;
      ticker.wipe();
      output.put(item, answer, fromLog);
    }
  }

  /** The same, noted in the diagnostics too, without a word of a server's. */
  void failed(String place, String problem) {
    error(place, problem);
    String own = problem.replaceFirst("(HTTP \\d+(?: [\\w.-]{1,64})?|the batch failed):.*", "$1");
    context.diagnostics().get().warn("{}: {}", place, own);
  }

  /** A word for a terminal. */
  void say(String text) {
    if (report.talks()) {
      error(prompt.name(), text);
    }
  }

  /** An error at an input, in place of the progress. */
  void error(String place, String problem) {
    synchronized (ticker) {
      ticker.wipe();
      context.console().error("graduate: " + place + ": " + problem);
    }
  }

  /** As {@code 412 of 988, 8 at once, 3 failed, $0.21 spent, about 4 min left}. */
  private String progress() {
    synchronized (ticker) {
      return done
          + " of "
          + all
          + width.get()
          + ", "
          + failed
          + " failed, "
          + Usd.near(committed.get().spent())
          + " spent"
          + rest();
    }
  }

  private String rest() {
    int asked = done - found;
    if (asked == 0 || done == all) {
      return "";
    }
    Duration rest = Duration.ofNanos((System.nanoTime() - startNanos) / asked * (all - done));
    long seconds = rest.toSeconds() + 1;
    long minutes = rest.toMinutes() + 1;
    return ", about "
        + (seconds < LONG
            ? seconds + " s"
            : minutes < LONG ? minutes + " min" : rest.toHours() + " h")
        + " left";
  }

  /** Says how it ended, and why where something stopped it; the exit code of that. */
  int after(Optional<Throwable> why) {
    ticker.close();
    int exit = why.map(this::stopped).orElse(Exit.OK);
    if (context.signals().came()) {
      error(
          prompt.path().toString(), "ended by a signal; " + sum() + ". To go on: the same command");
    }
    Committed sum = committed.get();
    if (report.talks()) {
      String held =
          sum.calls() == 0
              ? ""
              : ", "
                  + Usd.up(sum.held())
                  + " held ("
                  + sum.calls()
                  + (sum.calls() == 1 ? " call" : " calls")
                  + "). To settle: graduate spend settle ID --usd X --why TEXT";
      error(prompt.name(), sum() + "; " + Usd.near(sum.spent()) + " spent" + held);
    }
    return exit;
  }

  private String sum() {
    // A batch that is refused has not brought out what the log has.
    int answered = Math.max(done - failed, plan.count(PastCalls.State.ANSWERED));
    int rest = all - answered - failed;
    String failures = failed == 0 ? "" : ", " + failed + " failed";
    String left = rest == 0 ? "" : ", " + rest + " left";
    return answered + " of " + all + " done" + failures + left;
  }

  /** The code of what stopped a bulk; a bug is thrown on. */
  int stopped(Throwable why) {
    if (why instanceof CapExceededException cap) {
      String refusal = CapText.refusal(cap, workspace.settings().zone());
      Cap hit = cap.standing().cap();
      boolean own = !workspace.caps().contains(hit);
      String name = own ? "--max-usd" : hit.per() + " cap";
      String again =
          cap.worst().compareTo(hit.usd()) > 0
              ? "with a " + name + " of " + Usd.up(cap.worst()) + " or more"
              : cap.standing().ends().isPresent() ? "after that" : "with more room";
      String problem = refusal.replaceFirst("(total|call) cap", name);
      return stopped(
          Exit.CAP, problem + "; " + sum() + ". To go on " + again + ": the same command");
    }
    if (why instanceof Bulk.RefusedException) {
      return stopped(Exit.REFUSED, why.getMessage() + ": the rest would be refused too; " + sum());
    }
    if (why instanceof LogException) {
      return stopped(Exit.LOG, why.getMessage() + "; " + sum());
    }
    if (why instanceof RuntimeException bug) {
      throw bug;
    }
    throw (Error) why;
  }

  private int stopped(int exit, String problem) {
    failed(prompt.path().toString(), problem);
    return exit;
  }

  /** What kept an answer from coming whole. */
  String problem(Result result, Endpoint endpoint) {
    return report.problem(result, endpoint);
  }

  /** Notes the same in the diagnostics. */
  void note(BulkPlan.Item item, Result result) {
    report.note(item.name(), result);
  }

  /** What is said of an answer that is not on the log; it is printed, wherever it was to go. */
  String unrecorded(Result result, Throwable why) {
    String cause = why instanceof LogException ? why.getMessage() : why.toString();
    String printed = "";
    if (line.has("output") && !result.response().texts().isEmpty()) {
      try {
        context.console().print(result.response().text());
        printed = "; the answer is printed";
      } catch (OutputException e) {
        printed = "; the answer could not be printed";
      }
    }
    return cause + printed + "; its call stays held. See: graduate spend";
  }

  /** What is said of an input that a cap refused. */
  String refused(CapExceededException why, Job job) {
    return CapText.refusal(why, job, workspace.settings().zone());
  }
}
