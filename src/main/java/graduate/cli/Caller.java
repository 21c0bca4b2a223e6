package graduate.cli;

import graduate.openai.ApiKey;
import graduate.openai.ChatClient;
import graduate.openai.Endpoint;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.replay.ReplayServer;
import graduate.run.Job;
import graduate.run.PromptRunner;
import graduate.run.Result;
import graduate.spend.CapExceededException;
import graduate.text.UnusableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes one call, to the API or to a saved answer, and hands on what came of it. */
record Caller(Context context, Workspace workspace, Prompt prompt, Report report) {
  /** What is done with a result while a signal still waits for it; the exit code comes of it. */
  @FunctionalInterface
  interface Use {
    int of(Result result, Endpoint endpoint) throws IOException;
  }

  int call(Job job, Use use) throws IOException {
    report.before(job);
    if (!job.replay()) {
      ApiKey key = ApiKey.of(context.env());
      String url = workspace.settings().baseUrl();
      return call(job, Endpoint.of(url, key, context.env()), use);
    }
    Path saved = prompt.sidecar(".chatgpt.md");
    if (!Files.exists(saved)) {
      throw new UnusableException(
          prompt.path(), "no saved answer to replay. Save ChatGPT's answer as " + saved);
    }
    try (ReplayServer server = new ReplayServer(Text.read(saved).text())) {
      return call(job, Endpoint.of(server.baseUrl(), ApiKey.none(), Map.of()), use);
    }
  }

  private int call(Job job, Endpoint endpoint, Use use) throws IOException {
    ChatClient client = new ChatClient(endpoint, context.clock());
    try (PromptRunner runner =
        new PromptRunner(workspace.ledger(), client, context.clock(), context.diagnostics())) {
      Optional<Result> result;
      Closeable ticker = report.waiting();
      try {
        result = runner.run(job);
      } catch (CapExceededException e) {
        throw report.capped(e);
      } finally {
        ticker.close();
      }
      return result.isEmpty() ? report.needless() : use.of(result.get(), endpoint);
    }
  }
}
