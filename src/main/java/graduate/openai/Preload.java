package graduate.openai;

import java.io.IOException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Loads on a second thread what a call will need, while the first reads the prompt and the log.
 *
 * <p>This package touches OkHttp's URLs only after {@link #awaitUrls}, and all else of OkHttp only
 * after {@link #await}: of two threads that initialize classes which need each other, each could
 * wait for the other for ever.
 */
public final class Preload {
  private static final List<String> URLS =
      List.of("https://user:p%20w@[::1]:1/%41/é?q=é#f", "http://é.invalid", "http://127.1/", ":");

  private static final FutureTask<?> LOADED = new FutureTask<>(Preload::parse, null);
  private static final FutureTask<?> CALLED = new FutureTask<>(Preload::call, null);

  private Preload() {}

  /** Starts to load what {@link Endpoint} needs. */
  public static void urls() {
    start(LOADED, "urls");
  }

  /** Starts to load the HTTP client. */
  public static void http() {
    start(Preload::await, "http");
  }

  /** Starts to load TLS and the trusted certificates, which the JDK then keeps at hand. */
  public static void tls() {
    start(Preload::trust, "tls");
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until URLs can be parsed. */
  static void awaitUrls() {
    await(LOADED);
  }

  /** Waits until calls can be made. */
  static void await() {
    awaitUrls();
    await(CALLED);
  }

  /** Waits for the task, or does it. */
  private static void await(FutureTask<?> task) {
    task.run();
    try {
      task.get();
    } catch (ExecutionException e) {
      // Whatever it is will come again, where there is somebody to tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void parse() {
    for (String url : URLS) {
      HttpUrl parsed = HttpUrl.parse(url);
      if (parsed != null) {
        parsed.newBuilder().addPathSegments("a/b").build();
      }
    }
  }

  /** A call that gets as far as the name lookup. */
  private static void call() {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .fastFallback(false)
            .proxy(Proxy.NO_PROXY)
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .dns(
                host -> {
                  throw new UnknownHostException(host);
                })
            .build();
    Request request = new Request.Builder().url("http://preload.invalid/").build();
    try {
      client.newCall(request).execute().close();
    } catch (IOException e) {
      // As meant.
    }
  }

  private static void trust() {
    try {
      TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
          .init((KeyStore) null);
      SSLContext.getInstance("TLS").init(null, null, null);
    } catch (GeneralSecurityException e) {
      // The client will say so.
    }
  }
}
