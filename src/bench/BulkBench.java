import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a bulk is measured beside: a server that takes its time, and forced appends. */
final class BulkBench {
  private static final int APPENDS = 1000;

  private static final String ANSWER =
      """
      {"model": "gpt-5.6-luna", "choices": [{"message": {"content": "%s"},\
       "finish_reason": "stop"}],\
       "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}"""
          .formatted("All well. ".repeat(50));

  private static final String RESULT =
      """
      {"custom_id": "%s", "response": {"status_code": 200, "body": %s}, "error": null}
      """;

  private BulkBench() {}

  /** {@code serve PORTFILE MILLIS} or {@code append FILE BYTES}. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("serve")) {
      serve(Path.of(args[1]), Long.parseLong(args[2]));
    } else {
      append(Path.of(args[1]), Integer.parseInt(args[2]));
    }
  }

  private static void serve(Path portFile, long millis) throws IOException {
    byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    ScheduledExecutorService later = Executors.newScheduledThreadPool(4);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          later.schedule(
              () -> {
                try (exchange) {
                  exchange.sendResponseHeaders(200, answer.length);
                  exchange.getResponseBody().write(answer);
                } catch (IOException e) {
                  System.err.println(e);
                }
              },
              millis,
              TimeUnit.MILLISECONDS);
        });
    batches(server, portFile);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
    Path fresh = Files.writeString(Path.of(portFile + ".new"), "" + server.getAddress().getPort());
    Files.move(fresh, portFile, StandardCopyOption.ATOMIC_MOVE);
  }

  /** One batch of an uploaded file, which is over once there is a file {@code PORTFILE.over}. */
  private static void batches(HttpServer server, Path portFile) {
    Path uploaded = Path.of(portFile + ".upload");
    Path results = Path.of(portFile + ".results");
    server.createContext(
        "/v1/files",
        exchange -> {
          if (exchange.getRequestMethod().equals("POST")) {
            Files.copy(exchange.getRequestBody(), uploaded, StandardCopyOption.REPLACE_EXISTING);
            try (Stream<String> lines = Files.lines(uploaded);
                PrintWriter to = new PrintWriter(Files.newBufferedWriter(results))) {
              lines
                  .filter(line -> line.startsWith("{\"custom_id\":"))
                  .forEach(line -> to.print(RESULT.formatted(line.split("\"", 5)[3], ANSWER)));
            }
            say(exchange, "{\"id\": \"file-1\"}");
          } else {
            exchange.sendResponseHeaders(200, Files.size(results));
            Files.copy(results, exchange.getResponseBody());
            exchange.close();
          }
        });
    server.createContext(
        "/v1/batches",
        exchange -> {
          boolean over = Files.exists(Path.of(portFile + ".over"));
          exchange.getRequestBody().readAllBytes();
          say(
              exchange,
              "{\"id\": \"batch-1\", \"status\": \"%s\", \"output_file_id\": \"file-2\"}"
                  .formatted(over ? "completed" : "in_progress"));
        });
  }

  private static void say(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Prints the seconds that one forced append of so many bytes takes. */
  private static void append(Path file, int bytes) throws IOException {
    try (FileChannel to =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long start = System.nanoTime();
      for (int i = 0; i < APPENDS; i++) {
        to.write(ByteBuffer.wrap(new byte[bytes]));
        to.force(false);
      }
      System.out.println((System.nanoTime() - start) / 1e9 / APPENDS);
    }
  }
}
