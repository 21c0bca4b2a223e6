package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Asked;
import graduate.audit.LineReader;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import graduate.openai.ChatRequest;
import graduate.openai.ChatResponse;
import graduate.spend.Ledger;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log has of one command's inputs: their answers, by where they stand; the calls that may
 * still be running; those that ended without a known cost.
 */
public final class PastCalls {
  /** So many calls of one day that ended held are enough. */
  private static final int ENOUGH = 6;

  /** How an input stands. */
  public enum State {
    MISSING,
    ANSWERED,
    /** Another call for it may still be running. */
    ASKED,
    /** Too many of today's calls for it ended held. */
    GIVEN_UP
  }

  /** An answer, by where it stands. */
  private record Place(String id, String outcome, Path file, long offset) {}

  /** A call without a known cost; the batch that it belongs to, or null. */
  private record Call(Instant requested, Instant deadline, boolean over, @Nullable Batch batch) {
    /** Whether it may yet be answered. */
    boolean isOpen(Instant now) {
      return !over && (batch == null ? !now.isAfter(deadline) : batch.isOpen());
    }

    /** Whether it ended held on that day; what was never reserved did not begin. */
    boolean isHeld(LocalDate day, Ledger ledger) {
      return (over || batch == null) && ledger.day(requested).equals(day);
    }
  }

  private final Ledger ledger;
  private final String endpoint;
  private final Map<Asked, Map<String, Call>> calls = new HashMap<>();
  private final Map<Asked, Place> answers = new HashMap<>();
  private final Map<String, BigDecimal> settled = new HashMap<>();
  private final Map<String, Batch> batches = new LinkedHashMap<>();
  private @Nullable Body body;
  private long next;

  /** Knows nothing yet of the calls to {@code endpoint}. */
  public PastCalls(Ledger ledger, String endpoint) {
    this.ledger = ledger;
    this.endpoint = endpoint;
  }

  /** Where the calls go. */
  String endpoint() {
    return endpoint;
  }

  /** Looks out for a job's input. The jobs differ in nothing else. */
  public synchronized void add(Job job) throws IOException {
    if (body == null) {
      body = Body.of(JsonTree.read(job.request().body(), Fractions.EXACT));
    }
    calls.putIfAbsent(job.asked(), new HashMap<>(0));
  }

  /** Reads what the log has got since this was last called. */
  public synchronized void read() {
    next = ledger.log().each(next, this::take);
  }

  private void take(LogLine line) {
    Batch batch = batch(line);
    Optional<BigDecimal> cost = line.usd("cost_usd");
    if (line.type().equals("settlement")) {
      cost.ifPresent(usd -> settled.put(line.call(), usd));
    }
    // Lines that are neither a request nor a response name no input.
    Map<String, Call> same = calls.get(line.asked());
    if (same == null || line.replay()) {
      return;
    }
    if (cost.isPresent()) {
      same.remove(line.call());
    } else {
      boolean over = line.type().equals("response");
      same.put(line.call(), new Call(line.requested(), line.deadline(), over, batch));
    }
    String outcome = line.text("outcome");
    Place known = answers.get(line.asked());
    boolean answered = outcome.equals("answered");
    boolean better = known == null || !known.outcome().equals("answered");
    if ((answered || (outcome.equals("incomplete") && better))
        && line.text("endpoint").equals(endpoint)
        && stands(line, answered)) {
      answers.put(line.asked(), new Place(line.call(), outcome, line.file(), line.start()));
    }
  }

  /** The batch that the line is about, or its call belongs to. */
  private @Nullable Batch batch(LogLine line) {
    if (line.type().equals("settlement") && batches.containsKey(line.call())) {
      batches.get(line.call()).take(line);
    }
    if (line.batch().isEmpty()) {
      return null;
    }
    Batch batch = batches.computeIfAbsent(line.batch(), id -> new Batch(line.file()));
    batch.take(line);
    return batch;
  }

  /** The batches of this endpoint that were reserved, oldest first. */
  public synchronized List<Batch> batches() {
    return batches.values().stream()
        .filter(batch -> batch.isReserved() && batch.last().text("endpoint").equals(endpoint))
        .toList();
  }

  /** The open batches in which any of these is being asked, oldest first. */
  public synchronized List<Batch> batches(Set<Asked> some) {
    Set<Batch> asking = new HashSet<>();
    for (Asked asked : some) {
      calls.getOrDefault(asked, Map.of()).values().forEach(call -> asking.add(call.batch()));
    }
    return batches().stream().filter(batch -> batch.isOpen() && asking.contains(batch)).toList();
  }

  /** Whether it is an end to the same request: one that today's limit would not make longer. */
  private boolean stands(LogLine line, boolean answered) {
    Body asked = Body.of(line.request());
    Body today = Objects.requireNonNull(body);
    return asked.rest().equals(today.rest())
        && (answered
            || asked.limit() >= today.limit()
            || line.received().map(ChatResponse::of).filter(ChatResponse::isCut).isEmpty());
  }

  /** What of a request does not come from the input, and its limit of tokens. */
  private record Body(JsonNode rest, long limit) {
    static Body of(JsonNode request) {
      if (!(request instanceof ObjectNode rest)) {
        return new Body(request, 0);
      }
      long limit = 0;
      for (String name : ChatRequest.LIMITS) {
        JsonNode value = rest.remove(name);
        limit = value == null ? limit : value.asLong();
      }
      if (rest.path("messages") instanceof ArrayNode messages && !messages.isEmpty()) {
        messages.remove(messages.size() - 1);
      }
      return new Body(rest, limit);
    }
  }

  /** How an input stands at that moment, by what was read. */
  public synchronized State state(Asked asked, Instant now) {
    if (answers.containsKey(asked)) {
      return State.ANSWERED;
    }
    Map<String, Call> same = calls.getOrDefault(asked, Map.of());
    if (same.values().stream().anyMatch(call -> call.isOpen(now))) {
      return State.ASKED;
    }
    LocalDate today = ledger.day(now);
    long held =
        same.entrySet().stream()
            .filter(call -> !settled.containsKey(call.getKey()))
            .filter(call -> call.getValue().isHeld(today, ledger))
            .count();
    return held >= ENOUGH ? State.GIVEN_UP : State.MISSING;
  }

  /**
   * The answer that stands for a call; empty where there is none.
   *
   * @throws LogException where it is no longer where it was
   */
  public synchronized Optional<Answer> answer(Asked asked) {
    Place place = answers.get(asked);
    if (place == null) {
      return Optional.empty();
    }
    try (LineReader reader = LineReader.of(place.file(), place.offset())) {
      LogLine line = reader.next();
      Optional<byte[]> received = line == null ? Optional.empty() : line.received();
      if (line == null || !line.call().equals(place.id()) || received.isEmpty()) {
        throw LogException.unusable(place.file(), "changed while it was read: no " + place.id());
      }
      BigDecimal cost = line.usd("cost_usd").orElse(null);
      return Optional.of(
          new Answer(
              place.id(),
              place.outcome(),
              ChatResponse.of(received.get()),
              settled.getOrDefault(place.id(), cost)));
    }
  }
}
