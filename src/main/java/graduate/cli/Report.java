package graduate.cli;

import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.openai.Outcome;
import graduate.prompt.Prompt;
import graduate.run.Job;
import graduate.run.PromptRunner;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Standing;
import java.io.Closeable;
import java.io.IOException;
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
  void before(Job job) throws IOException {
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

  int needless() throws IOException {
    if (talks) {
      say(
          "answered already in this "
              + line.getOptionValue(RunOptions.ONCE_PER)
              + ", or being asked");
    }
    return Exit.OK;
  }

  /** Says how the run ended. */
  int after(Job job, Result result, Endpoint endpoint) throws IOException {
    ChatResponse response = result.response();
    if (response.refusal() != null) {
      context.console().error(response.refusal());
    }
    for (String note : response.notes()) {
      String advice = advice(response, endpoint);
      failure(advice.isEmpty() ? note : note + (note.endsWith(".") ? " " : ". ") + advice, result);
    }
    if (result.stopped() != null) {
      failure("not tried again: " + stopped(result.stopped()), result);
    }
    if (talks) {
      say(summary(job, result));
      if (job.replay()) {
        say("a saved answer, replayed. The log is " + workspace.log().path());
      }
    }
    BigDecimal cost = result.cost().orElse(BigDecimal.ZERO);
    if (cost.compareTo(result.entry().reserved()) > 0) {
      overrun(cost, result);
    }
    return exit(response.outcome());
  }

  private void overrun(BigDecimal cost, Result result) throws IOException {
    context
        .diagnostics()
        .get()
        .warn(
            "{} cost {} USD, {} were reserved",
            result.entry().id(),
            cost,
            result.entry().reserved());
    if (talks) {
      say(
          "cost "
              + Usd.near(cost)
              + ", more than the "
              + Usd.near(result.entry().reserved())
              + " reserved");
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
      default ->
          response.outcome() == Outcome.UNKNOWN
              ? "Its reservation stays held. See: graduate spend"
              : "";
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
          PromptRunner.wouldCost(job, response)
              .map(cost -> "would have cost about " + Usd.near(cost))
              .orElse("what it would have cost is not known"));
    } else {
      parts.add(
          result
              .cost()
              .map(Usd::near)
              .orElse("up to " + Usd.up(result.entry().reserved()) + ", held"));
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

  private void say(String text) throws IOException {
    context.console().error("graduate: " + prompt.name() + ": " + text);
  }

  /** Prints one line; the diagnostics name the call, without a word of the server's. */
  void failure(String problem, Result result) throws IOException {
    context.console().error("graduate: " + prompt.path() + ": " + problem);
    ChatResponse response = result.response();
    context
        .diagnostics()
        .get()
        .warn(
            "{}: call {}: {}, HTTP {}",
            prompt.path(),
            result.entry().id(),
            response.outcome(),
            response.reply().status());
  }

  /** The refusal as the user reads it. */
  CappedException capped(CapExceededException e) {
    return new CappedException(prompt.path() + ": " + cap(e, zone()), e);
  }

  /** What a refusal by a cap says. */
  static String cap(CapExceededException e, ZoneId zone) {
    Standing standing = e.standing();
    DateTimeFormatter time = DateTimeFormatter.ofPattern("HH:mm z", Locale.ROOT).withZone(zone);
    DateTimeFormatter day =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ROOT).withZone(zone);
    DateTimeFormatter form = standing.cap().per() == Cap.Per.DAY ? time : day;
    String calls =
        standing.heldCalls() == 1 ? " (1 call)" : " (" + standing.heldCalls() + " calls)";
    return "could cost "
        + Usd.up(e.worst())
        + "; "
        + standing.cap().per()
        + " cap "
        + Usd.near(standing.cap().usd())
        + ": spent "
        + Usd.near(standing.spent())
        + ", held "
        + Usd.near(standing.held())
        + (standing.heldCalls() == 0 ? "" : calls)
        + ", left "
        + Usd.down(standing.left())
        + standing.ends().map(end -> "; ends " + form.format(end)).orElse("")
        + ". See: graduate spend";
  }
}
