package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.openai.Batches;
import graduate.openai.Batches.BatchException;
import graduate.run.BatchLook.Seen;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The way of a batch at the API once it is reserved: uploaded, created, looked after, collected.
 * Each step is on the log before it is made.
 */
public final class BatchRunner {
  private static final Set<String> ENDS = Set.of("completed", "failed", "expired", "cancelled");
  private static final int FRESH_FILE_TRIES = 5;

  private final BatchLog log;
  private final BatchCollector collector;
  private final Batches api;
  private final Duration maxTime;
  private final Clock clock;

  /**
   * A runner of batches.
   *
   * @param maxTime for each request
   */
  public BatchRunner(
      BatchLog log, BatchCollector collector, Batches api, Duration maxTime, Clock clock) {
    this.log = log;
    this.collector = collector;
    this.api = api;
    this.maxTime = maxTime;
    this.clock = clock;
  }

  /** Hands a reserved batch in. */
  public BatchLook handIn(Batch batch) throws IOException {
    Instant deadline = deadline();
    String id = batch.last().id();
    if (!log.step(batch, batch.at("uploading", deadline, ""))) {
      return BatchLook.busy(batch);
    }
    DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
    BatchLog.writeLines(batch, counted);
    String file;
    try {
      file =
          api.upload(
              id,
              counted.size(),
              sink -> BatchLog.writeLines(batch, sink.outputStream()),
              deadline);
    } catch (BatchException e) {
      return e.isRefused() ? refused(batch, e) : again(batch, e);
    }
    return create(batch, file);
  }

  /** An upload may be repeated, and what was not sent as well; nobody is at it any more. */
  private BatchLook again(Batch batch, BatchException why) {
    return log.step(batch, batch.at("reserved", null, ""))
        ? new BatchLook(Seen.FAILED, why.getMessage() + ". The same command tries again")
        : BatchLook.busy(batch);
  }

  private BatchLook refused(Batch batch, BatchException why) throws IOException {
    return collector.release(batch, Seen.REFUSED, String.valueOf(why.getMessage()));
  }

  private BatchLook create(Batch batch, String file) throws IOException {
    for (int tries = 1; ; tries++) {
      Instant deadline = deadline();
      if (!log.step(batch, batch.at("creating", deadline, ""))) {
        return BatchLook.busy(batch);
      }
      try {
        return created(batch, api.create(file, batch.last().id(), deadline));
      } catch (BatchException e) {
        if (!e.reply().sent()) {
          return again(batch, e);
        }
        // A file that was uploaded just now may not be found at once.
        boolean fresh = e.reply().status() == 404 && tries < FRESH_FILE_TRIES;
        if (fresh && awaitASecond()) {
          continue;
        }
        return e.isRefused() ? refused(batch, e) : find(batch, false);
      }
    }
  }

  private static boolean awaitASecond() {
    try {
      TimeUnit.SECONDS.sleep(1);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private BatchLook created(Batch batch, String apiId) {
    return log.step(batch, batch.at("created", null, apiId))
        ? new BatchLook(Seen.HANDED_IN, batch.size() + " calls are in batch " + apiId)
        : BatchLook.busy(batch);
  }

  /** Looks for a batch whose creation's reply was lost. */
  private BatchLook find(Batch batch, boolean resubmit) throws IOException {
    Optional<String> found;
    try {
      found = api.find(batch.last().id(), deadline());
    } catch (BatchException e) {
      String lost = "the reply to the creation of batch " + batch.last().id() + " was lost; ";
      return resubmit && e.isRefused()
          ? handIn(batch)
          : new BatchLook(Seen.FAILED, lost + e.getMessage() + ". It stays held");
    }
    if (found.isPresent()) {
      return created(batch, found.get());
    }
    return resubmit
        ? handIn(batch)
        : new BatchLook(
            Seen.LOST,
            "the reply to the creation of batch "
                + batch.last().id()
                + " was lost, and the API's list does not show it yet. It stays held. Look again"
                + " later with the same command; to create it once more: --resubmit");
  }

  /** Hands a batch in where that was not done, and collects it where it is over. */
  public BatchLook lookAfter(Batch batch, boolean resubmit) throws IOException {
    if (batch.isBusy(clock.instant())) {
      return BatchLook.busy(batch);
    }
    return switch (batch.last().text("state")) {
      case "created" -> look(batch);
      case "creating" -> {
        BatchLook found = find(batch, resubmit);
        yield found.seen() == Seen.HANDED_IN && !resubmit ? look(batch) : found;
      }
      case "reserved", "uploading" -> handIn(batch);
      default -> BatchLook.busy(batch);
    };
  }

  /** Asks the API to end a batch; one that was never created ends here. */
  public BatchLook cancel(Batch batch) throws IOException {
    if (batch.isBusy(clock.instant())) {
      return BatchLook.busy(batch);
    }
    if (batch.last().text("state").equals("creating")) {
      BatchLook found = find(batch, false);
      if (found.seen() != Seen.HANDED_IN) {
        return found;
      }
    }
    String apiId = batch.apiId();
    if (apiId.isEmpty()) {
      return collector.release(batch, Seen.COLLECTED, "cancelled");
    }
    try {
      api.cancel(apiId, deadline());
      return new BatchLook(Seen.RUNNING, "batch " + apiId + " is being cancelled");
    } catch (BatchException e) {
      return new BatchLook(Seen.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private BatchLook look(Batch batch) throws IOException {
    String apiId = batch.apiId();
    JsonNode status;
    try {
      status = api.status(apiId, deadline());
    } catch (BatchException e) {
      return new BatchLook(Seen.FAILED, String.valueOf(e.getMessage()));
    }
    String state = status.path("status").asText().toLowerCase(Locale.ROOT);
    JsonNode counts = status.path("request_counts");
    if (!ENDS.contains(state)) {
      return new BatchLook(
          Seen.RUNNING,
          "batch %s: %s, %d of %d done, %d failed"
              .formatted(
                  apiId,
                  state,
                  counts.path("completed").asInt(),
                  batch.size(),
                  counts.path("failed").asInt()));
    }
    return collector.collect(batch, status, deadline());
  }

  private Instant deadline() {
    return clock.instant().plus(maxTime);
  }
}
