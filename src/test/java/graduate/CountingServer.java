package graduate;

import graduate.harness.Answers;
import graduate.harness.RawServer;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Answers an input with what it says, and knows how often it was asked, and for how much. */
final class CountingServer implements Closeable {
  /** What is done with an input; null where it is answered as usual. */
  @FunctionalInterface
  interface Way {
    @Nullable String response(String input, int time) throws Exception;
  }

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> answered = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final RawServer server;
  private final Way way;

  CountingServer(Way way) throws IOException {
    this.way = way;
    this.server = new RawServer(this::answer);
  }

  CountingServer() throws IOException {
    this((input, time) -> null);
  }

  private void answer(String request, RawServer.Connection connection) throws Exception {
    String input = input(request);
    int time = asked.merge(input, 1, Integer::sum);
    int now = running.incrementAndGet();
    most.accumulateAndGet(now, Math::max);
    @Nullable String response;
    try {
      response = way.response(input, time);
    } finally {
      running.decrementAndGet();
    }
    connection.send(response == null ? usual(input) : response);
  }

  /** The usual answer, and its tokens on the bill. */
  String usual(String input) {
    answered.merge(input, 1, Integer::sum);
    tokens.addAndGet(input.length());
    return RawServer.response("200 OK", "", body("Re: " + input, "stop", input.length()));
  }

  static String body(String text, String reason, int tokens) {
    return """
        {"model": "gpt-5.6-luna", "choices": [{"message": {"content": %s},
         "finish_reason": "%s"}],
         "usage": {"prompt_tokens": 1, "completion_tokens": %d, "total_tokens": %d}}"""
        .formatted(Answers.MAPPER.valueToTree(text), reason, tokens, tokens + 1);
  }

  /** The message behind the prompt's first line. */
  static String input(String request) {
    String body = request.substring(request.indexOf("\r\n\r\n") + 4);
    String message = Answers.json(body).at("/messages/0/content").asText();
    return message.substring(message.indexOf("\n\n") + 2);
  }

  int port() {
    return server.port();
  }

  /** Waits for the next request. */
  void take() throws IOException, InterruptedException {
    server.take();
  }

  /** How often each input was asked. */
  Map<String, Integer> asked() {
    return asked;
  }

  /** How often each input got its usual answer, whether that was read or not. */
  Map<String, Integer> answered() {
    return answered;
  }

  int calls() {
    return asked.values().stream().mapToInt(n -> n).sum();
  }

  /** The most that were on their way at once. */
  int most() {
    return most.get();
  }

  /** What the usual answers cost at a dollar for a million tokens. */
  BigDecimal bill() {
    return BigDecimal.valueOf(tokens.get(), 6);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
