package graduate.cli;

import graduate.openai.ChatResponse;
import graduate.run.Job;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The line that a terminal reads at the end: model, time, tokens, cost, what is left today. */
final class Summary {
  private Summary() {}

  static String of(Job job, Result result, Workspace workspace, Instant now) {
    ChatResponse response = result.response();
    List<String> parts = new ArrayList<>();
    parts.add(response.model().orElse(job.request().model()));
    Instant started = result.request().deadline().minus(job.maxTime());
    parts.add(seconds(Duration.between(started, now).toMillis()));
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
    for (Cap cap : workspace.caps()) {
      if (cap.per() == Cap.Per.DAY && balance != null) {
        parts.add(Usd.down(balance.standing(cap, now).left()) + " left today");
      }
    }
    return String.join(", ", parts);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
