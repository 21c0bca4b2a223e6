package graduate.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.ToIntFunction;

/**
 * A Chat Completions endpoint on the loopback address that gives one saved answer to every request,
 * so that a run without key and network takes the way of a real one.
 */
public final class ReplayServer implements Closeable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final int TOKENS_A_MESSAGE = 3;

  private final HttpServer server;
  private final String answer;
  private final ToIntFunction<String> count;

  /**
   * Starts answering, on a port of the system's choice.
   *
   * @param count the number of tokens in a text, for {@code usage}
   */
  public ReplayServer(String answer, ToIntFunction<String> count) throws IOException {
    this.answer = answer;
    this.count = count;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  /** The base URL, up to and including {@code /v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void reply(HttpExchange exchange) throws IOException {
    JsonNode request;
    try (JsonParser parser = FACTORY.createParser(exchange.getRequestBody())) {
      request = JsonTree.read(parser, Fractions.DOUBLE);
    }
    byte[] body = JsonTree.bytes(completion(request), FACTORY);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private ObjectNode completion(JsonNode request) {
    ObjectNode completion = JsonNodeFactory.instance.objectNode();
    completion.put("id", "chatcmpl-replay");
    completion.put("object", "chat.completion");
    completion.put("created", System.currentTimeMillis() / 1000);
    completion.put("model", request.path("model").asText());
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", answer);
    choice.put("finish_reason", "stop");
    int prompt = TOKENS_A_MESSAGE;
    for (JsonNode message : request.path("messages")) {
      prompt += TOKENS_A_MESSAGE + count.applyAsInt(message.path("content").asText());
    }
    int completed = count.applyAsInt(answer);
    completion
        .putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completed)
        .put("total_tokens", prompt + completed);
    return completion;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
