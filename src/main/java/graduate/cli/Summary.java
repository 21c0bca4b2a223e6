package graduate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.openai.ChatResponse;
import graduate.run.Job;
import graduate.run.Result;
import graduate.spend.Balance;
import graduate.spend.Cap;
import graduate.spend.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The line that a terminal reads at the end: model, time, tokens, cost, what is left today. */
final class Summary {
  private Summary() {}

  static String of(Job job, Result result, Workspace workspace) {
    Instant now = workspace.context().clock().instant();
    ChatResponse response = result.response();
    List<String> parts = new ArrayList<>();
    parts.add(response.model().orElse(job.request().model()));
    Instant started = result.deadline().minus(job.maxTime());
    parts.add("%.1f s".formatted(Duration.between(started, now).toMillis() / 1000.0));
    JsonNode usage = response.usage();
    if (usage.path("total_tokens").isNumber()) {
      String in = usage.path("prompt_tokens").asText();
      String out = usage.path("completion_tokens").asText();
      parts.add((job.replay() ? "about " : "") + in + " + " + out + " tokens");
    }
    Optional<Cost> cost = job.replay() ? job.wouldCost(response) : result.cost();
    String unknown =
        job.replay()
            ? "what it would have cost is not known"
            : "up to " + Usd.up(result.request().reserved()) + ", held";
    String would = job.replay() ? "would have cost about " : "";
    parts.add(cost.map(known -> would + Usd.near(known.usd())).orElse(unknown));
    Balance balance = result.balance();
    for (Cap cap : workspace.caps()) {
      if (cap.per() == Cap.Per.DAY && balance != null) {
        parts.add(Usd.down(balance.standing(cap, now).left()) + " left today");
      }
    }
    return String.join(", ", parts);
  }
}
