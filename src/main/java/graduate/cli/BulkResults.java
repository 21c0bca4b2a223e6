package graduate.cli;

import graduate.audit.Asked;
import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.openai.Outcome;
import graduate.run.Answer;
import graduate.run.BatchLog;
import graduate.run.Bulk;
import graduate.run.Job;
import graduate.run.PastCalls.State;
import graduate.run.Result;
import graduate.spend.CapExceededException;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings what becomes of each input to where it was asked for; the gravest of it is the exit. */
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
  private final BulkReport report;
  private final Endpoint endpoint;
  private boolean broken;
  private int exit = Exit.OK;

  /** What becomes of {@code plan}, whose calls go to {@code endpoint}. */
  BulkResults(BulkPlan plan, BulkOutput output, BulkReport report, Endpoint endpoint) {
    this.plan = plan;
    this.output = output;
    this.report = report;
    this.endpoint = endpoint;
  }

  @Override
  public synchronized boolean ended(Job job, Optional<Result> last) {
    Asked asked = job.asked();
    State state = plan.past.state(asked, plan.now());
    boolean usable = last.filter(result -> result.response().isUsable()).isPresent();
    if (usable || (last.isPresent() && state != State.ANSWERED)) {
      asked(asked, last.get());
    } else {
      left(asked, state, Set.of());
    }
    return !broken;
  }

  private void asked(Asked asked, Result result) {
    add(Report.exit(result.response().outcome()));
    put(asked, result.answer(), false);
    String problem = report.run.problem(result, endpoint);
    Throwable unrecorded = result.unrecorded();
    if (unrecorded != null) {
      add(Exit.UNDELIVERED);
      problem = report.unrecorded(result, unrecorded);
    }
    if (!problem.isEmpty()) {
      String said = problem;
      plan.alike(asked).forEach(item -> report.error(item.name(), said));
      report.run.note(plan.alike(asked).get(0).name(), result);
    }
  }

  @Override
  public synchronized void refused(Job job, CapExceededException why) {
    failed(job.asked(), Exit.CAP, CapText.refusal(why, job, plan.workspace.settings().zone()));
  }

  /**
   * Brings out what stood on the log when the plan looked, and names what is left alone.
   *
   * @return whether that went well
   */
  boolean fromLog() {
    for (Asked asked : plan.asked()) {
      if (!broken) {
        left(asked, plan.state(asked), Set.of());
      }
    }
    return !broken;
  }

  /** Brings out what stands on the log now, with what was collected. */
  void collected(BatchLog log) {
    plan.look();
    int waiting = 0;
    for (Asked asked : plan.asked()) {
      Optional<Answer> failure = log.collected().getOrDefault(asked, Optional.empty());
      State state = plan.state(asked);
      if (broken) {
        return;
      }
      if (state == State.ANSWERED || state == State.GIVEN_UP) {
        left(asked, state, log.collected().keySet());
      } else if (failure.isPresent()) {
        ChatResponse response = failure.get().response();
        put(asked, failure.get(), false);
        failed(asked, Report.exit(response.outcome()), String.join("; ", response.notes()));
      } else {
        waiting += plan.alike(asked).size();
      }
    }
    if (waiting > 0) {
      add(Exit.FAILED);
      report.say(waiting + " inputs wait for the next command");
    }
  }

  /** What was not asked now: the log has its answer, or it is left alone, or was not reached. */
  private void left(Asked asked, State state, Set<Asked> paidNow) {
    switch (state) {
      case MISSING -> {}
      case ANSWERED -> {
        Answer answer = plan.past.answer(asked).orElseThrow();
        if (answer.outcome().equals(Outcome.INCOMPLETE.toString())) {
          add(Exit.INCOMPLETE);
        }
        put(asked, answer, !paidNow.contains(asked));
      }
      case ASKED -> failed(asked, Exit.FAILED, "left alone: it is being asked already");
      case GIVEN_UP ->
          failed(
              asked,
              Exit.FAILED,
              "left alone: six calls of today ended without a known cost. See: graduate spend");
    }
  }

  private void put(Asked asked, Answer answer, boolean fromLog) {
    boolean found = fromLog;
    for (BulkPlan.Item item : plan.alike(asked)) {
      try {
        report.put(output, item, answer, found);
      } catch (IOException | UnusableException e) {
        broken = true;
        if (e instanceof OutputException stdout && stdout.isBrokenPipe()) {
          add(Exit.BROKEN_PIPE);
        } else {
          String where = ". It is in the log: graduate log show " + answer.id();
          failed(item.name(), Exit.UNDELIVERED, problem(e) + where);
        }
      }
      found = true;
    }
  }

  private void failed(Asked asked, int code, String problem) {
    plan.alike(asked).forEach(item -> failed(item.name(), code, problem));
  }

  /** Says what went wrong at a place, and adds its code. */
  void failed(String place, int code, String problem) {
    add(code);
    report.failed(place, problem);
  }

  /** Ends the output, whatever came. */
  void finish() {
    try {
      output.finish();
    } catch (IOException | UncheckedIOException | UnusableException e) {
      String lost = "; the answers are in the log, and the same command writes them";
      failed("bulk", Exit.UNDELIVERED, problem(e) + lost);
    }
  }

  private static String problem(Exception e) {
    String file = e instanceof FileSystemException failure ? failure.getFile() + ": " : "";
    return file + Failures.reason(e);
  }

  /** Adds a code: the gravest is the command's. */
  synchronized void add(int code) {
    exit = EXITS.indexOf(code) < EXITS.indexOf(exit) ? code : exit;
  }

  int exit() {
    return exit;
  }
}
