package graduate.openai;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request once. All of OkHttp's own second tries are off: on connection failure, on
 * redirects, on 408, and on 503 with {@code Retry-After: 0}, which only a one-shot body prevents.
 */
public final class ChatClient {
  private static final long LARGEST_BODY = 64L << 20;
  private static final Set<String> KEPT_HEADERS =
      Set.of(
          "x-request-id",
          "openai-processing-ms",
          "openai-version",
          "retry-after",
          "retry-after-ms",
          "content-type");
  private static final Pattern RATE_LIMIT =
      Pattern.compile("x-ratelimit-(limit|remaining|reset)-(requests|tokens)");

  private final Endpoint endpoint;
  private final Clock clock;
  private @Nullable OkHttpClient client;
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /** A client of {@code endpoint}. */
  public ChatClient(Endpoint endpoint, Clock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  private synchronized OkHttpClient client() {
    if (client == null) {
      client = open(endpoint);
    }
    return client;
  }

  private static OkHttpClient open(Endpoint endpoint) {
    OkHttpClient.Builder builder = Preload.client().newBuilder();
    if (endpoint.url().getScheme().equals("https")) {
      builder.connectionSpecs(List.of(ConnectionSpec.MODERN_TLS));
    }
    if (endpoint.proxy() != null) {
      useProxy(builder, HttpUrl.get(endpoint.proxy().toString()));
    }
    return builder.build();
  }

  private static void useProxy(OkHttpClient.Builder builder, HttpUrl proxy) {
    builder.proxy(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    if (!proxy.username().isEmpty()) {
      String credentials = Credentials.basic(proxy.username(), proxy.password());
      builder.proxyAuthenticator(
          (route, response) ->
              response.request().header("Proxy-Authorization") == null
                  ? response
                      .request()
                      .newBuilder()
                      .header("Proxy-Authorization", credentials)
                      .build()
                  : null);
    }
  }

  /** Where the attempts go. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Makes one attempt and waits for it, until {@code deadline} at the most.
   *
   * @param id names the attempt to the API's support
   */
  public Reply send(byte[] body, String id, Instant deadline) {
    OkHttpClient open = client();
    Attempt attempt = new Attempt(deadline);
    Call call =
        open.newBuilder()
            .callTimeout(positive(Duration.between(clock.instant(), deadline)))
            .addNetworkInterceptor(attempt)
            .build()
            .newCall(request(body, id));
    running.add(attempt);
    try {
      if (cancelled) {
        attempt.cancel();
      }
      // A name lookup can't be interrupted, so the call has a thread of its own to be left behind.
      Thread thread = new Thread(() -> attempt.run(call), "attempt");
      thread.setDaemon(true);
      thread.start();
      return attempt.await(call);
    } finally {
      running.remove(attempt);
    }
  }

  /**
   * Ends the attempts that are being made, and each that is made from now on before anything of it
   * is sent. Any thread may call it.
   */
  public void cancel() {
    cancelled = true;
    running.forEach(Attempt::cancel);
  }

  private static Duration positive(Duration left) {
    return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
  }

  private Request request(byte[] body, String id) {
    Request.Builder request =
        new Request.Builder()
            .url(endpoint.url().toString())
            .header("User-Agent", "graduate")
            .header("X-Client-Request-Id", id)
            .post(new OneShotBody(body));
    if (!endpoint.key().isEmpty()) {
      request.header("Authorization", endpoint.key().authorization());
    }
    if (!endpoint.organization().isEmpty()) {
      request.header("OpenAI-Organization", endpoint.organization());
    }
    if (!endpoint.project().isEmpty()) {
      request.header("OpenAI-Project", endpoint.project());
    }
    return request.build();
  }

  /** A body that OkHttp may write once. */
  private static final class OneShotBody extends RequestBody {
    private static final MediaType JSON = MediaType.get("application/json");
    private final byte[] body;

    OneShotBody(byte[] body) {
      this.body = body;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return body.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(body);
    }
  }

  /** One attempt as it goes; what it knows when it is left behind is the reply. */
  private final class Attempt implements Interceptor {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Instant deadline;
    private final long start = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Buffer body = new Buffer();
    private boolean abandoned;
    private boolean sent;
    private boolean whole;
    private int status;
    private Map<String, String> headers = Map.of();
    private @Nullable String problem;

    Attempt(Instant deadline) {
      this.deadline = deadline;
    }

    /** Stands between connecting and writing: the last moment at which nothing has been sent. */
    @Override
    public Response intercept(Chain chain) throws IOException {
      synchronized (this) {
        if (abandoned || !clock.instant().isBefore(deadline)) {
          throw new SocketTimeoutException("timeout");
        }
        sent = true;
      }
      Response response = chain.proceed(chain.request());
      // Kept here because OkHttp throws a 407 away where it knows of no proxy.
      synchronized (this) {
        status = response.code();
        headers = kept(response);
      }
      return response;
    }

    void run(Call call) {
      try (Response response = call.execute()) {
        read(response.body().source());
        synchronized (this) {
          whole = problem == null;
        }
      } catch (IOException | RuntimeException e) {
        end(problem(e));
      } finally {
        ended.countDown();
      }
    }

    private synchronized void end(String why) {
      problem = problem == null ? why : problem;
      ended.countDown();
    }

    /** What came so far is all that comes; a body that is whole stays so. */
    void cancel() {
      synchronized (this) {
        if (!whole) {
          abandoned = true;
          end("ended by a signal");
        }
      }
    }

    private void read(BufferedSource source) throws IOException {
      Buffer chunk = new Buffer();
      while (source.read(chunk, 1 << 16) >= 0) {
        synchronized (this) {
          body.write(chunk, chunk.size());
          if (body.size() > LARGEST_BODY) {
            body.clear();
            throw new IOException("the answer is larger than 64 MB");
          }
        }
      }
    }

    Reply await(Call call) {
      Duration left = positive(Duration.between(clock.instant(), deadline)).plus(GRACE);
      try {
        if (!ended.await(left.toNanos(), TimeUnit.NANOSECONDS)) {
          end("no answer by the deadline");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (this) {
        abandoned = true;
        byte[] received = status == 0 ? null : endpoint.key().redact(body.snapshot().toByteArray());
        long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        call.cancel();
        return new Reply(sent, status, headers, received, whole ? null : problem, elapsed);
      }
    }

    private String problem(Exception e) {
      if (e instanceof UnknownHostException) {
        URI looked = endpoint.proxy() == null ? endpoint.url() : endpoint.proxy();
        return Endpoint.host(looked) + ": no such host";
      }
      if (e instanceof EOFException
          || String.valueOf(e.getMessage()).startsWith("unexpected end")) {
        return "the server closed the connection";
      }
      if (!clock.instant().isBefore(deadline) || "timeout".equals(e.getMessage())) {
        return "no answer by the deadline";
      }
      return endpoint.key().redact(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private Map<String, String> kept(Response response) {
    Map<String, String> kept = new TreeMap<>();
    for (String name : response.headers().names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (KEPT_HEADERS.contains(lower) || RATE_LIMIT.matcher(lower).matches()) {
        kept.put(lower, endpoint.key().redact(String.join(", ", response.headers(name))));
      }
    }
    return kept;
  }
}
