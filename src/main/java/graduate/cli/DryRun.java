package graduate.cli;

import graduate.replay.ReplayServer;
import graduate.run.Job;
import graduate.spend.Balance;
import graduate.spend.CapExceededException;
import graduate.spend.Price;
import graduate.spend.Rates;
import graduate.spend.Standing;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** {@code run --dry-run}: what would be sent, and what it could cost. */
final class DryRun {
  private DryRun() {}

  static int print(Job job, Workspace workspace) throws IOException {
    Context context = workspace.context();
    Console console = context.console();
    Instant now = context.clock().instant();
    Balance balance = workspace.ledger().balance();
    List<Standing> standings = job.caps().stream().map(cap -> balance.standing(cap, now)).toList();
    console.print(job.request().body());
    console.print(console.outTty() ? "\n" : "");
    long bound = job.request().inputBound();
    console.error("input: about " + ReplayServer.tokens(bound) + " tokens, at most " + bound);
    console.error("output: at most " + job.request().completions() + " tokens");
    Price price = job.price();
    if (price != null) {
      Rates rates = price.reserved(bound, job.request().completions());
      String checked = rates.json().path("checked").asText("by you");
      console.error(
          "rates: %s, USD per million: input %s, cached %s, cache write %s, output %s; checked %s"
              .formatted(
                  job.request().model(),
                  plain(rates.usd("input")),
                  plain(rates.usd("cached_input")),
                  plain(rates.usd("cache_write")),
                  plain(rates.usd("output")),
                  checked));
    }
    console.error("worst case: $" + plain(job.worst()));
    for (Standing standing : standings) {
      console.error(
          standing.cap().per() + " " + CapText.standing(standing, workspace.settings().zone()));
    }
    for (Standing standing : standings) {
      if (!standing.holds(job.worst())) {
        throw new CapExceededException(job.worst(), standing);
      }
    }
    return Exit.OK;
  }

  private static String plain(BigDecimal usd) {
    return usd.stripTrailingZeros().toPlainString();
  }
}
