package graduate.replay;

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
import java.nio.charset.StandardCharsets;

/**
 * A Chat Completions endpoint on the loopback address that gives one saved answer to every request,
 * so that a run without key and network takes the way of a real one.
 */
public final class ReplayServer implements Closeable {
  private static final int BYTES_A_TOKEN = 4;

  private final HttpServer server;
  private final String answer;

  /** Starts answering, on a port of the system's choice. */
  public ReplayServer(String answer) throws IOException {
    this.answer = answer;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  /** The base URL, up to and including {@code /v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void reply(HttpExchange exchange) throws IOException {
    byte[] request = exchange.getRequestBody().readAllBytes();
    String model = JsonTree.read(request, Fractions.DOUBLE).path("model").asText();
    byte[] body = JsonTree.bytes(completion(model, tokens(request.length)));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private ObjectNode completion(String model, long prompt) {
    ObjectNode completion = JsonNodeFactory.instance.objectNode();
    completion.put("id", "chatcmpl-replay");
    completion.put("object", "chat.completion");
    completion.put("created", System.currentTimeMillis() / 1000);
    completion.put("model", model);
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", answer);
    choice.put("finish_reason", "stop");
    long completed = tokens(answer.getBytes(StandardCharsets.UTF_8).length);
    completion
        .putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completed)
        .put("total_tokens", prompt + completed);
    return completion;
  }

  /** About how many tokens so many bytes of JSON or text are. */
  public static long tokens(long bytes) {
    return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
