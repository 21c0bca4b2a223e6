package graduate.cli;

import graduate.audit.Asked;
import graduate.openai.Endpoint;
import graduate.openai.Outcome;
import graduate.run.Answer;
import graduate.run.BatchLog;
import graduate.run.Bulk;
import graduate.run.Job;
import graduate.run.PastCalls;
import graduate.run.Result;
import graduate.spend.CapExceededException;
import graduate.spend.Cost;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings what becomes of each input to where it was asked for, and counts. */
final class BulkResults implements Bulk.Outlet {
  /** The gravest first. */
  private static final List<Integer> EXITS =
      List.of(
          Exit.BROKEN_PIPE,
          Exit.LOG,
          Exit.UNDELIVERED,
          Exit.CAP,
          Exit.REFUSED,
          Exit.FAILED,
          Exit.INCOMPLETE,
          Exit.OK);

  private final BulkPlan plan;
  private final BulkOutput output;
  private final PastCalls past;
  private final BulkReport report;
  private final Endpoint endpoint;
  private final Clock clock;
  private Runnable stop = () -> {};
  private Set<Asked> paidNow = Set.of();
  private boolean broken;
  private int exit = Exit.OK;

  /** What becomes of {@code plan}. */
  BulkResults(
      BulkPlan plan,
      BulkOutput output,
      PastCalls past,
      BulkReport report,
      Endpoint endpoint,
      Clock clock) {
    this.plan = plan;
    this.output = output;
    this.past = past;
    this.report = report;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /** Runs {@code stop} where nothing can be brought out any more. */
  void onFault(Runnable stop) {
    this.stop = stop;
  }

  @Override
  public void ended(Job job, Optional<Result> result) {
    boolean usable = result.filter(last -> last.response().isUsable()).isPresent();
    PastCalls.State state = past.state(job.asked(), clock.instant());
    if (usable || (result.isPresent() && state != PastCalls.State.ANSWERED)) {
      asked(job.asked(), result.get());
    } else {
      left(job.asked(), state);
    }
  }

  @Override
  public void refused(Job job, CapExceededException why) {
    add(Exit.CAP);
    failed(job.asked(), report.refused(why, job));
  }

  private void asked(Asked asked, Result result) {
    add(Report.exit(result.response().outcome()));
    String outcome = result.response().outcome().toString();
    BigDecimal cost = result.cost().map(Cost::usd).orElse(null);
    String id = result.request().id();
    put(asked, new Answer(id, outcome, result.response(), cost), false);
    String problem = report.problem(result, endpoint);
    if (result.unrecorded() != null) {
      add(Exit.UNDELIVERED);
      problem = report.unrecorded(result, result.unrecorded());
    }
    if (!problem.isEmpty()) {
      for (BulkPlan.Item item : plan.alike(asked)) {
        report.error(item.name(), problem);
      }
      report.note(plan.alike(asked).get(0), result);
    }
  }

  /** Brings out what stood on the log when the plan looked, and names what is left alone. */
  void fromLog() {
    for (Asked asked : plan.asked()) {
      if (!broken) {
        left(asked, plan.state(asked));
      }
    }
  }

  /** Brings out what stands on the log now, with what was collected. */
  void collected(BatchLog log) {
    paidNow = log.collected();
    plan.look(clock.instant());
    int waiting = 0;
    for (Asked asked : plan.asked()) {
      Answer failure = log.failures().get(asked);
      PastCalls.State state = plan.state(asked);
      if (broken) {
        return;
      }
      if (state == PastCalls.State.ANSWERED || state == PastCalls.State.GIVEN_UP) {
        left(asked, state);
      } else if (failure != null) {
        failed(asked, failure);
      } else {
        waiting += plan.alike(asked).size();
      }
    }
    if (waiting > 0) {
      add(Exit.FAILED);
      report.say(waiting + " inputs wait for the next command");
    }
  }

  private void failed(Asked asked, Answer failure) {
    add(Report.exit(failure.response().outcome()));
    put(asked, failure, false);
    failed(asked, String.join("; ", failure.response().notes()));
  }

  /** What was not asked now: the log has its answer, or it is left alone, or was not reached. */
  private void left(Asked asked, PastCalls.State state) {
    switch (state) {
      case MISSING -> {}
      case ANSWERED -> past.answer(asked).ifPresent(answer -> found(asked, answer));
      case ASKED -> {
        add(Exit.FAILED);
        failed(asked, "left alone: it is being asked already");
      }
      case GIVEN_UP -> {
        add(Exit.FAILED);
        failed(
            asked,
            "left alone: six calls of today ended without a known cost. See: graduate spend");
      }
    }
  }

  private void found(Asked asked, Answer answer) {
    if (answer.outcome().equals(Outcome.INCOMPLETE.toString())) {
      add(Exit.INCOMPLETE);
    }
    put(asked, answer, !paidNow.contains(asked));
  }

  private void put(Asked asked, Answer answer, boolean fromLog) {
    boolean paid = !fromLog;
    for (BulkPlan.Item item : plan.alike(asked)) {
      try {
        report.put(output, item, answer, !paid);
      } catch (OutputException e) {
        undelivered(item, answer, e, e.isBrokenPipe());
      } catch (IOException | UnusableException e) {
        undelivered(item, answer, e, false);
      }
      paid = false;
    }
  }

  private void undelivered(BulkPlan.Item item, Answer answer, Exception why, boolean brokenPipe) {
    broken = true;
    stop.run();
    add(brokenPipe ? Exit.BROKEN_PIPE : Exit.UNDELIVERED);
    if (!brokenPipe) {
      String where = ". It is in the log: graduate log show " + answer.id();
      report.failed(item.name(), problem(why) + where);
    }
  }

  /** Inputs that can no longer be read as they were. */
  void lost(String problem) {
    add(Exit.FAILED);
    report.failed("bulk", problem);
  }

  /** Ends the output, whatever came. */
  void finish() {
    try {
      output.finish();
    } catch (IOException | UncheckedIOException | UnusableException e) {
      add(Exit.UNDELIVERED);
      String lost = "; the answers are in the log, and the same command writes them";
      report.failed("bulk", problem(e) + lost);
    }
  }

  private static String problem(Exception e) {
    String file = e instanceof FileSystemException failure ? failure.getFile() + ": " : "";
    return file + Failures.reason(e);
  }

  private void failed(Asked asked, String problem) {
    for (BulkPlan.Item item : plan.alike(asked)) {
      report.failed(item.name(), problem);
    }
  }

  /** Adds a code: the gravest is the command's. */
  synchronized void add(int code) {
    exit = gravest(exit, code);
  }

  static int gravest(int one, int other) {
    return EXITS.indexOf(one) < EXITS.indexOf(other) ? one : other;
  }

  int exit() {
    return exit;
  }
}
