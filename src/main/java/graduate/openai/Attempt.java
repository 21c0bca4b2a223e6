package graduate.openai;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** One attempt as it goes; what it knows when it is left behind is the reply. */
final class Attempt implements Interceptor {
  private static final long LARGEST_BODY = 64L << 20;
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Pattern KEPT_HEADER =
      Pattern.compile(
          "x-request-id|openai-processing-ms|openai-version|retry-after|retry-after-ms|content-type"
              + "|x-ratelimit-(limit|remaining|reset)-(requests|tokens)");

  private final Endpoint endpoint;
  private final Clock clock;
  private final Instant deadline;
  private final @Nullable BufferedSink file;
  private final long start = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Buffer body = new Buffer();
  private boolean abandoned;
  private boolean sent;
  private boolean whole;
  private int status;
  private Map<String, String> headers = Map.of();
  private @Nullable String problem;

  Attempt(Endpoint endpoint, Clock clock, Instant deadline, @Nullable BufferedSink file) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.deadline = deadline;
    this.file = file;
  }

  /** The time that is left; never nothing, which OkHttp takes for no limit. */
  Duration left() {
    Duration left = Duration.between(clock.instant(), deadline);
    return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
  }

  /** Stands between connecting and writing: the last moment at which nothing has been sent. */
  @Override
  public Response intercept(Chain chain) throws IOException {
    synchronized (this) {
      if (abandoned || isLate()) {
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
    // OkHttp dies of a number that is too large for it, and loses the body.
    return response.header("Retry-After", "").matches("\\d{10,}")
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  private Map<String, String> kept(Response response) {
    Map<String, String> kept = new TreeMap<>();
    for (String name : response.headers().names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (KEPT_HEADER.matcher(lower).matches()) {
        kept.put(lower, endpoint.key().redact(String.join(", ", response.headers(name))));
      }
    }
    return kept;
  }

  /** Makes the call, on a thread that may be left behind. */
  void run(Call call) {
    try (Response response = call.execute()) {
      read(response.body().source());
      synchronized (this) {
        whole = problem == null;
      }
    } catch (IOException | RuntimeException | Error e) {
      end(problem(e));
    } finally {
      ended.countDown();
    }
  }

  private void read(BufferedSource source) throws IOException {
    Buffer chunk = new Buffer();
    while (source.read(chunk, 1 << 16) >= 0) {
      if (file != null) {
        file.write(chunk, chunk.size());
        continue;
      }
      synchronized (this) {
        body.write(chunk, chunk.size());
        if (body.size() > LARGEST_BODY) {
          body.clear();
          throw new IOException("the answer is larger than 64 MB");
        }
      }
    }
  }

  private synchronized void end(String why) {
    problem = problem == null ? why : problem;
    ended.countDown();
  }

  /** What came so far is all that comes; a body that is whole stays so. */
  synchronized void cancel() {
    if (!whole) {
      abandoned = true;
      end("ended by a signal");
    }
  }

  /** Waits for the call's end, until the deadline at the most. */
  Reply await(Call call) {
    try {
      if (!ended.await(left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS)) {
        end("no answer by the deadline");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      abandoned = true;
      byte[] received = status == 0 ? null : endpoint.key().redact(body.readByteArray());
      long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      call.cancel();
      return new Reply(sent, status, headers, received, whole ? null : problem, elapsed);
    }
  }

  private boolean isLate() {
    return !clock.instant().isBefore(deadline);
  }

  /** What went wrong, in plain words. */
  private String problem(Throwable e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    URI asked = endpoint.proxy() == null ? endpoint.url() : endpoint.proxy();
    if (e instanceof UnknownHostException) {
      return Endpoint.host(asked) + ": no such host";
    }
    if (e instanceof ConnectException && String.valueOf(e.getCause()).contains("refused")) {
      return "connection refused by " + Endpoint.authority(asked);
    }
    if (message.startsWith("Unsupported or unrecognized SSL")) {
      return Endpoint.authority(endpoint.url()) + " speaks no https: is it http://?";
    }
    if (e instanceof EOFException || message.startsWith("unexpected end")) {
      return "the server closed the connection";
    }
    if (isLate() || message.equals("timeout")) {
      return "no answer by the deadline";
    }
    return endpoint.key().redact(message);
  }
}
