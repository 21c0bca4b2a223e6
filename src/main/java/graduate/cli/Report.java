package graduate.cli;

import graduate.audit.LogException;
import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.openai.Outcome;
import graduate.prompt.Prompt;
import graduate.run.Job;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Standing;
import java.io.Closeable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** What a run says on standard error: errors always, the rest on a terminal. */
final class Report {
  private static final int SHUT_DOWN_DAYS = 30;
  private final Context context;
  private final Workspace workspace;
  private final Prompt prompt;
  private final CommandLine line;
  private final boolean talks;

  Report(Context context, Workspace workspace, Prompt prompt, CommandLine line) {
    this.context = context;
    this.workspace = workspace;
    this.prompt = prompt;
    this.line = line;
    this.talks =
        !line.hasOption(RunOptions.QUIET)
            && (context.console().errTty() || line.hasOption(RunOptions.VERBOSE));
  }

  boolean json() {
    return line.hasOption(RunOptions.JSON);
  }

  /** Warnings that a call should not be made without. */
  void before(Job job) {
    if (!talks || job.replay()) {
      return;
    }
    if (job.caps().isEmpty()) {
      say("no caps are set: nothing bounds what this costs");
    }
    Optional<String> end = shutDown(job, LocalDate.ofInstant(context.clock().instant(), zone()));
    if (end.isPresent()) {
      say(end.get());
    }
  }

  /** The model's end, where that is near. */
  static Optional<String> shutDown(Job job, LocalDate today) {
    return Optional.ofNullable(job.price())
        .flatMap(price -> price.row().shutDown())
        .filter(end -> !end.isAfter(today.plusDays(SHUT_DOWN_DAYS)))
        .map(end -> job.request().model() + " is shut down on " + end);
  }

  /** Counts the seconds until it is closed. */
  Closeable waiting() {
    boolean counts = context.console().errTty() && !line.hasOption(RunOptions.QUIET);
    return counts ? new Ticker(context.console(), prompt.name()) : () -> {};
  }

  /** Says why nothing was sent, and no cap or fault kept it. */
  int notSent() {
    if (context.signals().came()) {
      error("ended by a signal; nothing was sent");
    } else if (talks) {
      say(
          "answered already in this "
              + line.getOptionValue(RunOptions.ONCE_PER)
              + ", or being asked");
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
      failure(problem, result);
    }
    if (talks) {
      say(summary(job, result));
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
  private String problem(Result result, Endpoint endpoint) {
    ChatResponse response = result.response();
    List<String> notes = new ArrayList<>(response.notes());
    boolean cut = context.signals().came() && response.outcome() == Outcome.FAILED;
    if (cut && response.reply().status() > 0) {
      notes.add("ended by a signal");
    }
    if (result.stopped() != null) {
      notes.add("not tried again: " + stopped(result.stopped()));
    }
    if (notes.isEmpty()) {
      return "";
    }
    String advice = advice(response, endpoint);
    String said = String.join("; ", notes);
    String rest = (advice.isEmpty() ? "" : ". " + advice) + money(result);
    return rest.isEmpty() ? said : said.replaceFirst("\\.$", "") + rest;
  }

  /** How many attempts there were, and what stays held of them. */
  private static String money(Result result) {
    Committed committed = result.committed();
    int attempts = result.request().attempt();
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
        ? Report.cap(cap, zone())
        : String.valueOf(why.getMessage());
  }

  private static String advice(ChatResponse response, Endpoint endpoint) {
    return switch (response.reply().status()) {
      case 401 -> "The key came from " + endpoint.key().origin();
      case 307, 308, 301, 302, 303 -> "A redirect is not followed; check base_url";
      default -> "";
    };
  }

  static int exit(Outcome outcome) {
    return switch (outcome) {
      case ANSWERED -> Exit.OK;
      case INCOMPLETE -> Exit.INCOMPLETE;
      case REFUSED -> Exit.REFUSED;
      case FAILED, UNKNOWN -> Exit.FAILED;
    };
  }

  private String summary(Job job, Result result) {
    ChatResponse response = result.response();
    List<String> parts = new ArrayList<>();
    parts.add(response.model().orElse(job.request().model()));
    parts.add(seconds(response.reply().elapsedMs()));
    if (response.usage().path("total_tokens").isNumber()) {
      parts.add(
          (job.replay() ? "about " : "")
              + response.usage().path("prompt_tokens").asText()
              + " + "
              + response.usage().path("completion_tokens").asText()
              + " tokens");
    }
    if (job.replay()) {
      parts.add(
          job.wouldCost(response)
              .map(cost -> "would have cost about " + Usd.near(cost.usd()))
              .orElse("what it would have cost is not known"));
    } else {
      parts.add(
          result
              .cost()
              .map(cost -> Usd.near(cost.usd()))
              .orElse("up to " + Usd.up(result.request().reserved()) + ", held"));
    }
    Balance balance = result.balance();
    Instant now = context.clock().instant();
    for (Cap cap : workspace.caps()) {
      if (cap.per() == Cap.Per.DAY && balance != null) {
        parts.add(Usd.down(balance.standing(cap, now).left()) + " left today");
      }
    }
    return String.join(", ", parts);
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
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

  /** Prints one line; the diagnostics name the call, without a word of the server's. */
  private void failure(String problem, Result result) {
    error(problem);
    ChatResponse response = result.response();
    context
        .diagnostics()
        .get()
        .warn(
            "{}: call {}: {}, HTTP {}",
            prompt.path(),
            result.request().id(),
            response.outcome(),
            response.reply().status());
  }

  /** An answer that could not be brought to where it was asked for. */
  void undelivered(String problem, String where, Result result) {
    String found =
        where.isEmpty()
            ? "It is in the log: graduate log show " + result.request().id()
            : "The answer was " + where + " instead";
    error(problem + ". " + found);
  }

  /** An answer, or what came in its place, that is not on the log. */
  void unrecorded(Throwable why, String problem, String where) {
    String cause = why instanceof LogException ? String.valueOf(why.getMessage()) : why.toString();
    String logged = problem.isEmpty() ? cause : problem + ", nor logged: " + cause;
    String answer = where.isEmpty() ? "" : "; the answer is " + where + " but not in the log";
    error(logged + answer + "; its call stays held. See: graduate spend");
  }

  /** The refusal as the user reads it. */
  CappedException capped(CapExceededException e) {
    return new CappedException(prompt.path() + ": " + cap(e, zone()) + ". See: graduate spend", e);
  }

  /** What a refusal by a cap says. */
  static String cap(CapExceededException e, ZoneId zone) {
    Standing standing = e.standing();
    Committed committed = standing.committed();
    DateTimeFormatter time = DateTimeFormatter.ofPattern("HH:mm z", Locale.ROOT).withZone(zone);
    DateTimeFormatter day =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ROOT).withZone(zone);
    DateTimeFormatter form = standing.cap().per() == Cap.Per.DAY ? time : day;
    String calls = committed.calls() == 1 ? " (1 call)" : " (" + committed.calls() + " calls)";
    return "could cost "
        + Usd.up(e.worst())
        + "; "
        + standing.cap().per()
        + " cap "
        + Usd.near(standing.cap().usd())
        + ": spent "
        + Usd.near(committed.spent())
        + ", held "
        + Usd.near(committed.held())
        + (committed.calls() == 0 ? "" : calls)
        + ", left "
        + Usd.down(standing.left())
        + standing.ends().map(end -> "; ends " + form.format(end)).orElse("");
  }
}
