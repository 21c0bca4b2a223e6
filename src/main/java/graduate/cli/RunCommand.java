package graduate.cli;

import graduate.audit.LogException;
import graduate.openai.ApiKey;
import graduate.openai.ChatClient;
import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.replay.ReplayServer;
import graduate.run.Job;
import graduate.run.PromptRunner;
import graduate.run.Result;
import graduate.spend.CapExceededException;
import graduate.spend.OncePer;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code run}: one prompt, one call, the answer on standard output. */
final class RunCommand {
  private RunCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    if (words.isEmpty()) {
      throw new UsageException("run: which prompt? graduate run prompts/NAME.md");
    }
    if (words.size() > 1) {
      String second = "; an input needs -i: -i " + words.get(1);
      throw new UsageException("run: one prompt at a time, not " + words.size() + second);
    }
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    try {
      return run(workspace, prompt);
    } catch (UsageException | UnusableException | LogException e) {
      context.diagnostics().get().warn("{}: nothing was sent", prompt.path());
      throw e;
    }
  }

  private static int run(Workspace workspace, Prompt prompt) throws IOException {
    Text input = RunOptions.input(workspace, prompt);
    Optional<LoggedCall> after = RunOptions.after(workspace);
    Job job = RunOptions.job(workspace, prompt, input, after);
    try {
      return workspace.line().has("dry-run")
          ? DryRun.print(job, workspace)
          : call(job, after, workspace, prompt);
    } catch (CapExceededException e) {
      throw e.saying(prompt.path() + ": " + CapText.refusal(e, job, workspace.settings().zone()));
    }
  }

  private static int call(Job job, Optional<LoggedCall> after, Workspace workspace, Prompt prompt)
      throws IOException {
    Context context = workspace.context();
    Report report = new Report(workspace, prompt);
    Path output = OutputFile.of(workspace, prompt);
    try (ReplayServer saved = job.replay() ? saved(prompt) : null) {
      report.before(job, after);
      ChatClient client =
          saved == null
              ? workspace.client()
              : new ChatClient(
                  Endpoint.of(saved.baseUrl(), ApiKey.none(), Map.of()), context.clock());
      Optional<OncePer> once =
          RunOptions.oncePer(workspace.line())
              .map(per -> new OncePer(workspace.ledger(), per, job.asked()));
      once.ifPresent(wish -> wish.read(context.clock().instant()));
      PromptRunner runner =
          new PromptRunner(workspace.ledger(), client, context.clock(), context.diagnostics());
      context.signals().onSignal(runner::stop);
      Closeable ticker = report.waiting(runner);
      Optional<Result> result;
      try {
        result = runner.run(job, session -> once.filter(wish -> wish.isDone(session)).isPresent());
      } finally {
        ticker.close();
      }
      return result.isEmpty()
          ? report.notSent()
          : deliver(job, result.get(), client.endpoint(), output, report, workspace);
    }
  }

  private static ReplayServer saved(Prompt prompt) throws IOException {
    Path saved = prompt.sidecarText(".chatgpt");
    if (!Files.exists(saved)) {
      throw new UnusableException(
          prompt.path(), "no saved answer to replay. Save ChatGPT's answer as " + saved);
    }
    return new ReplayServer(Text.read(saved).text());
  }

  /** Brings the answer to where it was asked for, and where that fails to wherever it can. */
  private static int deliver(
      Job job,
      Result result,
      Endpoint endpoint,
      @Nullable Path output,
      Report report,
      Workspace workspace) {
    ChatResponse response = result.response();
    byte[] body = response.reply().body();
    byte[] bytes =
        workspace.line().has("json") && body != null
            ? body
            : response.text().getBytes(StandardCharsets.UTF_8);
    boolean answer = !response.texts().isEmpty();
    String where = "";
    String failed = "";
    if (output != null && answer) {
      try {
        OutputFile.write(output, to -> to.write(bytes));
        where = "in " + output;
      } catch (IOException e) {
        failed = output + ": cannot be written: " + Failures.reason(e);
      }
    }
    if (where.isEmpty()) {
      try {
        workspace.context().console().print(bytes);
        where = "printed";
      } catch (OutputException e) {
        if (e.isBrokenPipe() && failed.isEmpty() && result.unrecorded() == null) {
          return Exit.BROKEN_PIPE;
        }
        failed = "the answer could not be printed: " + e.getMessage();
      }
    }
    int exit = report.after(job, result, endpoint);
    return failed.isEmpty() && result.unrecorded() == null
        ? exit
        : report.undelivered(result, failed, answer ? where : "");
  }
}
