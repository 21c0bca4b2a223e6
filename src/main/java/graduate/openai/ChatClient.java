package graduate.openai;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request once. All of OkHttp's own second tries are off: on connection failure and on
 * redirects by {@link Preload}; on 408, and on 503 with {@code Retry-After: 0}, by a one-shot body.
 */
public final class ChatClient {
  private final Endpoint endpoint;
  private final Clock clock;
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /** A client of {@code endpoint}. */
  public ChatClient(Endpoint endpoint, Clock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
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
    Request.Builder request = request(endpoint.url().toString());
    return send(request.header("X-Client-Request-Id", id).post(json(body)), deadline, null);
  }

  /** The same for any request, its body into a file where one is given. */
  Reply send(Request.Builder request, Instant deadline, @Nullable OutputStream file) {
    Attempt attempt = new Attempt(endpoint, clock, deadline, file);
    running.add(attempt);
    try {
      if (cancelled) {
        attempt.cancel();
      }
      return attempt.make(client(attempt).newCall(request.build()));
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

  private OkHttpClient client(Attempt attempt) {
    OkHttpClient.Builder builder = Preload.client().newBuilder().addNetworkInterceptor(attempt);
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
          (route, response) -> {
            Request request = response.request();
            boolean tried = request.header("Proxy-Authorization") != null;
            return tried
                ? null
                : request.newBuilder().header("Proxy-Authorization", credentials).build();
          });
    }
  }

  Request.Builder request(String url) {
    // Nothing of OkHttp is touched before this.
    OkHttpClient unused = Preload.client();
    Request.Builder request = new Request.Builder().url(url).header("User-Agent", "graduate");
    endpoint.headers().forEach(request::header);
    return request;
  }

  /** Writes a body's bytes, as many as were said. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of them. */
    void writeTo(BufferedSink sink) throws IOException;
  }

  /** A body that OkHttp may write once. */
  static RequestBody once(@Nullable MediaType type, long length, Content content) {
    return new RequestBody() {
      @Override
      public @Nullable MediaType contentType() {
        return type;
      }

      @Override
      public long contentLength() {
        return length;
      }

      @Override
      public boolean isOneShot() {
        return true;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        content.writeTo(sink);
      }
    };
  }

  static RequestBody json(byte[] json) {
    return once(MediaType.get("application/json"), json.length, sink -> sink.write(json));
  }
}
