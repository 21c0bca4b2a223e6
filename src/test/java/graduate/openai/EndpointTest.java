package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.text.UnusableException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the key may go, and by which way. */
class EndpointTest {
  private static final ApiKey KEY = ApiKey.of(Map.of("OPENAI_API_KEY", "sk-canary-0123456789"));

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, https://api.openai.com/v1/chat/completions",
    "https://api.openai.com/v1/, https://api.openai.com/v1/chat/completions",
    "https://API.OpenAI.com, https://api.openai.com/chat/completions",
    "https://host/a%20b/v1, https://host/a%20b/v1/chat/completions",
    "http://127.0.0.1:11434/v1, http://127.0.0.1:11434/v1/chat/completions",
    "http://[::1]:8000/v1, http://[::1]:8000/v1/chat/completions",
    "http://localhost/v1, http://localhost/v1/chat/completions",
    "https://a_b:8000/v1, https://a_b:8000/v1/chat/completions",
  })
  void standsUnderTheBaseUrl(String baseUrl, String url) {
    assertThat(Endpoint.of(baseUrl, KEY, Map.of()).url()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api.openai.com/v1",
        "ftp://host/v1",
        "https://",
        "https://host/v1?api-version=1",
        "https://host/v1#x",
        "https://host/a b",
        "https://host/%zz",
        "https://a..b/v1",
        "https://host:65536/v1",
        "https://[zz]/v1",
        "https://bücher.example/v1",
        "https://me:secret@host/v1",
        "https://me:secret@/v1",
        "https://sk-secret@host/v1"
      })
  void refusesWhatIsNoBaseUrlAndShowsNoSecret(String baseUrl) {
    assertThatThrownBy(() -> Endpoint.of(baseUrl, KEY, Map.of()))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith("base_url: no address such as https://host/v1")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host/v1",
        "http://192.168.0.2/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com/v1",
        "http://0.0.0.0/v1"
      })
  void refusesPlainHttpToAnotherMachineWithAKeyAlone(String baseUrl) {
    assertThatThrownBy(() -> Endpoint.of(baseUrl, KEY, Map.of()))
        .isInstanceOf(UnusableException.class)
        .hasMessageEndingWith("plain http would show the key to others. Use https");
    assertThat(Endpoint.of(baseUrl, ApiKey.none(), Map.of()).key().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPENAI_ORG_ID", "OPENAI_PROJECT_ID"})
  void refusesAnIdThatNoHeaderCanHold(String variable) {
    assertThatThrownBy(() -> Endpoint.of("https://host/v1", KEY, Map.of(variable, "org-1\n")))
        .isInstanceOf(UnusableException.class)
        .hasMessage(variable + ": holds a character that can't stand in a header");
    assertThatThrownBy(() -> Endpoint.of("https://host/v1", KEY, Map.of(variable, "ä")))
        .isInstanceOf(UnusableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://proxy:3128, http://proxy:3128",
    "https_proxy, http://proxy:3128, http://proxy:3128",
    "HTTPS_PROXY, proxy:3128, http://proxy:3128",
    "HTTPS_PROXY, http://me:pa%20ss@proxy, http://me:pa%20ss@proxy",
    "HTTP_PROXY, http://proxy:3128,",
    "HTTPS_PROXY, '',",
  })
  void takesTheProxyOfTheEnvironment(String variable, String value, String proxy) {
    URI taken = Endpoint.of("https://host/v1", KEY, Map.of(variable, value)).proxy();
    assertThat(taken == null ? null : taken.toString()).isEqualTo(proxy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://secret@proxy:3128", "socks5://secret@proxy:1080", "http://", ":"})
  void refusesAProxyThatItCannotUseAndShowsNoSecret(String proxy) {
    assertThatThrownBy(() -> Endpoint.of("https://host/v1", KEY, Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(UnusableException.class)
        .hasMessage("HTTPS_PROXY: no address such as http://host:port");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, api.example.com, true",
    "api.example.com, example.com, true",
    "api.example.com, .example.com, true",
    "api.example.com, *.example.com, true",
    "api.example.com, EXAMPLE.com, true",
    "api.example.com, 'other.org, example.com', true",
    "api.example.com, 'other.org example.com', true",
    "api.example.com, *, true",
    "[2001:db8::1], 2001:db8::1, true",
    "api.example.com, '', false",
    "api.example.com, ',', false",
    "api.example.com, ample.com, false",
    "api.example.com, com.example.api, false",
    "api.example.com, example.com.evil.org, false",
    "localhost, other, true",
    "127.0.0.1, other, true",
  })
  void goesPastTheProxyWhereNoProxySaysSo(String host, String noProxy, boolean past) {
    Map<String, String> env = Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", noProxy);
    Map<String, String> lower = Map.of("HTTPS_PROXY", "http://proxy:1", "no_proxy", noProxy);
    assertThat(Endpoint.of("https://" + host + "/v1", KEY, env).proxy() == null).isEqualTo(past);
    assertThat(Endpoint.of("https://" + host + "/v1", KEY, lower).proxy() == null).isEqualTo(past);
  }

  @Test
  void takesNoProxyForPlainHttp() {
    Map<String, String> env = Map.of("HTTPS_PROXY", "http://proxy:1");
    assertThat(Endpoint.of("http://host/v1", ApiKey.none(), env).proxy()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://host/v1 | 404 | ''",
        "https://host/v1/ | 404 | ''",
        "https://host | 404 | base_url does not end in /v1, as most do",
        "https://host/openai | 404 | base_url does not end in /v1, as most do",
        "https://host/v1 | 401 | The key came from OPENAI_API_KEY",
        "https://host/v1 | 308 | A redirect is not followed; check base_url",
        "https://host | 403 | ''",
      })
  void knowsWhatToDoAboutAStatus(String baseUrl, int status, String advice) {
    assertThat(Endpoint.of(baseUrl, KEY, Map.of()).advice(status)).isEqualTo(advice);
  }
}
