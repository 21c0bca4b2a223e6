package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server or the way to it can do wrong, and what then becomes of the reservation. */
@Timeout(120)
class MisbehavingServerTest {
  private static final String KEY = "sk-canary-0123456789";
  private static final byte[] BODY = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";
  private static final String LATE = "no answer by the deadline";

  /** Deadlines in seconds: never reached, reached after some bytes came, reached with none. */
  private static final double SECONDS = 30;

  private static final double SOME = 2;
  private static final double NONE = 0.7;

  static Stream<Arguments> scripts() {
    return Stream.of(
        script(
            "no answer at all", NONE, at -> at.read(), "0 unknown held: no answer by the deadline"),
        script(
            "a byte now and then",
            SOME,
            at -> {
              at.read();
              at.drip("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n" + ANSWER);
            },
            "0 unknown held: no answer by the deadline"),
        script(
            "headers, then a byte now and then",
            SOME,
            at -> {
              at.read();
              at.send("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n");
              at.drip(ANSWER);
            },
            "200 unknown held: no answer by the deadline"),
        script(
            "headers, then nothing",
            SOME,
            RawServer.reply("HTTP/1.1 200 OK\nContent-Length: 70\n\n"),
            "200 unknown held: no answer by the deadline"),
        script(
            "headers of a 400, then nothing",
            SOME,
            RawServer.reply("HTTP/1.1 400 Bad\nContent-Length: 70\n\n"),
            "400 refused held: HTTP 400"),
        script(
            "headers of a 401, then nothing",
            SOME,
            RawServer.reply("HTTP/1.1 401 No\nContent-Length: 70\n\n"),
            "401 refused released: HTTP 401"),
        script(
            "100 Continue, then nothing",
            NONE,
            RawServer.reply("HTTP/1.1 100 Continue\n\n"),
            "0 unknown held: no answer by the deadline"),
        script("closed at once", SECONDS, RawServer.Connection::close, "0 unknown held"),
        script(
            "closed after the request",
            SECONDS,
            at -> {
              at.read();
              at.close();
            },
            "0 unknown held: the server closed the connection"),
        script(
            "reset after the request",
            SECONDS,
            at -> {
              at.read();
              at.reset();
            },
            "0 unknown held"),
        script(
            "reset in mid-body",
            SECONDS,
            at -> {
              at.read();
              at.send("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n{\"choi");
              at.reset();
            },
            "200 unknown held"),
        script(
            "a body shorter than announced",
            SECONDS,
            at -> {
              at.read();
              at.send("HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n" + ANSWER);
              at.close();
            },
            "200 unknown held: the server closed the connection"),
        script(
            "a body longer than announced",
            SECONDS,
            RawServer.reply("HTTP/1.1 200 OK\nContent-Length: 30\n\n" + ANSWER),
            "200 failed held: HTTP 200: the body is no answer"),
        script(
            "chunks that are cut",
            SECONDS,
            at -> {
              at.read();
              at.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              at.send(Integer.toHexString(ANSWER.length()) + "\r\n" + ANSWER + "\r\n");
              at.close();
            },
            "200 unknown held: the server closed the connection"),
        script(
            "a chunk of no size",
            SECONDS,
            RawServer.reply("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n{}\n0\n\n"),
            "200 unknown held"),
        script(
            "half a JSON, whole",
            SECONDS,
            RawServer.reply(200, "", "{\"choices\":[{\"mess"),
            "200 failed held: HTTP 200: the body is no answer"),
        script(
            "HTML",
            SECONDS,
            RawServer.reply(200, "Content-Type: text/html\n", "<html>Log in</html>"),
            "200 failed held: HTTP 200: a web page (HTML) came, not an answer. Check base_url,"
                + " proxy and network login"),
        script(
            "nothing",
            SECONDS,
            RawServer.reply(200, "", ""),
            "200 failed held: HTTP 200: the body is no answer"),
        script("204 with a body", SECONDS, RawServer.reply(204, "", "{}"), "0 unknown held"),
        script(
            "101",
            SECONDS,
            at -> {
              at.read();
              at.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
              at.close();
            },
            "101 failed held: HTTP 101"),
        script(
            "another protocol",
            SECONDS,
            RawServer.reply("SSH-2.0-OpenSSH_9.2\n\n"),
            "0 unknown held"),
        script(
            "a bomb of gzip",
            SECONDS,
            at -> {
              at.read();
              byte[] bomb = gzip(80 << 20);
              at.send(
                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                      + bomb.length
                      + "\r\n\r\n");
              at.send(bomb);
            },
            "200 unknown held: the answer is larger than 64 MB"),
        script(
            "gzip that is none",
            SECONDS,
            RawServer.reply(200, "Content-Encoding: gzip\n", ANSWER),
            "200 unknown held"));
  }

  private static Arguments script(
      String name, double seconds, RawServer.Script script, String expected) {
    return Arguments.argumentSet(name, seconds, script, expected);
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void endsByTheDeadlineAndIsHeldOrReleased(
      double seconds, RawServer.Script script, String expected) throws IOException {
    try (RawServer server = new RawServer(script)) {
      Reply reply = send(endpoint(server.baseUrl(), Map.of()), seconds);
      ChatResponse response = ChatResponse.of(reply, "max_tokens");

      String became = response.unbilled() ? "released" : "held";
      assertThat(reply.status() + " " + response.outcome() + " " + became)
          .isEqualTo(expected.replaceFirst(":.*", ""));
      assertThat(response.notes()).singleElement().asString().isNotBlank();
      if (expected.contains(": ")) {
        assertThat(response.notes()).containsExactly(expected.replaceFirst("[^:]*: ", ""));
      }
      assertThat(reply.sent()).isTrue();
      assertThat(response.retryable()).isFalse();
      assertThat(response.texts()).isEmpty();
      assertThat(server.connections()).isOne();
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void keepsWhatCameOfAnAnswerThatWasCut() throws IOException {
    try (RawServer server =
        new RawServer(
            at -> {
              at.read();
              at.send("HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n{\"choi");
              at.close();
            })) {
      Reply reply = send(endpoint(server.baseUrl(), Map.of()), SECONDS);

      assertThat(reply.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"choi");
    }
  }

  @Test
  void takesTheAnswerThatFollowsInformationalOnes() throws IOException {
    String answer = "HTTP/1.1 200 OK\nContent-Length: " + ANSWER.length() + "\n\n" + ANSWER;
    try (RawServer server =
        new RawServer(
            RawServer.reply(
                "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </x>\n\n" + answer))) {
      Reply reply = send(endpoint(server.baseUrl(), Map.of()), SECONDS);

      assertThat(ChatResponse.of(reply, "max_tokens").outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void sendsNothingWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    Reply reply = send(endpoint("http://127.0.0.1:" + port + "/v1", Map.of()), SECONDS);

    requireUnsent(reply);
    assertThat(reply.problem()).isEqualTo("connection refused by 127.0.0.1:" + port);
  }

  @Test
  void sendsNothingToANameThatDoesNotResolve() {
    Reply reply = send(endpoint("https://graduate.invalid/v1", Map.of()), SECONDS);

    requireUnsent(reply);
    assertThat(reply.problem()).isEqualTo("graduate.invalid: no such host");
  }

  @Test
  void namesTheProxyWhereItsNameDoesNotResolve() {
    Map<String, String> env = Map.of("HTTPS_PROXY", "http://proxy.invalid:3128");

    Reply reply = send(endpoint("https://graduate.invalid/v1", env), SECONDS);

    requireUnsent(reply);
    assertThat(reply.problem()).isEqualTo("proxy.invalid: no such host");
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void sendsNothingThroughAProxyThatRefuses(double seconds, RawServer.Script script)
      throws IOException {
    try (RawServer proxy = new RawServer(script)) {
      Map<String, String> env = Map.of("HTTPS_PROXY", "http://me:pass@127.0.0.1:" + proxy.port());

      Reply reply = send(endpoint("https://graduate.invalid/v1", env), seconds);

      requireUnsent(reply);
      assertThat(reply.problem()).isNotBlank().doesNotContain("pass");
      assertThat(proxy.requests())
          .isNotEmpty()
          .allSatisfy(
              request -> {
                assertThat(request).startsWith("CONNECT graduate.invalid:443 ");
                assertThat(request).doesNotContain(KEY);
                assertThat(RawServer.headers(request, "proxy-auth"))
                    .containsExactly("Proxy-Authorization: Basic bWU6cGFzcw==");
              });
    }
  }

  static Stream<Arguments> proxies() {
    return Stream.of(
        Arguments.argumentSet("403", SECONDS, RawServer.reply(403, "", "no")),
        Arguments.argumentSet(
            "407", SECONDS, RawServer.reply(407, "Proxy-Authenticate: Basic realm=x\n", "")),
        Arguments.argumentSet("502", SECONDS, RawServer.reply(502, "", "")),
        Arguments.argumentSet(
            "closed",
            SECONDS,
            (RawServer.Script)
                at -> {
                  at.read();
                  at.close();
                }),
        Arguments.argumentSet("silent", NONE, (RawServer.Script) RawServer.Connection::read),
        Arguments.argumentSet(
            "no TLS behind it",
            SECONDS,
            RawServer.reply("HTTP/1.1 200 Connected\n\nHTTP/1.1 200 OK\n\n")));
  }

  @Test
  void sendsNothingToAServerThatSpeaksNoTls() throws IOException {
    try (RawServer server =
        new RawServer(
            at -> {
              at.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
              at.socket().shutdownOutput();
            })) {
      Reply reply = send(endpoint("https://127.0.0.1:" + server.port() + "/v1", Map.of()), SECONDS);

      requireUnsent(reply);
      assertThat(reply.problem())
          .isEqualTo("127.0.0.1:" + server.port() + " speaks no https: is it http://?");
    }
  }

  @Test
  void sendsNothingInAHandshakeThatNeverEnds() throws IOException {
    try (RawServer server = new RawServer(RawServer.Connection::read)) {
      Reply reply = send(endpoint("https://127.0.0.1:" + server.port() + "/v1", Map.of()), NONE);

      requireUnsent(reply);
      assertThat(reply.problem()).isEqualTo(LATE);
    }
  }

  @Test
  void sendsNothingToAServerThatNobodyVouchesFor(@TempDir Path folder) throws Exception {
    SSLContext context = selfSigned(folder.resolve("keys"));
    CountDownLatch ended = new CountDownLatch(1);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (RawServer server =
        new RawServer(
            at -> {
              SSLSocket tls =
                  (SSLSocket) context.getSocketFactory().createSocket(at.socket(), null, 0, true);
              tls.setUseClientMode(false);
              try {
                tls.getInputStream().transferTo(received);
              } finally {
                ended.countDown();
              }
            })) {
      Reply reply = send(endpoint("https://127.0.0.1:" + server.port() + "/v1", Map.of()), SECONDS);
      ended.await();

      requireUnsent(reply);
      assertThat(received.size()).isZero();
    }
  }

  private static void requireUnsent(Reply reply) {
    ChatResponse response = ChatResponse.of(reply, "max_tokens");
    assertThat(reply.sent()).isFalse();
    assertThat(reply.status()).isZero();
    assertThat(reply.body()).isNull();
    assertThat(response.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(response.unbilled()).isTrue();
    assertThat(response.retryable()).isTrue();
  }

  private static Endpoint endpoint(String baseUrl, Map<String, String> env) {
    return Endpoint.of(baseUrl, ApiKey.of(Map.of("OPENAI_API_KEY", KEY)), env);
  }

  private static Reply send(Endpoint endpoint, double seconds) {
    Instant deadline = Instant.now().plusMillis((long) (seconds * 1000));
    return new ChatClient(endpoint, Clock.systemUTC()).send(BODY, "the-id", deadline);
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < zeros / block.length; i++) {
        gzip.write(block);
      }
    }
    return bytes.toByteArray();
  }

  private static SSLContext selfSigned(Path store) throws Exception {
    char[] password = "changeit".toCharArray();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
