package graduate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import graduate.cli.Console;
import graduate.cli.Context;
import java.io.ByteArrayInputStream;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Does what runs do, so that the launcher can have Java note down which classes they need. It works
 * in a folder of its own, against servers of its own on the loopback address.
 */
final class Training {
  private static final String ANSWER =
      "{\"id\":\"chatcmpl-1\",\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{"
          + "\"role\":\"assistant\",\"content\":\"Done.\",\"refusal\":null},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":2,"
          + "\"total_tokens\":10},\"service_tier\":\"default\"}";
  private static final String PASSWORD = "changeit";

  /** Later runs find a log and a cache; the JIT's profile wants some more of them. */
  private static final int ROUNDS = 5;

  private final Path folder;
  private final Map<String, String> env;

  private Training(Path folder) {
    this.folder = folder;
    this.env = Map.of("OPENAI_API_KEY", "sk-training");
  }

  /** Trains in the folder {@code args[0]}, which is emptied afterwards. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder.resolve("prompts"));
    try {
      new Training(folder).train();
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void train() throws IOException, GeneralSecurityException {
    Files.writeString(folder.resolve("prompts/train.md"), "Say that you are done.\n");
    HttpServer plain = HttpServer.create(address(), 0);
    HttpsServer tls = HttpsServer.create(address(), 0);
    KeyStore keys = keys();
    tls.setHttpsConfigurator(new HttpsConfigurator(serverContext(keys)));
    trust(keys);
    for (HttpServer server : List.of(plain, tls)) {
      server.createContext("/", Training::answer);
      server.start();
    }
    try {
      graduate(0, "--help");
      graduate(0, "--version");
      for (int round = 0; round < ROUNDS; round++) {
        configure("http", plain);
        graduate(0, "run", prompt(), "--dry-run");
        graduate(0, "run", prompt());
        configure("https", tls);
        graduate(0, "run", prompt());
      }
    } finally {
      plain.stop(0);
      tls.stop(0);
    }
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private String prompt() {
    return folder.resolve("prompts/train.md").toString();
  }

  private void configure(String scheme, HttpServer server) throws IOException {
    Files.writeString(
        folder.resolve("prompts/graduate.json"),
        "{\"base_url\": \""
            + scheme
            + "://127.0.0.1:"
            + server.getAddress().getPort()
            + "/v1\", \"request\": {\"model\": \"gpt-5-mini\", \"max_completion_tokens\": 100},"
            + " \"caps\": [{\"usd\": 1.5, \"per\": \"day\"}, {\"usd\": 9, \"per\": \"month\"}]}\n");
  }

  private void graduate(int expected, String... words) {
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            false,
            false,
            false);
    Path logs = folder.resolve("logs");
    Context context =
        new Context(folder, logs, env, console, Clock.systemUTC(), new Diagnostics(logs));
    int exit = Main.run(new ArrayList<>(List.of(words)), context);
    if (exit != expected) {
      throw new IllegalStateException(List.of(words) + ": exit " + exit);
    }
  }

  /** A key that nobody else trusts or keeps. */
  private KeyStore keys() throws IOException, GeneralSecurityException {
    Path file = folder.resolve("keys");
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

  private static SSLContext serverContext(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /** Trusts the key beside all of Java's own authorities, which are as many as in a real run. */
  private void trust(KeyStore keys) throws IOException, GeneralSecurityException {
    Path own = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore trusted = KeyStore.getInstance(own.toFile(), PASSWORD.toCharArray());
    trusted.setCertificateEntry("training", keys.getCertificate("training"));
    Path file = folder.resolve("trusted");
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
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
