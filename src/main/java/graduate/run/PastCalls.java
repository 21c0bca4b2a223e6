package graduate.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

  private record Place(String id, String outcome, Path file, long offset) {}

  /** A call; the batch that it belongs to, or null. */
  private record Call(Instant requested, Instant deadline, boolean over, @Nullable Batch batch) {
    /** Whether it may yet be answered. */
    boolean isOpen(Instant now) {
      return !over && (batch == null ? !now.isAfter(deadline) : batch.isOpen());
    }

    /** Whether it ended; what was never reserved did not begin. */
    boolean counts() {
      return over || batch == null;
    }
  }

  private static final class Topic {
    private final Map<String, Call> calls = new HashMap<>(0);
    private @Nullable Place answer;
  }

  private final Ledger ledger;
  private final String endpoint;
  private final Map<Asked, Topic> topics = new HashMap<>();
  private final Map<String, BigDecimal> settled = new HashMap<>();
  private final Map<String, Batch> batches = new LinkedHashMap<>();
  private @Nullable Body body;
  private long next;

  /** Knows nothing yet of the calls to {@code endpoint}. */
  public PastCalls(Ledger ledger, String endpoint) {
    this.ledger = ledger;
    this.endpoint = endpoint;
  }

  /** Looks out for a job's input. The jobs differ in nothing else. */
  public synchronized void add(Job job) {
    body = body == null ? Body.of(tree(job.request().body())) : body;
    topics.putIfAbsent(job.asked(), new Topic());
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JsonTree.read(json, Fractions.EXACT);
    } catch (IOException e) {
      throw new IllegalStateException("a body that is no JSON", e);
    }
  }

  /** Reads what the log has got since this was last called. */
  public synchronized void read() {
    next = ledger.log().each(next, this::take);
  }

  private void take(LogLine line) {
    boolean response = line.type().equals("response");
    Optional<BigDecimal> cost = line.usd("cost_usd");
    if (line.type().equals("settlement") && cost.isPresent()) {
      settled.put(line.call(), cost.get());
    }
    Batch batch = batch(line);
    Topic topic = topics.get(line.asked());
    if (topic == null || line.replay() || (!response && !line.type().equals("request"))) {
      return;
    }
    topic.calls.put(line.call(), new Call(line.requested(), line.deadline(), response, batch));
    if (response && cost.isPresent()) {
      topic.calls.remove(line.call());
    }
    String outcome = line.text("outcome");
    boolean answered = outcome.equals("answered");
    boolean another = topic.answer == null || !topic.answer.outcome().equals("answered");
    if (line.text("endpoint").equals(endpoint)
        && (answered || (outcome.equals("incomplete") && another))
        && stands(line, answered)) {
      topic.answer = new Place(line.call(), outcome, line.file(), line.start());
    }
  }

  /** The batch that the line is about, or its call belongs to. */
  private @Nullable Batch batch(LogLine line) {
    Batch settled = line.type().equals("settlement") ? batches.get(line.call()) : null;
    if (settled != null) {
      settled.settle();
    }
    if (line.batch().isEmpty()) {
      return null;
    }
    Batch batch = batches.computeIfAbsent(line.batch(), id -> new Batch(line));
    batch.take(line);
    return batch;
  }

  /** The batches of this endpoint, oldest first. */
  public synchronized List<Batch> batches() {
    return batches.values().stream()
        .filter(batch -> batch.isReserved() && batch.last().text("endpoint").equals(endpoint))
        .toList();
  }

  /** The open batches in which any of these is being asked, oldest first. */
  public synchronized List<Batch> batches(Set<Asked> some) {
    Set<Batch> asking = new HashSet<>();
    for (Asked asked : some) {
      topic(asked).calls.values().forEach(call -> asking.add(call.batch()));
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
      ObjectNode rest =
          request.isObject() ? request.deepCopy() : JsonNodeFactory.instance.objectNode();
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
    Topic topic = topic(asked);
    if (topic.answer != null) {
      return State.ANSWERED;
    }
    LocalDate today = ledger.day(now);
    int held = 0;
    for (Map.Entry<String, Call> each : topic.calls.entrySet()) {
      Call call = each.getValue();
      if (call.isOpen(now)) {
        return State.ASKED;
      }
      boolean counts = call.counts() && !settled.containsKey(each.getKey());
      held += counts && ledger.day(call.requested()).equals(today) ? 1 : 0;
    }
    return held >= ENOUGH ? State.GIVEN_UP : State.MISSING;
  }

  private Topic topic(Asked asked) {
    return Objects.requireNonNull(topics.get(asked));
  }

  /**
   * The answer that stands for a call; empty where there is none.
   *
   * @throws LogException where it is no longer where it was
   */
  public Optional<Answer> answer(Asked asked) {
    Place place;
    synchronized (this) {
      place = topic(asked).answer;
    }
    if (place == null) {
      return Optional.empty();
    }
    try (LineReader reader = LineReader.of(place.file(), place.offset())) {
      LogLine line = reader.next();
      Optional<byte[]> received = line == null ? Optional.empty() : line.received();
      if (line == null || !line.call().equals(place.id()) || received.isEmpty()) {
        throw LogException.unusable(place.file(), "changed while it was read: no " + place.id());
      }
      BigDecimal settled = settled(place.id());
      BigDecimal cost = settled == null ? line.usd("cost_usd").orElse(null) : settled;
      return Optional.of(
          new Answer(place.id(), place.outcome(), ChatResponse.of(received.get()), cost));
    }
  }

  private synchronized @Nullable BigDecimal settled(String id) {
    return settled.get(id);
  }
}
