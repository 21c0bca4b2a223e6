package graduate.openai;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
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
import org.jspecify.annotations.Nullable;

/** One attempt as it goes; what it knows when it is left behind is the reply. */
final class Attempt implements Interceptor {
  private static final long LARGEST_BODY = 64L << 20;
  private static final String LATE = "no answer by the deadline";
  private static final Pattern KEPT_HEADER =
      Pattern.compile(
          "x-request-id|openai-processing-ms|openai-version|retry-after|retry-after-ms|content-type"
              + "|x-ratelimit-(limit|remaining|reset)-(requests|tokens)");

  private final Endpoint endpoint;
  private final Clock clock;
  private final Instant deadline;
  private final Duration left;
  private final long start = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Buffer body = new Buffer();
  private final OutputStream to;
  private boolean sent;
  private volatile @Nullable Response response;
  private @Nullable String problem;

  Attempt(Endpoint endpoint, Clock clock, Instant deadline, @Nullable OutputStream file) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.deadline = deadline;
    this.left = Duration.between(clock.instant(), deadline);
    this.to = file == null ? body.outputStream() : file;
  }

  /** Stands between connecting and writing: the last moment at which nothing has been sent. */
  @Override
  public Response intercept(Chain chain) throws IOException {
    synchronized (this) {
      if (ended.getCount() == 0 || isLate()) {
        throw new IOException(LATE);
      }
      sent = true;
    }
    Response came = chain.proceed(chain.request());
    // Kept here because OkHttp throws a 407 away where it knows of no proxy.
    response = came;
    // OkHttp dies of a number that is too large for it, and loses the body.
    return came.header("Retry-After", "").matches("\\d{10,}")
        ? came.newBuilder().removeHeader("Retry-After").build()
        : came;
  }

  /** Makes the call and waits for its end, until the deadline at the most. */
  Reply make(Call call) {
    // A name lookup can't be interrupted, so the call has a thread of its own to be left behind.
    Thread thread = new Thread(() -> run(call), "attempt");
    thread.setDaemon(true);
    thread.start();
    try {
      boolean unused = ended.await(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(LATE);
    call.cancel();
    return reply();
  }

  private void run(Call call) {
    try (Response whole = call.execute()) {
      read(whole.body().byteStream());
      end(null);
    } catch (IOException | RuntimeException | Error e) {
      end(problem(e));
    }
  }

  private void read(InputStream from) throws IOException {
    byte[] chunk = new byte[1 << 16];
    for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
      synchronized (this) {
        to.write(chunk, 0, read);
        if (body.size() > LARGEST_BODY) {
          body.clear();
          throw new IOException("the answer is larger than 64 MB");
        }
      }
    }
  }

  /** What came so far is all that comes; a body that is whole stays so. */
  void cancel() {
    end("ended by a signal");
  }

  /** Only the first end counts: null where the body is whole, else why it is not. */
  private synchronized void end(@Nullable String why) {
    if (ended.getCount() > 0) {
      problem = why;
      ended.countDown();
    }
  }

  private synchronized Reply reply() {
    long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    byte[] received = endpoint.key().redact(body.readByteArray());
    Response came = response;
    return came == null
        ? new Reply(sent, 0, Map.of(), null, problem, elapsed)
        : new Reply(sent, came.code(), kept(came), received, problem, elapsed);
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
    if (isLate()) {
      return LATE;
    }
    return endpoint.key().redact(message);
  }
}
