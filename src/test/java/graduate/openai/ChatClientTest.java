package graduate.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.RawServer;
import graduate.harness.SetClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt is one request to one host, with the key in one header. */
@Timeout(60)
@Isolated // One test measures what all threads do.
class ChatClientTest {
  private static final String KEY = "sk-canary-0123456789/+=";
  private static final String ANSWER = "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}";
  private static final byte[] BODY = "{\"a\":\"ä\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void sendsTheBodyUnchangedWithTheHeadersThatTheApiKnows() throws IOException {
    try (RawServer server = new RawServer(RawServer.reply(200, "", ANSWER))) {
      Reply reply =
          send(client(server, KEY, Map.of("OPENAI_ORG_ID", "org-1", "OPENAI_PROJECT_ID", "proj")));

      String request = server.requests().get(0);
      assertThat(request)
          .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
          .endsWith("\r\n\r\n" + new String(BODY, StandardCharsets.UTF_8));
      assertThat(RawServer.headers(request, "authorization"))
          .containsExactly("Authorization: Bearer " + KEY);
      assertThat(RawServer.headers(request, "content-type"))
          .containsExactly("Content-Type: application/json");
      assertThat(RawServer.headers(request, "x-client"))
          .containsExactly("X-Client-Request-Id: the-id");
      assertThat(RawServer.headers(request, "openai-"))
          .containsExactly("OpenAI-Organization: org-1", "OpenAI-Project: proj");
      assertThat(reply.body()).asString(StandardCharsets.UTF_8).isEqualTo(ANSWER);
      assertThat(reply.problem()).isNull();
      assertThat(reply.sent()).isTrue();
    }
  }

  @Test
  void sendsNoAuthorizationWhereTheKeyIsEmpty() throws IOException {
    try (RawServer server = new RawServer(RawServer.reply(200, "", ANSWER))) {
      send(client(server, "", Map.of()));

      assertThat(RawServer.headers(server.requests().get(0), "authorization")).isEmpty();
      assertThat(RawServer.headers(server.requests().get(0), "openai-")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        200, 201, 202, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403, 404, 407, 408, 409,
        413, 421, 425, 426, 429, 500, 502, 503, 504, 511
      })
  void sendsOnceWhateverTheStatus(int status) throws IOException {
    try (RawServer other = new RawServer(RawServer.reply(200, "", ANSWER));
        RawServer server =
            new RawServer(
                RawServer.reply(
                    status,
                    "Location: http://localhost:"
                        + other.port()
                        + "/v1\nRetry-After: 0\nWWW-Authenticate: Basic realm=x\n",
                    status == 304 ? "" : "{}"))) {
      Reply reply = send(client(server, KEY, Map.of()));

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.sent()).isTrue();
      assertThat(server.requests()).hasSize(1);
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void keepsTheBodyBesideATimeThatNoIntegerHolds() throws IOException {
    try (RawServer server =
        new RawServer(RawServer.reply(503, "Retry-After: 99999999999\n", "{\"a\": 1}"))) {
      Reply reply = send(client(server, KEY, Map.of()));

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).asString(UTF_8).isEqualTo("{\"a\": 1}");
      assertThat(reply.headers()).containsEntry("retry-after", "99999999999");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {303, 308})
  void followsARedirectToTheSameHostAsLittle(int status) throws IOException {
    try (RawServer server =
        new RawServer(RawServer.reply(status, "Location: /v2/chat/completions\n", ""))) {
      assertThat(send(client(server, KEY, Map.of())).status()).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void makesAConnectionForEachAttempt() throws IOException {
    // One that was reused could have been closed meanwhile, and nobody knows what was sent then.
    try (RawServer server = new RawServer(RawServer.reply(200, "", ANSWER))) {
      ChatClient client = client(server, KEY, Map.of());
      send(client);
      send(client);

      assertThat(server.requests()).hasSize(2);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void sendsNothingOnceTheWallClockHasPassedTheDeadline() throws IOException {
    AtomicBoolean slept = new AtomicBoolean();
    Instant start = Instant.parse("2026-11-20T08:00:00Z");
    // Whoever asks a second time finds that the machine slept for an hour since.
    Clock clock =
        new SetClock(() -> slept.getAndSet(true) ? start.plus(Duration.ofHours(1)) : start);
    try (RawServer server = new RawServer(RawServer.reply(200, "", ANSWER))) {
      Endpoint endpoint = endpoint(server, KEY, Map.of());

      Reply reply = new ChatClient(endpoint, clock).send(BODY, "the-id", start.plusSeconds(600));

      assertThat(reply.sent()).isFalse();
      assertThat(reply.problem()).isEqualTo("no answer by the deadline");
      assertThat(server.requests()).isEmpty();
    }
  }

  /** Without a word of it the reply would pass for whole, and its reservation be released. */
  @Test
  void saysThatAnErrorEndedTheAttempt() throws IOException {
    Instant start = Instant.parse("2026-11-20T08:00:00Z");
    AtomicBoolean thrown = new AtomicBoolean();
    Clock clock =
        new SetClock(
            () -> {
              boolean sending = Thread.currentThread().getName().equals("attempt");
              if (sending && !thrown.getAndSet(true)) {
                throw new OutOfMemoryError("Java heap space");
              }
              return start;
            });
    try (RawServer server = new RawServer(RawServer.reply(200, "", ANSWER))) {
      Endpoint endpoint = endpoint(server, KEY, Map.of());

      Reply reply = new ChatClient(endpoint, clock).send(BODY, "the-id", start.plusSeconds(600));

      assertThat(reply.problem()).isEqualTo("Java heap space");
    }
  }

  @Test
  void waitsWithoutWork() throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    CountDownLatch arrived = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.read();
              arrived.countDown();
            })) {
      ChatClient client = client(server, KEY, Map.of());
      CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> send(client));
      arrived.await();
      long before = okHttpTime(threads);
      long start = threads.getCurrentThreadCpuTime();
      while (threads.getCurrentThreadCpuTime() - start < 300_000_000) {
        Thread.onSpinWait();
      }
      // A loop of its own would have had as much of the processor as this one.
      assertThat(okHttpTime(threads) - before).isLessThan(100_000_000);
      client.cancel();
      reply.get();
    }
  }

  private static long okHttpTime(ThreadMXBean threads) {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().matches("Ok(Http|io).*"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }

  @Test
  void endsWhenItIsCancelled() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.read();
              arrived.countDown();
            })) {
      ChatClient client = client(server, KEY, Map.of());
      CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> send(client));
      arrived.await();
      client.cancel();

      assertThat(reply.get().sent()).isTrue();
      assertThat(reply.get().status()).isZero();
    }
  }

  @Test
  void sendsNothingOnceItIsCancelled() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.read();
              requests.incrementAndGet();
            })) {
      ChatClient client = client(server, KEY, Map.of());
      client.cancel();
      Reply reply = send(client);

      assertThat(reply.sent()).isFalse();
      assertThat(reply.problem()).isEqualTo("ended by a signal");
      assertThat(requests).hasValue(0);
    }
  }

  @Test
  void keepsTheHeadersThatHelpAndNoOthers() throws IOException {
    String headers =
        """
        X-Request-ID: req_1
        Set-Cookie: secret
        openai-processing-ms: 12
        X-RateLimit-Remaining-Tokens: 9
        Retry-After: 1
        retry-after-ms: 2
        Retry-After: 3
        Server: x
        """;
    try (RawServer server = new RawServer(RawServer.reply(200, headers, ANSWER))) {
      assertThat(send(client(server, KEY, Map.of())).headers())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "x-request-id", "req_1",
                  "openai-processing-ms", "12",
                  "x-ratelimit-remaining-tokens", "9",
                  "retry-after", "1, 3",
                  "retry-after-ms", "2"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-canary-0123456789/+=",
        "sk-canary-0123456789\\/+=",
        "sk\\u002dcanary\\u002D0123456789\\u002f+\\u003D"
      })
  void redactsAKeyThatTheServerSendsBack(String echoed) throws IOException {
    String body = "{\"error\":{\"message\":\"Bad key: " + echoed + ".\"}}";
    try (RawServer server =
        new RawServer(RawServer.reply(401, "x-request-id: for " + KEY + "\n", body))) {
      Reply reply = send(client(server, KEY, Map.of()));

      assertThat(reply.body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("{\"error\":{\"message\":\"Bad key: [key].\"}}");
      assertThat(reply.headers()).containsEntry("x-request-id", "for [key]");
    }
  }

  @Test
  void redactsAKeyInAProtocolError() throws IOException {
    try (RawServer server = new RawServer(RawServer.reply("HTTP/9 " + KEY + "\n\n"))) {
      assertThat(send(client(server, KEY, Map.of())).problem()).contains("[key]");
    }
  }

  @Test
  void leavesAnAnswerAloneThatHoldsAPlaceholderForAKey() throws IOException {
    String body = "{\"system_fingerprint\":\"fp_ollama\"}";
    try (RawServer server = new RawServer(RawServer.reply(200, "", body))) {
      assertThat(send(client(server, "ollama", Map.of())).body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(body);
    }
  }

  private static Endpoint endpoint(RawServer server, String key, Map<String, String> env) {
    return Endpoint.of(server.baseUrl(), ApiKey.of(Map.of("OPENAI_API_KEY", key)), env);
  }

  private static ChatClient client(RawServer server, String key, Map<String, String> env) {
    return new ChatClient(endpoint(server, key, env), Clock.systemUTC());
  }

  private static Reply send(ChatClient client) {
    return client.send(BODY, "the-id", Instant.now().plusSeconds(30));
  }
}
