package graduate.openai;

import graduate.text.UnusableException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and who asks.
 *
 * @param url of the Chat Completions endpoint
 * @param organization sent where it is not empty, like {@code project}
 * @param proxy through which https goes; null where it goes straight
 */
public record Endpoint(
    URI url, ApiKey key, String organization, String project, @Nullable URI proxy) {

  /** What OkHttp takes too: a host of labels, or IPv6. */
  private static final Pattern URL =
      Pattern.compile(
          "https?://([^/?#@]*@)?([\\w-]{1,63}(\\.[\\w-]{1,63})*\\.?|\\[[0-9a-f:.]+])"
              + "(:([0-5]?\\d{1,4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]))?([/?#].*)?",
          Pattern.CASE_INSENSITIVE);

  /**
   * The endpoint under a base URL.
   *
   * @param baseUrl up to and including {@code /v1}
   * @throws UnusableException where it is none, or would carry the key in the clear
   */
  public static Endpoint of(String baseUrl, ApiKey key, Map<String, String> env) {
    URI base = parse(baseUrl);
    if (base == null
        || base.getRawQuery() != null
        || base.getRawFragment() != null
        || base.getRawAuthority().contains("@")) {
      throw new UnusableException(
          "base_url: no address such as https://host/v1, without user, query or fragment"
              + (base == null ? ": " + baseUrl.replaceFirst("//[^/]*@", "//…@") : ""));
    }
    String origin = base.getScheme() + "://" + base.getRawAuthority();
    String path = base.getRawPath().replaceFirst("/?$", "/chat/completions");
    URI url = URI.create(origin.toLowerCase(Locale.ROOT) + path);
    boolean tls = url.getScheme().equals("https");
    if (!tls && !isLoopback(host(url)) && !key.isEmpty()) {
      throw new UnusableException(host(url), "plain http would show the key to others. Use https");
    }
    return new Endpoint(
        url,
        key,
        header(env, "OPENAI_ORG_ID"),
        header(env, "OPENAI_PROJECT_ID"),
        tls ? proxy(host(url), env) : null);
  }

  private static @Nullable URI parse(String text) {
    try {
      return URL.matcher(text).matches() ? new URI(text) : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Another address under the same base URL. */
  String beside(String path) {
    return url.toString().replaceFirst("/chat/completions$", path);
  }

  /** The host of the endpoint. */
  public String host() {
    return host(url);
  }

  /** Also where it has an underscore, with which {@link URI#getHost} knows none. */
  static String host(URI url) {
    return authority(url).replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "");
  }

  /** Host and port, without a user and a password. */
  static String authority(URI url) {
    return url.getRawAuthority().replaceFirst(".*@", "");
  }

  /** The headers that say who asks, where there is something to say. */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", key.isEmpty() ? "" : key.authorization());
    headers.put("OpenAI-Organization", organization);
    headers.put("OpenAI-Project", project);
    headers.values().removeIf(String::isEmpty);
    return headers;
  }

  /** What to do about a status, empty where that is not known. */
  public String advice(int status) {
    boolean v1 = url.getRawPath().endsWith("/v1/chat/completions");
    return switch (status) {
      case 301, 302, 303, 307, 308 -> "A redirect is not followed; check base_url";
      case 401 -> key.advice();
      case 404 -> v1 ? "" : "base_url does not end in /v1, as most do";
      default -> "";
    };
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
    return host.matches("localhost|::1|127(\\.\\d+){3}");
  }

  private static @Nullable URI proxy(String host, Map<String, String> env) {
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
    URI url = parse(proxy.contains("://") ? proxy : "http://" + proxy);
    if (url == null || url.getScheme().equalsIgnoreCase("https")) {
      throw new UnusableException("HTTPS_PROXY: no address such as http://host:port");
    }
    return url;
  }

  private static String either(Map<String, String> env, String name) {
    String upper = env.getOrDefault(name, "");
    return upper.isEmpty() ? env.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }
}
