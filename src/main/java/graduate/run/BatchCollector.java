package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.AuditLog;
import graduate.openai.BatchResults;
import graduate.openai.Batches;
import graduate.openai.Batches.BatchException;
import graduate.openai.Reply;
import graduate.run.BatchLook.Seen;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes in what came of a batch's calls, from the API or from a file, and closes the batch. */
public final class BatchCollector {
  private final BatchLog log;
  private final PastCalls past;
  private final Batches api;
  private final Path folder;

  /**
   * A collector.
   *
   * @param folder for what is downloaded, until it is recorded
   */
  public BatchCollector(BatchLog log, PastCalls past, Batches api, Path folder) {
    this.log = log;
    this.past = past;
    this.api = api;
    this.folder = folder;
  }

  /** Collects a batch that the API has ended, as it says. */
  BatchLook collect(Batch batch, JsonNode status, Instant deadline) throws IOException {
    BatchResults results = new BatchResults();
    List<Path> files = new ArrayList<>();
    try {
      for (String field : List.of("output_file_id", "error_file_id")) {
        if (status.path(field).isTextual()) {
          String id = status.path(field).textValue();
          files.add(download(id, "." + field, results, deadline));
        }
      }
      JsonNode error = status.path("errors").path("data").path(0);
      String problem = error.path("message").asText(error.path("code").asText("it failed"));
      return record(
          batch,
          results,
          status.path("status").asText().equalsIgnoreCase("failed")
              ? BatchResults.released("the batch failed: " + problem)
              : BatchResults.unknown());
    } finally {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path download(String file, String name, BatchResults results, Instant deadline)
      throws IOException {
    Path to = folder.resolve(name + "." + ProcessHandle.current().pid() + ".new");
    Files.deleteIfExists(to);
    Files.createFile(to, AuditLog.OWNER_ONLY);
    try {
      api.download(file, to, deadline);
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
  public Optional<BatchLook> take(Path file) throws IOException {
    BatchResults results = new BatchResults();
    results.add(file);
    if (results.calls().isEmpty()) {
      throw new UnusableException(file, "has no result of a call");
    }
    for (Batch batch : past.batches()) {
      if (batch.isForFile() && batch.calls().containsAll(results.calls())) {
        return Optional.of(
            batch.isOpen()
                ? record(batch, results, BatchResults.unknown())
                : new BatchLook(Seen.COLLECTED, ""));
      }
    }
    return Optional.empty();
  }

  /** Records what came of each call, and closes the batch where nothing more can come. */
  private BatchLook record(Batch batch, BatchResults results, Reply otherwise) throws IOException {
    if (!log.record(batch, results::reply)) {
      return BatchLook.busy(batch);
    }
    int missing = batch.missing().size();
    if (!results.broken().isEmpty() && missing > 0) {
      return new BatchLook(Seen.FAILED, missing + " calls have no result yet: " + results.broken());
    }
    return log.record(batch, call -> otherwise)
            && log.step(batch, batch.at("over", null, batch.apiId()))
        ? new BatchLook(Seen.COLLECTED, "")
        : BatchLook.busy(batch);
  }

  /** Records that nothing came of any call of a batch that was never made. */
  BatchLook release(Batch batch, Seen seen, String problem) throws IOException {
    BatchLook look = record(batch, new BatchResults(), BatchResults.released(problem));
    return look.seen() == Seen.BUSY ? look : new BatchLook(seen, problem + "; nothing is held");
  }
}
