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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code run}: one prompt, one call, the answer on standard output. */
final class RunCommand implements Command {
  @Override
  public int run(Arguments line, Context context) throws IOException {
    if (line.words().size() != 1) {
      throw new UsageException(
          line.words().isEmpty()
              ? "run: which prompt? graduate run prompts/NAME.md"
              : "run: one prompt at a time, not "
                  + line.words().size()
                  + "; an input needs -i: -i "
                  + line.words().get(1));
    }
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(line.words().get(0), context));
    try {
      return run(line, workspace, prompt, context);
    } catch (UsageException | UnusableException | LogException e) {
      context.diagnostics().get().warn("{}: nothing was sent", prompt.path());
      throw e;
    }
  }

  private static int run(Arguments line, Workspace workspace, Prompt prompt, Context context)
      throws IOException {
    boolean replay = line.has("replay");
    Text input = RunOptions.input(line, context, prompt, replay);
    Optional<LoggedCall> after = RunOptions.after(line, workspace);
    Job job = RunOptions.job(line, workspace, prompt, input, after);
    if (line.has("dry-run")) {
      return DryRun.print(job, prompt, workspace, context);
    }
    Report report = new Report(context, workspace, prompt, line);
    try (OutputFile output = OutputFile.of(line, context, workspace, prompt);
        ReplayServer saved = replay ? saved(prompt) : null) {
      report.before(job, after);
      Endpoint endpoint =
          saved == null
              ? Endpoint.of(workspace.settings().baseUrl(), ApiKey.of(context.env()), context.env())
              : Endpoint.of(saved.baseUrl(), ApiKey.none(), Map.of());
      Optional<OncePer> once =
          RunOptions.oncePer(line).map(per -> new OncePer(workspace.ledger(), per, job.asked()));
      once.ifPresent(wish -> wish.read(context.clock().instant()));
      Optional<Result> result = call(job, once, endpoint, workspace, report, context);
      if (result.isEmpty()) {
        return report.notSent();
      }
      return deliver(job, result.get(), endpoint, output, report, context.console());
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

  private static Optional<Result> call(
      Job job,
      Optional<OncePer> once,
      Endpoint endpoint,
      Workspace workspace,
      Report report,
      Context context)
      throws IOException {
    ChatClient client = new ChatClient(endpoint, context.clock());
    PromptRunner runner =
        new PromptRunner(workspace.ledger(), client, context.clock(), context.diagnostics());
    context.signals().onSignal(runner::stop);
    Closeable ticker = report.waiting(runner);
    try {
      return runner.run(job, session -> once.filter(wish -> wish.isDone(session)).isPresent());
    } catch (CapExceededException e) {
      throw report.capped(e, job);
    } finally {
      ticker.close();
    }
  }

  /** Brings the answer to where it was asked for, and where that fails to wherever it can. */
  private static int deliver(
      Job job,
      Result result,
      Endpoint endpoint,
      @Nullable OutputFile output,
      Report report,
      Console console) {
    ChatResponse response = result.response();
    byte[] body = response.reply().body();
    byte[] bytes =
        report.json() && body != null ? body : response.text().getBytes(StandardCharsets.UTF_8);
    boolean answer = !response.texts().isEmpty();
    String failed = "";
    String where = "printed";
    if (output != null && answer) {
      try {
        output.write(bytes);
        bytes = new byte[0];
        where = "in " + output.target();
      } catch (IOException e) {
        failed = output.target() + ": cannot be written: " + Failures.reason(e);
      }
    }
    boolean gone = false;
    try {
      console.print(bytes);
    } catch (OutputException e) {
      gone = e.isBrokenPipe() && failed.isEmpty();
      failed = "the answer could not be printed: " + e.getMessage();
      where = "";
    }
    Throwable unrecorded = result.unrecorded();
    if (gone && unrecorded == null) {
      return Exit.BROKEN_PIPE;
    }
    int exit = report.after(job, result, endpoint);
    if (unrecorded != null) {
      report.unrecorded(unrecorded, failed, answer ? where : "");
    } else if (!failed.isEmpty()) {
      report.undelivered(failed, where, result);
    }
    return unrecorded != null || !failed.isEmpty() ? Exit.UNDELIVERED : exit;
  }
}
