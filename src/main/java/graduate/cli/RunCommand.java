package graduate.cli;

import graduate.audit.Failures;
import graduate.audit.LogException;
import graduate.openai.ChatResponse;
import graduate.openai.Endpoint;
import graduate.openai.Preload;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.run.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** {@code run}: one prompt, one call, the answer on standard output. */
final class RunCommand implements Command {
  @Override
  public Options options() {
    return RunOptions.all();
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    if (line.getArgList().size() != 1) {
      throw new UsageException(
          line.getArgList().isEmpty()
              ? "run: which prompt? graduate run prompts/NAME.md"
              : "run: one prompt at a time, not " + line.getArgList().size());
    }
    boolean dry = line.hasOption(RunOptions.DRY_RUN);
    Workspace workspace = Workspace.open(line, context);
    workspace.ledger().preload();
    boolean replay = line.hasOption(RunOptions.REPLAY);
    if (!dry && !replay && workspace.settings().baseUrl().startsWith("https")) {
      Preload.tls();
    }
    Prompt prompt = Prompt.read(Workspace.path(line.getArgList().get(0)));
    Text input = RunOptions.input(line, context, prompt, replay);
    Job job = RunOptions.job(line, workspace, prompt, input);
    if (dry) {
      return DryRun.print(job, prompt, workspace, context);
    }
    Report report = new Report(context, workspace, prompt, line);
    try (OutputFile output = output(line, context, workspace, prompt)) {
      return new Caller(context, workspace, prompt, report)
          .call(job, (result, endpoint) -> deliver(job, result, output, report, endpoint, context));
    }
  }

  private static @Nullable OutputFile output(
      CommandLine line, Context context, Workspace workspace, Prompt prompt) {
    if (!line.hasOption(RunOptions.OUTPUT)) {
      return null;
    }
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), workspace.settings().zone());
    String name =
        line.getOptionValue(RunOptions.OUTPUT)
            .replace("{date}", today.toString())
            .replace("{name}", prompt.name());
    return OutputFile.open(Workspace.path(name));
  }

  private static int deliver(
      Job job,
      Result result,
      @Nullable OutputFile output,
      Report report,
      Endpoint endpoint,
      Context context)
      throws IOException {
    ChatResponse response = result.response();
    byte[] body = response.reply().body();
    byte[] bytes =
        report.json() && body != null ? body : response.text().getBytes(StandardCharsets.UTF_8);
    boolean answer = !response.texts().isEmpty();
    LogException unrecorded = result.unrecorded();
    try {
      if (output != null && answer) {
        output.write(bytes);
      } else if (bytes.length > 0) {
        context.console().out().write(bytes);
        context.console().out().flush();
      }
    } catch (IOException e) {
      if (Failure.isBrokenPipe(e) && unrecorded == null) {
        return Exit.BROKEN_PIPE;
      }
      report.failure(
          "the answer could not be written: "
              + Failures.reason(e)
              + (unrecorded == null
                  ? ". It is in the log: graduate log show " + result.entry().id()
                  : ", nor logged: " + unrecorded.getMessage()),
          result);
      return Exit.UNDELIVERED;
    }
    int exit = report.after(job, result, endpoint);
    if (unrecorded != null) {
      String where = output == null ? "printed" : "in " + output.target();
      report.failure(
          unrecorded.getMessage()
              + (answer
                  ? "; the answer is " + where + " but not in the log"
                  : "; the call stays held"),
          result);
      return Exit.UNDELIVERED;
    }
    return exit;
  }
}
