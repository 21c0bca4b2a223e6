package graduate.cli;

import graduate.audit.LogException;
import graduate.run.Answer;
import graduate.run.Bulk;
import graduate.run.PastCalls.State;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What a bulk says on standard error: errors always, the rest on a terminal. */
final class BulkReport {
  private static final long REDRAW_MS = 100;
  private static final int LONG = 100;

  /** What a run says too. */
  final Report run;

  private final BulkPlan plan;
  private final Context context;
  private final Console console;
  private final int all;
  private final long startNanos = System.nanoTime();
  private final Ticker ticker;
  private Supplier<Committed> committed = () -> Committed.NOTHING;
  private Supplier<String> width = () -> "";
  private int done;
  private int failed;
  private int found;

  BulkReport(BulkPlan plan) {
    this.plan = plan;
    this.context = plan.context;
    this.console = context.console();
    this.all = plan.items.size();
    this.run = new Report(plan.workspace, plan.prompt);
    Arguments line = plan.line;
    boolean shown = console.errTty() && !line.has("quiet") && !BulkBatch.isAsked(line);
    this.ticker = new Ticker(console, shown, REDRAW_MS, this::progress);
  }

  /** How many inputs there are, and what those that are to be asked could cost, each once. */
  void before() {
    if (!run.talks() && !plan.line.has("dry-run")) {
      return;
    }
    int asking = plan.count(State.ASKED);
    StringBuilder said = new StringBuilder();
    said.append(Words.counted(all, "input"));
    said.append(", " + plan.count(State.ANSWERED) + " on the log");
    said.append(asking == 0 ? "" : ", " + asking + " being asked");
    said.append(", " + plan.missing().size() + " to ask, which could cost ");
    said.append(Usd.up(plan.missingWorst()) + " at the most");
    Balance balance = plan.workspace.ledger().balance();
    for (Cap cap : plan.workspace.caps()) {
      if (cap.per() != Cap.Per.CALL) {
        String left = Usd.down(balance.standing(cap, plan.now()).left());
        said.append(", " + cap.per() + " cap: " + left + " left");
      }
    }
    plan.first().ifPresent(job -> run.before(job, Optional.empty()));
    error(plan.prompt.name(), said.toString());
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

  /** A word for a terminal. */
  void say(String text) {
    if (run.talks()) {
      error(plan.prompt.name(), text);
    }
  }

  /** An error at an input, in place of the progress. */
  void error(String place, String problem) {
    synchronized (ticker) {
      ticker.wipe();
      console.error(place, problem);
    }
  }

  /** The same, noted in the diagnostics too, without a word of a server's. */
  void failed(String place, String problem) {
    error(place, problem);
    String own = problem.replaceFirst("(HTTP \\d+(?: [\\w.-]{1,64})?|the batch failed):.*", "$1");
    context.diagnostics().get().warn("{}: {}", place, own);
  }

  /** As {@code 412 of 988, 8 at once, 3 failed, $0.21 spent, about 4 min left}. */
  private String progress() {
    String spent = Usd.near(committed.get().spent()) + " spent";
    synchronized (ticker) {
      String failures = ", " + failed + " failed, ";
      return done + " of " + all + width.get() + failures + spent + rest();
    }
  }

  private String rest() {
    int asked = done - found;
    if (asked == 0 || done == all) {
      return "";
    }
    long nanos = (System.nanoTime() - startNanos) / asked * (all - done);
    Duration rest = Duration.ofNanos(nanos);
    long seconds = rest.toSeconds() + 1;
    long minutes = rest.toMinutes() + 1;
    String about =
        seconds < LONG ? seconds + " s" : minutes < LONG ? minutes + " min" : rest.toHours() + " h";
    return ", about " + about + " left";
  }

  /** Says how it ended, and why where something stopped it; the exit code of that. */
  int after(Optional<Throwable> why) {
    ticker.close();
    int exit = why.map(this::stopped).orElse(Exit.OK);
    if (context.signals().came()) {
      String signal = "ended by a signal; " + sum() + ". To go on: the same command";
      error(plan.prompt.path().toString(), signal);
    }
    Committed calls = committed.get();
    String held = Usd.up(calls.held()) + " held (" + Words.counted(calls.calls(), "call");
    String settle = ", " + held + "). To settle: graduate spend settle ID --usd X --why TEXT";
    say(sum() + "; " + Usd.near(calls.spent()) + " spent" + (calls.calls() == 0 ? "" : settle));
    return exit;
  }

  private String sum() {
    // A batch that is refused has not brought out what the log has.
    int answered = Math.max(done - failed, plan.count(State.ANSWERED));
    int rest = all - answered - failed;
    String failures = failed == 0 ? "" : ", " + failed + " failed";
    String left = rest == 0 ? "" : ", " + rest + " left";
    return answered + " of " + all + " done" + failures + left;
  }

  /** The code of what stopped a bulk; a bug is thrown on. */
  int stopped(Throwable why) {
    if (why instanceof CapExceededException cap) {
      return stopped(Exit.CAP, refusal(cap));
    }
    if (why instanceof Bulk.RefusedException) {
      return stopped(Exit.REFUSED, why.getMessage() + ": the rest would be refused too; " + sum());
    }
    if (why instanceof LogException) {
      return stopped(Exit.LOG, why.getMessage() + "; " + sum());
    }
    if (why instanceof Error fault) {
      throw fault;
    }
    throw (RuntimeException) why;
  }

  private int stopped(int exit, String problem) {
    failed(plan.prompt.path().toString(), problem);
    return exit;
  }

  private String refusal(CapExceededException why) {
    Cap hit = why.standing().cap();
    String name = plan.workspace.caps().contains(hit) ? hit.per() + " cap" : "--max-usd";
    String again =
        why.worst().compareTo(hit.usd()) > 0
            ? "with a " + name + " of " + Usd.up(why.worst()) + " or more"
            : why.standing().ends().isPresent() ? "after that" : "with more room";
    String refusal = CapText.refusal(why, plan.workspace.settings().zone());
    return refusal.replaceFirst("(total|call) cap", name)
        + ("; " + sum() + ". To go on " + again + ": the same command");
  }

  /** What is said of an answer that is not on the log; it is printed, wherever it was to go. */
  String unrecorded(Result result, Throwable why) {
    String printed = "";
    if (plan.line.has("output") && !result.response().texts().isEmpty()) {
      try {
        console.print(result.response().text());
        printed = "; the answer is printed";
      } catch (OutputException e) {
        printed = "; the answer could not be printed";
      }
    }
    return Report.cause(why) + printed + "; its call stays held. See: graduate spend";
  }
}
