package graduate.openai;

import graduate.text.UnusableException;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and who asks.
 *
 * @param url of the Chat Completions endpoint
 * @param organization sent where it is not empty, like {@code project}
 * @param proxy through which https goes; null where it goes straight
 */
public record Endpoint(
    HttpUrl url, ApiKey key, String organization, String project, @Nullable HttpUrl proxy) {

  /**
   * The endpoint under a base URL.
   *
   * @param baseUrl up to and including {@code /v1}
   * @throws UnusableException where it is none, or would carry the key in the clear
   */
  public static Endpoint of(String baseUrl, ApiKey key, Map<String, String> env) {
    Preload.awaitUrls();
    HttpUrl base = HttpUrl.parse(baseUrl);
    if (base == null
        || base.query() != null
        || base.fragment() != null
        || !base.username().isEmpty()
        || !base.password().isEmpty()) {
      throw new UnusableException(
          "base_url: no address such as https://host/v1, without user, query or fragment"
              + (base == null ? ": " + baseUrl.replaceFirst("//[^/]*@", "//…@") : ""));
    }
    if (!base.isHttps() && !isLoopback(base.host()) && !key.isEmpty()) {
      throw new UnusableException(
          base.host() + ": plain http would show the key to others. Use https");
    }
    return new Endpoint(
        base.newBuilder().addPathSegments("chat/completions").build(),
        key,
        header(env, "OPENAI_ORG_ID"),
        header(env, "OPENAI_PROJECT_ID"),
        base.isHttps() ? proxy(base.host(), env) : null);
  }

  private static String header(Map<String, String> env, String name) {
    String value = env.getOrDefault(name, "");
    if (!value.matches("[!-~]*")) {
      throw new UnusableException(name + ": holds a character that can't stand in a header");
    }
    return value;
  }

  /** Whether {@code host} is this machine. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
  }

  private static @Nullable HttpUrl proxy(String host, Map<String, String> env) {
    String proxy = either(env, "HTTPS_PROXY");
    if (proxy.isEmpty() || isLoopback(host)) {
      return null;
    }
    for (String entry : either(env, "NO_PROXY").split("[,\\s]+", -1)) {
      String suffix = entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
      if (entry.equals("*")
          || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
        return null;
      }
    }
    HttpUrl url = HttpUrl.parse(proxy.contains("://") ? proxy : "http://" + proxy);
    if (url == null || url.isHttps()) {
      throw new UnusableException("HTTPS_PROXY: no address such as http://host:port");
    }
    return url;
  }

  private static String either(Map<String, String> env, String name) {
    String upper = env.getOrDefault(name, "");
    return upper.isEmpty() ? env.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }
}
