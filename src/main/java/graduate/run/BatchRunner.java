package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.AuditLog;
import graduate.audit.LogTime;
import graduate.openai.BatchResults;
import graduate.openai.Batches;
import graduate.openai.Batches.BatchException;
import graduate.openai.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /** How a batch stands after a look. */
  public enum Seen {
    HANDED_IN,
    RUNNING,
    COLLECTED,
    /** Another command is at it. */
    BUSY,
    /** Whether its creation had an effect is not known. */
    LOST,
    REFUSED,
    FAILED
  }

  /** What was seen, and what is to be said of it. */
  public record Look(Seen seen, String said) {}

  private final BatchLog log;
  private final PastCalls past;
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
  public BatchRunner(
      BatchLog log, PastCalls past, Batches api, Path folder, Duration maxTime, Clock clock) {
    this.log = log;
    this.past = past;
    this.api = api;
    this.folder = folder;
    this.maxTime = maxTime;
    this.clock = clock;
  }

  /** Hands a reserved batch in. */
  public Look handIn(Batch batch) throws IOException {
    Instant deadline = deadline();
    String id = batch.last().id();
    if (!log.step(batch, batch.last().at("uploading", deadline, ""))) {
      return busy(batch);
    }
    long[] bytes = {0};
    BatchLog.lines(batch, line -> bytes[0] += line.length);
    String file;
    try {
      file = api.upload(id, bytes[0], sink -> BatchLog.lines(batch, sink::write), deadline);
    } catch (BatchException e) {
      if (e.isRefused()) {
        return release(batch, e);
      }
      return again(batch, e);
    }
    return create(batch, file);
  }

  /** An upload may be repeated, and what was not sent as well; nobody is at it any more. */
  private Look again(Batch batch, BatchException why) {
    return log.step(batch, batch.last().at("reserved", null, ""))
        ? new Look(Seen.FAILED, why.getMessage() + ". The same command tries again")
        : busy(batch);
  }

  private Look create(Batch batch, String file) throws IOException {
    for (int tries = 1; ; tries++) {
      Instant deadline = deadline();
      if (!log.step(batch, batch.last().at("creating", deadline, ""))) {
        return busy(batch);
      }
      try {
        return created(batch, api.create(file, batch.last().id(), deadline), Seen.HANDED_IN);
      } catch (BatchException e) {
        if (!e.reply().sent()) {
          return again(batch, e);
        }
        // A file that was uploaded just now may not be found at once.
        boolean fresh = e.reply().status() == 404 && tries < FRESH_FILE_TRIES;
        if (fresh && await(1)) {
          continue;
        }
        return e.isRefused() ? release(batch, e) : find(batch, false);
      }
    }
  }

  private static boolean await(long seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Look created(Batch batch, String apiId, Seen seen) {
    return log.step(batch, batch.last().at("created", null, apiId))
        ? new Look(seen, batch.last().calls() + " calls are in batch " + apiId)
        : busy(batch);
  }

  /** Looks for a batch whose creation's reply was lost. */
  private Look find(Batch batch, boolean resubmit) throws IOException {
    Optional<String> found;
    try {
      found = api.find(batch.last().id(), deadline());
    } catch (BatchException e) {
      return new Look(Seen.FAILED, String.valueOf(e.getMessage()));
    }
    if (found.isPresent()) {
      return created(batch, found.get(), Seen.HANDED_IN);
    }
    return resubmit
        ? handIn(batch)
        : new Look(
            Seen.LOST,
            "the reply to the creation of batch "
                + batch.last().id()
                + " was lost, and the API's list does not show it yet. It stays held. Look again"
                + " later with the same command; to create it once more: --resubmit");
  }

  /** Hands a batch in where that was not done, and collects it where it is over. */
  public Look lookAfter(Batch batch, boolean resubmit) throws IOException {
    if (batch.isBusy(clock.instant())) {
      return busy(batch);
    }
    return switch (batch.last().state()) {
      case "created" -> look(batch);
      case "creating" -> {
        Look found = find(batch, resubmit);
        yield found.seen() == Seen.HANDED_IN && !resubmit ? look(batch) : found;
      }
      case "reserved", "uploading" -> handIn(batch);
      default -> busy(batch);
    };
  }

  /** Asks the API to end a batch; one that was never created ends here. */
  public Look cancel(Batch batch) throws IOException {
    if (batch.isBusy(clock.instant())) {
      return busy(batch);
    }
    if (batch.last().state().equals("creating")) {
      Look found = find(batch, false);
      if (found.seen() != Seen.HANDED_IN) {
        return found;
      }
    }
    String apiId = batch.last().apiId();
    if (apiId.isEmpty()) {
      return record(batch, new BatchResults(), BatchResults.released("cancelled"));
    }
    try {
      api.cancel(apiId, deadline());
      return new Look(Seen.RUNNING, "batch " + apiId + " is being cancelled");
    } catch (BatchException e) {
      return new Look(Seen.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static Look busy(Batch batch) {
    Instant deadline = batch.last().deadline();
    String until = deadline == null ? "" : ", until " + LogTime.of(deadline) + " at the latest";
    return new Look(Seen.BUSY, "another command is at batch " + batch.last().id() + until);
  }

  private Look look(Batch batch) throws IOException {
    String apiId = batch.last().apiId();
    JsonNode status;
    try {
      status = api.status(apiId, deadline());
    } catch (BatchException e) {
      return new Look(Seen.FAILED, String.valueOf(e.getMessage()));
    }
    String state = status.path("status").asText().toLowerCase(Locale.ROOT);
    JsonNode counts = status.path("request_counts");
    if (!ENDS.contains(state)) {
      return new Look(
          Seen.RUNNING,
          "batch %s: %s, %d of %d done, %d failed"
              .formatted(
                  apiId,
                  state,
                  counts.path("completed").asInt(),
                  batch.last().calls(),
                  counts.path("failed").asInt()));
    }
    BatchResults results = new BatchResults();
    List<Path> files = new ArrayList<>();
    try {
      for (String field : List.of("output_file_id", "error_file_id")) {
        if (status.path(field).isTextual()) {
          files.add(download(status.path(field).textValue(), results));
        }
      }
      JsonNode error = status.path("errors").path("data").path(0);
      String problem = error.path("message").asText(error.path("code").asText("it failed"));
      return record(
          batch,
          results,
          state.equals("failed")
              ? BatchResults.released("the batch failed: " + problem)
              : BatchResults.unknown());
    } finally {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path download(String file, BatchResults results) throws IOException {
    String name = "." + file.replaceAll("[^\\w-]", "_") + "." + ProcessHandle.current().pid();
    Path to = folder.resolve(name + ".new");
    Files.deleteIfExists(to);
    Files.createFile(to, AuditLog.OWNER_ONLY);
    try {
      api.download(file, to, deadline());
    } catch (BatchException e) {
      results.addBroken(String.valueOf(e.getMessage()));
    }
    results.add(to);
    return to;
  }

  /**
   * Takes in results that another engine wrote.
   *
   * @return empty where a line's call is none of a batch's
   */
  public Optional<Look> take(Path file) throws IOException {
    BatchResults results = new BatchResults();
    results.add(file);
    for (Batch batch : past.batches()) {
      if (!results.calls().isEmpty() && batch.calls().containsAll(results.calls())) {
        return Optional.of(
            batch.isOpen()
                ? record(batch, results, BatchResults.unknown())
                : new Look(Seen.COLLECTED, ""));
      }
    }
    return Optional.empty();
  }

  /** Records what came of each call, and closes the batch where nothing more can come. */
  private Look record(Batch batch, BatchResults results, Reply otherwise) throws IOException {
    if (!log.record(batch, results::reply)) {
      return busy(batch);
    }
    int missing = batch.missing().size();
    if (!results.broken().isEmpty() && missing > 0) {
      return new Look(Seen.FAILED, missing + " calls have no result yet: " + results.broken());
    }
    return log.record(batch, call -> otherwise)
            && log.step(batch, batch.last().at("over", null, batch.last().apiId()))
        ? new Look(Seen.COLLECTED, "")
        : busy(batch);
  }

  /** Records that nothing came of any call, since the API refused the batch. */
  private Look release(Batch batch, BatchException why) throws IOException {
    String problem = String.valueOf(why.getMessage());
    Look look = record(batch, new BatchResults(), BatchResults.released(problem));
    return look.seen() == Seen.BUSY ? look : new Look(Seen.REFUSED, problem + "; nothing is held");
  }

  private Instant deadline() {
    return clock.instant().plus(maxTime);
  }
}
