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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run says on standard error: errors always, the rest on a terminal. */
final class Report {
  private static final int SHUT_DOWN_DAYS = 30;
  private final Context context;
  private final Workspace workspace;
  private final Prompt prompt;
  private final Arguments line;
  private final boolean talks;

  Report(Context context, Workspace workspace, Prompt prompt, Arguments line) {
    this.context = context;
    this.workspace = workspace;
    this.prompt = prompt;
    this.line = line;
    this.talks = !line.has("quiet") && (context.console().errTty() || line.has("verbose"));
  }

  /** Whether more than errors is said. */
  boolean talks() {
    return talks;
  }

  boolean json() {
    return line.has("json");
  }

  /** Warnings that a call should not be made without. */
  void before(Job job, Optional<LoggedCall> after) {
    if (!talks) {
      return;
    }
    after.ifPresent(
        call -> say("goes on from " + call.id() + ", " + call.last().source("prompt").path()));
    if (job.replay()) {
      return;
    }
    if (job.caps().isEmpty()) {
      say("no caps are set: nothing bounds what this costs");
    }
    shutDown(job, LocalDate.ofInstant(context.clock().instant(), zone())).ifPresent(this::say);
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
    boolean counts = context.console().errTty() && !line.has("quiet");
    long start = System.nanoTime();
    return new Ticker(
        context.console(),
        counts,
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
      error("ended by a signal; nothing was sent");
    } else if (talks) {
      say("answered already in this " + line.value("once-per") + ", or being asked");
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
      error(problem);
      note(prompt.path().toString(), result);
    }
    if (talks) {
      say(Summary.of(job, result, workspace, context.clock().instant()));
      if (job.replay()) {
        say("a saved answer, replayed. The log is " + workspace.log().path());
      }
    }
    BigDecimal cost = result.cost().map(Cost::usd).orElse(BigDecimal.ZERO);
    if (cost.compareTo(result.request().reserved()) > 0) {
      overrun(cost, result);
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
    if (result.stopped() != null) {
      problems.add("not tried again: " + stopped(result.stopped()));
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

  private void overrun(BigDecimal cost, Result result) {
    BigDecimal reserved = result.request().reserved();
    context
        .diagnostics()
        .get()
        .warn("{} cost {} USD, {} were reserved", result.request().id(), cost, reserved);
    if (talks) {
      say("cost " + Usd.near(cost) + ", more than the " + Usd.near(reserved) + " reserved");
    }
  }

  private String stopped(RuntimeException why) {
    return why instanceof CapExceededException cap
        ? CapText.refusal(cap, zone())
        : String.valueOf(why.getMessage());
  }

  static int exit(Outcome outcome) {
    return switch (outcome) {
      case ANSWERED -> Exit.OK;
      case INCOMPLETE -> Exit.INCOMPLETE;
      case REFUSED -> Exit.REFUSED;
      case FAILED, UNKNOWN -> Exit.FAILED;
    };
  }

  private ZoneId zone() {
    return workspace.settings().zone();
  }

  private void say(String text) {
    context.console().error("graduate: " + prompt.name() + ": " + text);
  }

  private void error(String problem) {
    context.console().error("graduate: " + prompt.path() + ": " + problem);
  }

  /** The diagnostics get the same, without a word of the server's, who may repeat the prompt. */
  void note(String place, Result result) {
    List<String> own = new ArrayList<>();
    for (String problem : problems(result)) {
      own.add(problem.replaceFirst("^(HTTP \\d+(?: [\\w.-]{1,64})?):.*", "$1"));
    }
    context
        .diagnostics()
        .get()
        .warn(
            "{}: {}: {}{} (call {})",
            place,
            result.response().outcome(),
            String.join("; ", own),
            money(result),
            result.request().id());
  }

  /** An answer that could not be brought to where it was asked for. */
  void undelivered(String problem, String where, Result result) {
    String found =
        where.isEmpty()
            ? "It is in the log: graduate log show " + result.request().id()
            : "The answer was " + where + " instead";
    failed(problem + ". " + found);
  }

  private void failed(String problem) {
    error(problem);
    context.diagnostics().get().warn("{}: {}", prompt.path(), problem);
  }

  /** An answer, or what came in its place, that is not on the log. */
  void unrecorded(Throwable why, String problem, String where) {
    String cause = why instanceof LogException ? String.valueOf(why.getMessage()) : why.toString();
    String logged = problem.isEmpty() ? cause : problem + ", nor logged: " + cause;
    String answer = where.isEmpty() ? "" : "; the answer is " + where + " but not in the log";
    failed(logged + answer + "; its call stays held. See: graduate spend");
  }

  /** The refusal as the user reads it. */
  CappedException capped(CapExceededException e, Job job) {
    return new CappedException(prompt.path() + ": " + CapText.refusal(e, job, zone()), e);
  }
}
