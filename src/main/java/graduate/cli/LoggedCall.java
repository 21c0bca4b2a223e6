package graduate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import graduate.audit.AuditLog;
import graduate.audit.BackwardReader;
import graduate.audit.LogLine;
import graduate.openai.ChatResponse;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A call that the log has.
 *
 * @param lines all that are about it, newest first
 */
record LoggedCall(List<LogLine> lines) {
  /** How long a whole id is: no other one begins so. */
  private static final int WHOLE = 30;

  /**
   * Finds a call.
   *
   * @param id its id, or a beginning that no other has
   * @throws UnusableException where there is none, or more than one
   */
  static LoggedCall of(AuditLog log, String id) {
    LoggedCall found = new LoggedCall(new ArrayList<>());
    try (BackwardReader reader = new BackwardReader(log, id)) {
      // Nothing of a call stands before its request.
      boolean whole = id.isEmpty();
      for (LogLine line = reader.previous(); line != null && !whole; line = reader.previous()) {
        if (line.call().startsWith(id)) {
          found.lines.add(line);
          if (!line.call().equals(found.id())) {
            throw new UnusableException(
                id, "several calls begin so. Give more of the id. See: graduate log");
          }
          whole = id.length() >= WHOLE && line.type().equals("request");
        }
      }
    }
    if (found.lines.isEmpty()) {
      throw new UnusableException(id, "no such call. See: graduate log");
    }
    return found;
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

  String id() {
    return lines.get(0).call();
  }

  /** Its newest line that is its own. */
  LogLine last() {
    return lines.stream()
        .filter(line -> !line.type().equals("settlement"))
        .findFirst()
        .orElse(lines.get(0));
  }

  /** What came back; without texts where nothing did. */
  ChatResponse response() {
    return ChatResponse.of(last().received().orElse(new byte[0]));
  }

  /** How it ended. */
  String outcome() {
    return last().type().equals("request") ? "no answer yet" : last().text("outcome");
  }

  /** All its lines as the log has them, oldest first, each with its newline. */
  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = lines.size() - 1; i >= 0; i--) {
      all.writeBytes(lines.get(i).bytes());
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
    List<String> texts = response().texts();
    if (texts.isEmpty() || !(last().request().path("messages") instanceof ArrayNode messages)) {
      throw new UnusableException(
          "--after", id() + " has no answer (" + outcome() + "). See: graduate log");
    }
    messages.addObject().put("role", "assistant").put("content", texts.get(0));
    return messages;
  }
}
