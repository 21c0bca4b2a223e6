package graduate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The endpoints that {@link Training} calls, with and without TLS, on the loopback address. It is a
 * process of its own, for a run does not need what a server does.
 */
final class TrainingServer {
  static final String PASSWORD = "changeit";

  private static final String ANSWER =
      "{\"id\":\"chatcmpl-1\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{"
          + "\"role\":\"assistant\",\"content\":\"Done.\",\"refusal\":null},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":2,"
          + "\"total_tokens\":10},\"service_tier\":\"default\"}";

  private TrainingServer() {}

  /** The store of {@code folder} that trusts the server beside all of Java's own authorities. */
  static Path trusted(Path folder) {
    return folder.resolve("trusted");
  }

  /**
   * Serves until standard input ends, after a line with the two base URLs. Keys are kept in the
   * folder {@code args[0]}.
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    Path folder = Path.of(args[0]);
    KeyStore keys = keys(folder.resolve("keys"));
    trust(keys, trusted(folder));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer plain = HttpServer.create(any, 0);
    HttpsServer tls = HttpsServer.create(any, 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    for (HttpServer server : List.of(plain, tls)) {
      server.createContext("/", TrainingServer::answer);
      server.start();
    }
    String urls =
        "http://127.0.0.1:%d/v1 https://127.0.0.1:%d/v1\n"
            .formatted(plain.getAddress().getPort(), tls.getAddress().getPort());
    System.out.write(urls.getBytes(StandardCharsets.US_ASCII));
    System.out.flush();
    System.in.readAllBytes();
    plain.stop(0);
    tls.stop(0);
  }

  /** A key that nobody else trusts or keeps. */
  private static KeyStore keys(Path file) throws IOException, GeneralSecurityException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "training",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool: exit " + keytool.exitValue());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  /** As many authorities as in a real run, and in the same form. */
  private static void trust(KeyStore keys, Path file) throws IOException, GeneralSecurityException {
    Path own = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore trusted = KeyStore.getInstance(own.toFile(), PASSWORD.toCharArray());
    trusted.setCertificateEntry("training", keys.getCertificate("training"));
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (InputStream body = exchange.getRequestBody();
        OutputStream out = exchange.getResponseBody()) {
      body.readAllBytes();
      byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      out.write(answer);
    }
  }
}
