import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What start.sh measures Graduate beside, and the server that answers all of them. */
final class StartBench {
  private static final byte[] REQUEST =
      ("{\"model\":\"gpt-5.6-luna\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
              + "\"max_completion_tokens\":100}")
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] ANSWER =
      ("{\"id\":\"chatcmpl-1\",\"model\":\"gpt-5.6-luna\",\"choices\":[{\"index\":0,\"message\":{"
              + "\"role\":\"assistant\",\"content\":\"Hello there.\",\"refusal\":null},"
              + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":8,"
              + "\"completion_tokens\":4,\"total_tokens\":12},\"service_tier\":\"default\"}")
          .getBytes(StandardCharsets.UTF_8);

  private StartBench() {}

  /** Does nothing. */
  static final class Empty {
    public static void main(String[] args) {}
  }

  /** Makes the same call with what the JDK has, and prints the body. */
  static final class Barest {
    public static void main(String[] args) throws IOException {
      HttpURLConnection call =
          (HttpURLConnection) URI.create(args[0] + "/chat/completions").toURL().openConnection();
      call.setRequestMethod("POST");
      call.setRequestProperty("Content-Type", "application/json");
      call.setRequestProperty("Authorization", "Bearer " + System.getenv("OPENAI_API_KEY"));
      call.setDoOutput(true);
      call.getOutputStream().write(REQUEST);
      System.out.write(call.getInputStream().readAllBytes());
      System.out.flush();
    }
  }

  /** Answers at once, and below /slow after three seconds; prints its two base URLs. */
  static final class Server {
    public static void main(String[] args) throws IOException, GeneralSecurityException {
      System.setProperty("sun.net.httpserver.nodelay", "true");
      char[] password = "changeit".toCharArray();
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(KeyStore.getInstance(new File(args[0]), password), password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer plain = HttpServer.create(any, 0);
      HttpsServer tls = HttpsServer.create(any, 0);
      tls.setHttpsConfigurator(new HttpsConfigurator(context));
      for (HttpServer server : new HttpServer[] {plain, tls}) {
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", Server::answer);
        server.start();
      }
      System.out.printf(
          "http://127.0.0.1:%d https://127.0.0.1:%d%n",
          plain.getAddress().getPort(), tls.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
      exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().startsWith("/slow/")) {
        try {
          Thread.sleep(3000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ANSWER.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(ANSWER);
      }
    }
  }
}
