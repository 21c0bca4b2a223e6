package graduate.cli;

import graduate.audit.LogException;
import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.openai.Outcome;
import graduate.prompt.Prompt;
import graduate.run.Job;
import graduate.run.PromptRunner;
import graduate.run.Result;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Cost;
import java.io.Closeable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run says on standard error: errors always, the rest on a terminal. */
final class Report {
  private static final int SHUT_DOWN_DAYS = 30;
  private final Workspace workspace;
  private final Context context;
  private final Prompt prompt;
  private final boolean quiet;

  Report(Workspace workspace, Prompt prompt) {
    this.workspace = workspace;
    this.context = workspace.context();
    this.prompt = prompt;
    this.quiet = workspace.line().has("quiet");
  }

  /** Whether more than errors is said. */
  boolean talks() {
    return !quiet && (context.console().errTty() || workspace.line().has("verbose"));
  }

  /** Says what is no error. */
  void say(String text) {
    if (talks()) {
      context.console().error(prompt.name(), text);
    }
  }

  /** Warnings that a call should not be made without. */
  void before(Job job, Optional<LoggedCall> after) {
    after.ifPresent(
        call -> say("goes on from " + call.id() + ", " + call.last().source("prompt").path()));
    if (job.replay() || !talks()) {
      return;
    }
    if (job.caps().isEmpty()) {
      say("no caps are set: nothing bounds what this costs");
    }
    shutDown(job, workspace.today()).ifPresent(this::say);
  }

  /** The model's end, where that is near. */
  static Optional<String> shutDown(Job job, LocalDate today) {
    return Optional.ofNullable(job.price())
        .flatMap(price -> price.row().shutDown())
        .filter(end -> !end.isAfter(today.plusDays(SHUT_DOWN_DAYS)))
        .map(end -> job.request().model() + " is shut down on " + end);
  }

  /** Counts the seconds until it is closed, and says while a server wants to be left alone. */
  Closeable waiting(PromptRunner runner) {
    long start = System.nanoTime();
    return new Ticker(
        context.console(),
        context.console().errTty() && !quiet,
        1000,
        () ->
            prompt.name()
                + (runner.isPausing() ? " waits before it tries again" : "")
                + " … "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds()
                + " s");
  }

  /** Says why nothing was sent, and no cap or fault kept it. */
  int notSent() {
    if (context.signals().came()) {
      context.console().error(prompt.path(), "ended by a signal; nothing was sent");
    } else {
      String window = workspace.line().value("once-per", "");
      say("answered already in this " + window + ", or being asked");
    }
    return Exit.OK;
  }

  /** Says how the run ended. */
  int after(Job job, Result result, Endpoint endpoint) {
    ChatResponse response = result.response();
    if (response.refusal() != null) {
      context.console().error(response.refusal());
    }
    String problem = problem(result, endpoint);
    if (!problem.isEmpty()) {
      context.console().error(prompt.path(), problem);
      note(prompt.path(), result);
    }
    if (talks()) {
      say(Summary.of(job, result, workspace));
    }
    if (job.replay()) {
      say("a saved answer, replayed. The log is " + workspace.log().path());
    }
    BigDecimal cost = result.cost().map(Cost::usd).orElse(BigDecimal.ZERO);
    BigDecimal reserved = result.request().reserved();
    if (cost.compareTo(reserved) > 0) {
      String id = result.request().id();
      context.diagnostics().get().warn("{} cost {} USD, {} were reserved", id, cost, reserved);
      say("cost " + Usd.near(cost) + ", more than the " + Usd.near(reserved) + " reserved");
    }
    return exit(response.outcome());
  }

  /** What kept the answer from coming whole, what to do, and what that may have cost. */
  String problem(Result result, Endpoint endpoint) {
    List<String> problems = problems(result);
    if (problems.isEmpty()) {
      return "";
    }
    String advice = endpoint.advice(result.response().reply().status());
    String rest = (advice.isEmpty() ? "" : ". " + advice) + money(result);
    String said = String.join("; ", problems);
    return rest.isEmpty() ? said : said.replaceFirst("\\.$", "") + rest;
  }

  private List<String> problems(Result result) {
    ChatResponse response = result.response();
    List<String> problems = new ArrayList<>(response.notes());
    boolean between = response.outcome() == Outcome.FAILED && response.reply().status() > 0;
    if (between && context.signals().came()) {
      problems.add("ended by a signal");
    }
    if (result.stopped() instanceof CapExceededException cap) {
      problems.add("not tried again: " + CapText.refusal(cap, workspace.settings().zone()));
    } else if (result.stopped() != null) {
      problems.add("not tried again: " + result.stopped().getMessage());
    }
    return problems;
  }

  /** How many attempts there were, and what stays held of them. */
  private static String money(Result result) {
    Committed committed = result.committed();
    int attempts = result.attempt();
    List<String> parts = new ArrayList<>();
    if (attempts > 1) {
      parts.add(attempts + " attempts");
    }
    if (committed.calls() > 0) {
      parts.add(Usd.up(committed.held()) + " stays held. See: graduate spend");
    }
    return parts.isEmpty() ? "" : "; " + String.join(", ", parts);
  }

  static int exit(Outcome outcome) {
    return switch (outcome) {
      case ANSWERED -> Exit.OK;
      case INCOMPLETE -> Exit.INCOMPLETE;
      case REFUSED -> Exit.REFUSED;
      case FAILED, UNKNOWN -> Exit.FAILED;
    };
  }

  /** The diagnostics get the same, without a word of the server's, who may repeat the prompt. */
  void note(Object place, Result result) {
    List<String> own = new ArrayList<>();
    for (String problem : problems(result)) {
      own.add(problem.replaceFirst("^(HTTP \\d+(?: [\\w.-]{1,64})?):.*", "$1"));
    }
    String noted = result.response().outcome() + ": " + String.join("; ", own) + money(result);
    context.diagnostics().get().warn("{}: {} (call {})", place, noted, result.request().id());
  }

  /**
   * An answer, or what came in its place, that is not on the log, or not where it was asked for.
   *
   * @param failed what kept it from there; empty where nothing did
   * @param where it is; empty where that is nowhere but on the log
   */
  int undelivered(Result result, String failed, String where) {
    Throwable why = result.unrecorded();
    String problem;
    if (why != null) {
      String answer = where.isEmpty() ? "" : "; the answer is " + where + " but not in the log";
      problem =
          (failed.isEmpty() ? "" : failed + ", nor logged: ")
              + cause(why)
              + answer
              + "; its call stays held. See: graduate spend";
    } else if (where.isEmpty()) {
      problem = failed + ". It is in the log: graduate log show " + result.request().id();
    } else {
      problem = failed + ". The answer was " + where + " instead";
    }
    context.failed(prompt.path(), problem);
    return Exit.UNDELIVERED;
  }

  /** Why an answer could not be recorded. */
  static String cause(Throwable why) {
    return why instanceof LogException ? String.valueOf(why.getMessage()) : why.toString();
  }
}
