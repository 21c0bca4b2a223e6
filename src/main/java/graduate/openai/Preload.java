package graduate.openai;

import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * The HTTP client of every endpoint, which tries nothing a second time by itself. Another thread
 * makes it ready while the first reads the prompt and the log: loading OkHttp takes some 20 ms.
 * Nothing else touches OkHttp before it is ready, for two threads that initialize classes which
 * need each other could wait for ever.
 */
public final class Preload {
  private Preload() {}

  /** Starts to make it ready. */
  public static void start() {
    Thread thread = new Thread(Preload::client, "http");
    thread.setDaemon(true);
    thread.start();
  }

  /** The client, once it is ready. */
  static OkHttpClient client() {
    return Ready.CLIENT;
  }

  /** Made by whoever asks first; the others wait. */
  private static final class Ready {
    private static final OkHttpClient CLIENT =
        new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .fastFallback(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.MINUTES))
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .proxy(Proxy.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(30))
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();
  }
}
