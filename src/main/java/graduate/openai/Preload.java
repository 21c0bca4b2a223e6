package graduate.openai;

import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * The HTTP client of every endpoint, which another thread makes ready while the first reads the
 * prompt and the log: loading OkHttp takes some 20 ms. Nothing else touches OkHttp before it is
 * ready, for two threads that initialize classes which need each other could wait for ever.
 */
public final class Preload {
  private static final FutureTask<OkHttpClient> CLIENT = new FutureTask<>(Preload::open);
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private Preload() {}

  /** Starts to make it ready. */
  public static void start() {
    Thread thread = new Thread(CLIENT, "http");
    thread.setDaemon(true);
    thread.start();
  }

  /** The client, once it is ready. */
  static OkHttpClient client() {
    CLIENT.run();
    try {
      return CLIENT.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OkHttpClient open() {
    return new OkHttpClient.Builder()
        .retryOnConnectionFailure(false)
        .fastFallback(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .protocols(List.of(Protocol.HTTP_1_1))
        .connectionPool(new ConnectionPool(0, 1, TimeUnit.MINUTES))
        .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
        .proxy(Proxy.NO_PROXY)
        .connectTimeout(CONNECT)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .build();
  }
}
