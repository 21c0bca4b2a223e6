package graduate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import graduate.audit.AuditLog;
import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.openai.ChatResponse;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A call that the log has.
 *
 * @param last its newest line that is its own
 * @param lines all of them, oldest first
 * @param request the body that was sent
 * @param response what came back; without texts where nothing did
 */
record LoggedCall(
    String id, LogLine last, List<byte[]> lines, JsonNode request, ChatResponse response) {
  /** How long a whole id is: no other one begins so. */
  private static final int WHOLE = 30;

  /**
   * Finds a call.
   *
   * @param id its id, or a beginning that no other has
   * @throws UnusableException where there is none, or more than one
   */
  static LoggedCall of(AuditLog log, String id) {
    if (id.isEmpty()) {
      throw new UnusableException(id, "no such call. See: graduate log");
    }
    List<byte[]> lines = new ArrayList<>();
    LogLine last = null;
    Optional<byte[]> body = Optional.empty();
    JsonNode request = MissingNode.getInstance();
    try (BackwardReader reader = new BackwardReader(log, id)) {
      boolean whole = false;
      for (LogLine line = reader.previous(); line != null && !whole; line = reader.previous()) {
        if (!line.call().startsWith(id)) {
          continue;
        }
        if (last != null && !line.call().equals(last.call())) {
          throw new UnusableException(
              id, "several calls begin so. Give more of the id. See: graduate log");
        }
        lines.add(0, line.bytes());
        if (last == null || last.type().equals("settlement")) {
          last = line;
          request = line.request();
        }
        if (line.type().equals("response")) {
          body = body.or(line::received);
        }
        // Nothing of a call stands before its request.
        whole = id.length() >= WHOLE && line.type().equals("request");
      }
    }
    if (last == null) {
      throw new UnusableException(id, "no such call. See: graduate log");
    }
    return new LoggedCall(
        last.call(), last, lines, request, ChatResponse.of(body.orElse(new byte[0])));
  }

  /** The id of the call that was made last. */
  static String last(AuditLog log) {
    return newest(log, "request", line -> true);
  }

  /** The id of the newest call with an answer; replayed ones are passed over unless asked for. */
  static String lastAnswered(AuditLog log, boolean replay) {
    Predicate<byte[]> answers = body -> !ChatResponse.of(body).texts().isEmpty();
    return newest(
        log,
        "response",
        line -> (replay || !line.replay()) && line.received().filter(answers).isPresent());
  }

  private static String newest(AuditLog log, String type, Predicate<LogLine> wanted) {
    try (BackwardReader reader = new BackwardReader(log, "\"type\":\"" + type + "\"")) {
      for (LogLine line = reader.previous(); line != null; line = reader.previous()) {
        if (line.type().equals(type) && wanted.test(line)) {
          return line.call();
        }
      }
    }
    throw new UnusableException("last", "the log has no such call. See: graduate log");
  }

  /** How it ended. */
  String outcome() {
    return last.type().equals("request") ? "no answer yet" : last.text("outcome");
  }

  /** All its lines as the log has them, each with its newline. */
  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      all.writeBytes(line);
      all.write('\n');
    }
    return all.toByteArray();
  }

  /**
   * Its messages, and the first choice of its answer behind them.
   *
   * @throws UnusableException where it has no answer
   */
  ArrayNode conversation() {
    if (response.texts().isEmpty() || !(request.path("messages") instanceof ArrayNode said)) {
      throw new UnusableException(
          "--after", id + " has no answer (" + outcome() + "). See: graduate log");
    }
    ArrayNode messages = said.deepCopy();
    messages.addObject().put("role", "assistant").put("content", response.texts().get(0));
    return messages;
  }
}
