package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.BatchEntry;
import graduate.audit.Entry;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
import graduate.openai.BatchResults;
import graduate.openai.Batches;
import graduate.openai.Batches.BatchException;
import graduate.openai.ChatRequest;
import graduate.openai.ChatResponse;
import graduate.openai.Reply;
import graduate.spend.Committed;
import graduate.spend.Cost;
import graduate.spend.Ledger;
import graduate.spend.Price;
import graduate.spend.Session;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of many calls as one batch: reserved together, handed in, collected. Each step is on the
 * log before it is made, and a step is made by one command alone, so that none is made twice.
 */
public final class BatchRunner {
  private static final Set<String> ENDS = Set.of("completed", "failed", "expired", "cancelled");
  private static final int GROUP = 1_000;
  private static final long GROUP_BYTES = 16L << 20;
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

  /** What came of a call; its cost is null where it is held. */
  public record Ended(ChatResponse response, @Nullable BigDecimal cost, String id) {}

  private final Ledger ledger;
  private final PastCalls past;
  private final Batches api;
  private final Function<String, Optional<Price>> prices;
  private final Duration maxTime;
  private final Clock clock;
  private final String run = UUID.randomUUID().toString();
  private final Map<Asked, Ended> collected = new HashMap<>();
  private Committed committed = Committed.NOTHING;

  /**
   * A runner of batches.
   *
   * @param prices of a model in a batch
   * @param maxTime for each request
   */
  public BatchRunner(
      Ledger ledger,
      PastCalls past,
      Batches api,
      Function<String, Optional<Price>> prices,
      Duration maxTime,
      Clock clock) {
    this.ledger = ledger;
    this.past = past;
    this.api = api;
    this.prices = prices;
    this.maxTime = maxTime;
    this.clock = clock;
  }

  /** The jobs of a batch, one after the other. */
  @FunctionalInterface
  public interface Jobs {
    /** Hands on each. */
    void each(Consumer<Job> to) throws IOException;
  }

  /**
   * Reserves a batch: its request lines and the line that reserves their sum, under one lock, with
   * one force. A crash before that leaves nothing held.
   *
   * @param first the same as all others but for its input
   * @param bytes of all bodies
   * @param worst what all can cost, USD
   * @param file whether another engine gets it
   * @return empty where no input is missing any more
   */
  public Optional<Batch> reserve(
      Job first, Jobs jobs, long bytes, BigDecimal worst, String endpoint, boolean file)
      throws IOException {
    String id;
    try (Session session = ledger.open(maxTime)) {
      past.read();
      session.require(worst, first.caps(), Committed.NOTHING);
      session.requireRoom(3 * bytes);
      id = session.newId();
      int[] calls = {0};
      BigDecimal[] sum = {BigDecimal.ZERO};
      jobs.each(
          job -> {
            if (past.state(job.asked(), session.now()) == PastCalls.State.MISSING) {
              session.write(job.inBatch(session, run, id, endpoint));
              calls[0]++;
              sum[0] = sum[0].add(job.worst());
            }
          });
      if (calls[0] == 0) {
        return Optional.empty();
      }
      session.write(
          new BatchEntry(
              id, "reserved", first.prompt(), endpoint, file, calls[0], sum[0], null, ""));
      session.force();
    }
    past.read();
    return past.openBatches().stream().filter(batch -> batch.last().id().equals(id)).findFirst();
  }

  /** Hands a reserved batch in. */
  public Look handIn(Batch batch) throws IOException {
    Instant deadline = deadline();
    String id = batch.last().id();
    if (!step(batch, batch.last().at("uploading", deadline, ""))) {
      return busy(batch);
    }
    long[] bytes = {0};
    lines(batch, line -> bytes[0] += line.length);
    String file;
    try {
      file = api.upload(id, bytes[0], sink -> lines(batch, sink::write), deadline);
    } catch (BatchException e) {
      if (e.isRefused()) {
        return release(batch, e);
      }
      // An upload may be repeated, and nobody is at it now.
      boolean unused = step(batch, batch.last().at("reserved", null, ""));
      return new Look(Seen.FAILED, e.getMessage() + ". The same command tries again");
    }
    return create(batch, file);
  }

  private Look create(Batch batch, String file) throws IOException {
    for (int tries = 1; ; tries++) {
      Instant deadline = deadline();
      if (!step(batch, batch.last().at("creating", deadline, ""))) {
        return busy(batch);
      }
      try {
        return created(batch, api.create(file, batch.last().id(), deadline), Seen.HANDED_IN);
      } catch (BatchException e) {
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
    return step(batch, batch.last().at("created", null, apiId))
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
      default -> handIn(batch);
    };
  }

  /** Asks the API to end a batch. */
  public Look cancel(Batch batch) throws IOException {
    String apiId = batch.last().apiId();
    try {
      api.cancel(apiId, deadline());
      return new Look(Seen.RUNNING, "batch " + apiId + " is being cancelled");
    } catch (BatchException e) {
      return new Look(Seen.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static Look busy(Batch batch) {
    return new Look(Seen.BUSY, "batch " + batch.last().id() + ": another command is at it");
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
        String file = status.path(field).asText("");
        if (status.path(field).isTextual() && !file.isEmpty()) {
          Path to = Files.createTempFile(ledger.log().path().getParent(), "batch-", ".jsonl");
          files.add(to);
          try {
            api.download(file, to, deadline());
          } catch (BatchException e) {
            results.addBroken();
          }
          results.add(to);
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

  /**
   * Takes in results that another engine wrote.
   *
   * @return empty where a line's call is none of an open batch's
   */
  public Optional<Look> take(Path file) throws IOException {
    BatchResults results = new BatchResults();
    results.add(file);
    for (Batch batch : past.openBatches()) {
      if (!results.calls().isEmpty() && batch.calls().containsAll(results.calls())) {
        return Optional.of(record(batch, results, BatchResults.unknown()));
      }
    }
    return Optional.empty();
  }

  /** Records what came of each call, and closes the batch where nothing more can come. */
  private Look record(Batch batch, BatchResults results, Reply otherwise) throws IOException {
    if (!record(batch, results::reply)) {
      return busy(batch);
    }
    int missing = batch.missing().size();
    if (results.isBroken() && missing > 0) {
      return new Look(Seen.FAILED, missing + " calls are not in the results, which are not whole");
    }
    return record(batch, call -> otherwise)
            && step(batch, batch.last().at("over", null, batch.last().apiId()))
        ? new Look(Seen.COLLECTED, "")
        : busy(batch);
  }

  /** Records that nothing came of any call, since the API refused the batch. */
  private Look release(Batch batch, BatchException why) throws IOException {
    String problem = String.valueOf(why.getMessage());
    Look look = record(batch, new BatchResults(), BatchResults.released(problem));
    return look.seen() == Seen.BUSY ? look : new Look(Seen.REFUSED, problem + "; nothing is held");
  }

  @FunctionalInterface
  private interface Replies {
    @Nullable Reply of(String call) throws IOException;
  }

  private boolean record(Batch batch, Replies replies) throws IOException {
    List<ResponseEntry> group = new ArrayList<>();
    long bytes = 0;
    Set<String> missing = new HashSet<>(batch.missing());
    try (LogReader reader = batch.reader()) {
      while (!missing.isEmpty()) {
        LogLine line = reader.next();
        if (line == null) {
          break;
        }
        Reply reply =
            line.type().equals("request") && missing.remove(line.call())
                ? replies.of(line.call())
                : null;
        if (reply == null) {
          continue;
        }
        group.add(response(line, RequestEntry.of(line, reader.sent()), reply));
        bytes += reader.bytes().length;
        if (group.size() == GROUP || bytes > GROUP_BYTES) {
          if (!append(batch, group)) {
            return false;
          }
          group.clear();
          bytes = 0;
        }
      }
    }
    return append(batch, group);
  }

  private ResponseEntry response(LogLine line, RequestEntry request, Reply reply) {
    ChatResponse response = ChatResponse.of(reply, ChatRequest.LIMITS.get(0));
    Price price = prices.apply(line.field("price").path("model").asText()).orElse(null);
    Optional<Cost> cost = Job.cost(response, price, request.reserved());
    committed =
        cost.isPresent()
            ? committed.spending(cost.get().usd())
            : committed.holding(request.reserved());
    collected.put(
        line.asked(), new Ended(response, cost.map(Cost::usd).orElse(null), request.id()));
    return PromptRunner.line(request, response, cost);
  }

  private boolean step(Batch batch, BatchEntry next) {
    return append(batch, List.of(next));
  }

  /** Appends lines of a batch; false where another command has gone on with it. */
  private boolean append(Batch batch, List<? extends Entry> lines) {
    if (lines.isEmpty()) {
      return true;
    }
    int seen = batch.lines();
    try (Session session = ledger.open(AuditLog.RECORDING)) {
      past.read();
      if (batch.lines() != seen) {
        return false;
      }
      lines.forEach(session::write);
      session.force();
      past.read();
      return true;
    }
  }

  /** Takes in a line with its newline. */
  @FunctionalInterface
  public interface LineTaker {
    /** Takes it. */
    void take(byte[] line) throws IOException;
  }

  /** Hands on the lines that are handed in, from the log. */
  public static void lines(Batch batch, LineTaker to) throws IOException {
    Set<String> calls = new HashSet<>(batch.calls());
    try (LogReader reader = batch.reader()) {
      while (!calls.isEmpty()) {
        LogLine line = reader.next();
        if (line == null) {
          break;
        }
        if (line.type().equals("request") && calls.remove(line.call())) {
          to.take(BatchResults.line(line.call(), reader.sent()));
        }
      }
    }
  }

  private Instant deadline() {
    return clock.instant().plus(maxTime);
  }

  /** What this command has recorded of each question. */
  public Map<Asked, Ended> collected() {
    return collected;
  }

  /** What that comes to. */
  public Committed committed() {
    return committed;
  }
}
