package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.openai.BatchException;
import graduate.openai.BatchResults;
import graduate.openai.Batches;
import graduate.openai.Batches.ReplyException;
import graduate.openai.Reply;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of a batch once it is reserved: uploaded, created, looked after, taken in. Each step is
 * on the log before it is made. What keeps a batch from going on is a {@link BatchException}.
 */
public final class BatchRunner {
  /** What came of a call that the results do not name. */
  public static final Reply UNKNOWN = Reply.none(true, "the results do not name it");

  private static final Set<String> ENDS = Set.of("completed", "failed", "expired", "cancelled");
  private static final int FRESH_FILE_TRIES = 5;

  private final BatchLog log;
  private final Batches api;
  private final Path folder;
  private final Duration maxTime;
  private final Clock clock;

  /**
   * A runner of batches.
   *
   * @param folder for what is downloaded, until it is recorded
   * @param maxTime for each request
   */
  public BatchRunner(BatchLog log, Batches api, Path folder, Duration maxTime, Clock clock) {
    this.log = log;
    this.api = api;
    this.folder = folder;
    this.maxTime = maxTime;
    this.clock = clock;
  }

  /**
   * Hands an open batch in where that was not done; else looks after it, and takes it in where it
   * is over.
   *
   * @param cancel whether to end it instead: at the API, or here where it was never created
   * @param resubmit whether to hand it in again where the API does not know of its creation
   * @return how it runs; empty where it was handed in now, or is open no more
   */
  public String goOn(Batch batch, boolean cancel, boolean resubmit) throws IOException {
    boolean busy = batch.last().time("deadline").filter(clock.instant()::isBefore).isPresent();
    if (busy || !batch.isOpen()) {
      throw BatchLog.busy(batch);
    }
    if (batch.last().text("state").equals("creating")) {
      Optional<String> found = find(batch, resubmit);
      if (found.isPresent()) {
        log.step(batch, "created", null, found.get());
        if (resubmit) {
          return "";
        }
      }
    }
    String apiId = batch.apiId();
    if (!cancel) {
      return apiId.isEmpty() ? handIn(batch) : look(batch);
    }
    if (apiId.isEmpty()) {
      close(batch, Reply.none(false, "cancelled"));
      return "";
    }
    api.cancel(apiId, deadline());
    return "batch " + apiId + " is being cancelled";
  }

  private String handIn(Batch batch) throws IOException {
    Instant deadline = deadline();
    log.step(batch, "uploading", deadline, null);
    DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
    batch.writeTo(counted);
    String apiId;
    try {
      String file =
          api.upload(
              batch.last().id(),
              counted.size(),
              sink -> batch.writeTo(sink.outputStream()),
              deadline);
      apiId = create(batch, file);
    } catch (ReplyException e) {
      boolean creating = batch.last().text("state").equals("creating");
      if (!creating || !e.reply().sent() || e.isRefused()) {
        throw failed(batch, e);
      }
      apiId = find(batch, false).orElseThrow();
    }
    log.step(batch, "created", null, apiId);
    return "";
  }

  private String create(Batch batch, String file) throws IOException {
    for (int tries = 1; ; tries++) {
      Instant deadline = deadline();
      log.step(batch, "creating", deadline, null);
      try {
        return api.create(file, batch.last().id(), deadline);
      } catch (ReplyException e) {
        // A file that was uploaded just now may not be found at once.
        if (e.reply().status() != 404 || tries == FRESH_FILE_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  /** What was refused is released; an upload, or what was not sent, may be made again. */
  private BatchException failed(Batch batch, ReplyException why) throws BatchException {
    if (why.isRefused()) {
      close(batch, Reply.none(false, String.valueOf(why.getMessage())));
      return new BatchException(why.getMessage() + "; nothing is held", true);
    }
    log.step(batch, "reserved", null, null);
    return new BatchException(why.getMessage() + ". The same command tries again", false);
  }

  /**
   * Looks for a batch whose creation's reply was lost.
   *
   * @return empty where it is not there, which is an error but with {@code resubmit}
   */
  private Optional<String> find(Batch batch, boolean resubmit) throws IOException {
    String lost = "the reply to the creation of batch " + batch.last().id() + " was lost";
    try {
      Optional<String> found = api.find(batch.last().id(), deadline());
      if (found.isPresent() || resubmit) {
        return found;
      }
    } catch (ReplyException e) {
      if (resubmit && e.isRefused()) {
        return Optional.empty();
      }
      throw new BatchException(lost + "; " + e.getMessage() + ". It stays held", false);
    }
    throw new BatchException(
        lost
            + ", and the API's list does not show it yet. It stays held. Look again later with the"
            + " same command; to create it once more: --resubmit",
        true);
  }

  private String look(Batch batch) throws IOException {
    String apiId = batch.apiId();
    JsonNode status = api.status(apiId, deadline());
    String state = status.path("status").asText().toLowerCase(Locale.ROOT);
    if (ENDS.contains(state)) {
      JsonNode error = status.path("errors").path("data").path(0);
      String problem = error.path("message").asText(error.path("code").asText("it failed"));
      boolean failed = state.equals("failed");
      collect(batch, status, failed ? Reply.none(false, "the batch failed: " + problem) : UNKNOWN);
      return "";
    }
    JsonNode counts = status.path("request_counts");
    return "batch %s: %s, %d of %d done, %d failed"
        .formatted(
            apiId,
            state,
            counts.path("completed").asInt(),
            batch.size(),
            counts.path("failed").asInt());
  }

  private void collect(Batch batch, JsonNode status, Reply rest) throws IOException {
    Path file =
        Files.createTempFile(folder, ".results", "." + ProcessHandle.current().pid() + ".new");
    try {
      String broken = api.download(status, file, deadline());
      takeIn(batch, new BatchResults(file, broken), rest);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Records what came of each call, and closes the batch where nothing more can come.
   *
   * @param rest what came of calls that no line names
   */
  public void takeIn(Batch batch, BatchResults results, Reply rest) throws BatchException {
    log.record(batch, results.calls(), results::reply);
    int missing = batch.missing().size();
    if (!results.broken().isEmpty() && missing > 0) {
      throw new BatchException(missing + " calls have no result yet: " + results.broken(), false);
    }
    close(batch, rest);
  }

  private void close(Batch batch, Reply rest) throws BatchException {
    log.record(batch, batch.missing(), call -> rest);
    log.step(batch, "over", null, null);
  }

  private Instant deadline() {
    return clock.instant().plus(maxTime);
  }
}
