import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
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

/** What a bulk is measured beside: a server that takes its time, and forced appends. */
final class BulkBench {
  private static final int APPENDS = 1000;

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
    byte[] answer =
        """
        {"model": "gpt-5.6-luna", "choices": [{"message": {"content": "%s"},
         "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}"""
            .formatted("All well. ".repeat(50))
            .getBytes(StandardCharsets.UTF_8);
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
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
    Path fresh = Files.writeString(Path.of(portFile + ".new"), "" + server.getAddress().getPort());
    Files.move(fresh, portFile, StandardCopyOption.ATOMIC_MOVE);
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
