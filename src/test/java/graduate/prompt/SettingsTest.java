package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration as it is read, and the parameters that come of it. */
class SettingsTest {
  private static final String DEFAULTS =
      "{\"model\":\"gpt-5.6-luna\",\"max_completion_tokens\":16384,"
          + "\"service_tier\":\"default\",\"store\":false}";

  @TempDir private Path folder;

  @Test
  void hasDefaultsWhereThereIsNoFile() {
    Settings settings = Settings.read(file(), false, Map.of());

    assertThat(settings.baseUrl()).isEqualTo("https://api.openai.com/v1");
    assertThat(settings.caps())
        .containsExactly(
            new Settings.CapSetting(new BigDecimal("1.00"), "day"),
            new Settings.CapSetting(new BigDecimal("10.00"), "month"));
    assertThat(settings.prices()).isEmpty();
    assertThat(settings.retry()).isEqualTo(2);
    assertThat(settings.maxTime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.zone()).isEqualTo(ZoneId.systemDefault());
  }

  @Test
  void takesEachKeyOfTheFile() throws IOException {
    Settings settings =
        read(
            """
            {"base_url": "http://127.0.0.1:1/v1", "request": {"model": "m"},
             "caps": [{"usd": 0, "per": "call"}, {"usd": 2.5, "per": "total"}],
             "prices": {"m": {"input": 0, "output": 0}}, "retry": 0, "max_time": 90,
             "zone": "Asia/Tokyo"}""");

    assertThat(settings.baseUrl()).isEqualTo("http://127.0.0.1:1/v1");
    assertThat(settings.caps())
        .containsExactly(
            new Settings.CapSetting(BigDecimal.ZERO, "call"),
            new Settings.CapSetting(new BigDecimal("2.5"), "total"));
    assertThat(settings.prices()).hasToString("{\"m\":{\"input\":0,\"output\":0}}");
    assertThat(settings.retry()).isZero();
    assertThat(settings.maxTime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void hasNoCapsOnlyWhereTheListIsEmpty() throws IOException {
    assertThat(read("{\"caps\": []}").caps()).isEmpty();
    assertThat(read("{}").caps()).hasSize(2);
  }

  @Test
  void takesTheBaseUrlOfTheEnvironmentFirst() throws IOException {
    Files.writeString(file(), "{\"base_url\": \"http://file/v1\"}");

    assertThat(Settings.read(file(), false, Map.of("OPENAI_BASE_URL", "http://env/v1")).baseUrl())
        .isEqualTo("http://env/v1");
    assertThat(Settings.read(file(), false, Map.of("OPENAI_BASE_URL", "")).baseUrl())
        .isEqualTo("http://file/v1");
  }

  @Test
  void needsAFileThatWasNamed() {
    assertThatThrownBy(() -> Settings.read(file(), true, Map.of()))
        .isInstanceOf(UnusableException.class)
        .hasMessage(file() + ": no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_tim': 1}|max_tim: no such key; did you mean max_time?",
        "{'temperature': 1}|temperature: no such key",
        "{'': 1}|: no such key",
        "{'retry': 1, 'retry': 1}|line 1: Duplicate field 'retry'",
        "{'request': {'model': 'a', 'model': 'b'}}|line 1: Duplicate field 'model'",
        "{'prices': {'m': {'input': 1, 'input': 1}}}|line 1: Duplicate field 'input'",
        "{'base_url': 1}|base_url: no text: 1",
        "{'base_url': null}|base_url: no text: null",
        "{'request': []}|request: no object: []",
        "{'request': null}|request: no object: null",
        "{'prices': 'm'}|prices: no object: 'm'",
        "{'caps': {}}|caps: no array: {}",
        "{'caps': null}|caps: no array: null",
        "{'caps': [1]}|caps[0]: no object: 1",
        "{'caps': [{'usd': 1, 'per': 'day'}, {'usd': -0.01, 'per': 'day'}]}"
            + "|caps[1].usd: no amount of 0 or more: -0.01",
        "{'caps': [{'usd': '1', 'per': 'day'}]}|caps[0].usd: no amount of 0 or more: '1'",
        "{'caps': [{'usd': 1e999999999, 'per': 'day'}]}|caps[0].usd: no amount of 0 or more: ",
        "{'caps': [{'usd': 1e-999999999, 'per': 'day'}]}|caps[0].usd: no amount of 0 or more: ",
        "{'caps': [{'per': 'day'}]}|caps[0].usd: no amount of 0 or more: ",
        "{'caps': [{'usd': 1}]}|caps[0].per: not call, day, month or total: ",
        "{'caps': [{'usd': 1, 'per': 'week'}]}|caps[0].per: not call, day, month or total: 'week'",
        "{'caps': [{'usd': 1, 'per': 'DAY'}]}|caps[0].per: not call, day, month or total: 'DAY'",
        "{'caps': [{'usd': 1, 'pr': 'day'}]}|pr: no such key; did you mean per?",
        "{'retry': -1}|retry: no number of 0 or more: -1",
        "{'retry': 1.5}|retry: no number of 0 or more: 1.5",
        "{'retry': '2'}|retry: no number of 0 or more: '2'",
        "{'retry': 99999999999}|retry: no number of 0 or more: 99999999999",
        "{'max_time': '0s'}|max_time: no time such as '90s' or '15m', up to '24h': '0s'",
        "{'max_time': '8d'}|max_time: no time such as '90s' or '15m', up to '24h': '8d'",
        "{'max_time': {}}|max_time: no time such as '90s' or '15m', up to '24h': {}",
        "{'zone': 'Berlin'}|zone: no time zone such as 'Europe/Berlin': 'Berlin'",
        "{'zone': 1}|zone: no text: 1",
        "[]|is no JSON object",
        "null|is no JSON object",
        "{} {}|line 1: ",
        "{'retry': 1|line 1: ",
        "{'retry': NaN}|line 1: ",
        "{'retry': 1,}|line 1: ",
        "{// note|line 1: ",
        "{'caps': [{'usd': 1e99999999999}]}|line 1: an exponent that no number can have",
      })
  void refusesWhatItDoesNotKnowAndNamesIt(String json, String problem) throws IOException {
    String text = json.replace('\'', '"');
    boolean parser = problem.startsWith("line");

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(file() + ": " + (parser ? problem : problem.replace('\'', '"')))
        .message()
        .hasLineCount(1);
  }

  @Test
  void namesTheLineOfABadKey() throws IOException {
    assertThatThrownBy(() -> read("{\n\"retry\": 1,\n\"retry\": 2}"))
        .hasMessageStartingWith(file() + ": line 3: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing|{}|{}|{}|DEFAULTS",
        "a flag first|{'model':'a'}|{'model':'b'}|{'model':'c'}|"
            + "{'model':'c','max_completion_tokens':16384,'service_tier':'default','store':false}",
        "then the prompt's own|{'model':'a','seed':1}|{'model':'b'}|{}|"
            + "{'model':'b','max_completion_tokens':16384,'service_tier':'default','store':false,"
            + "'seed':1}",
        "null takes away|{'service_tier':null}|{'store':null}|{'model':null,'x':null}|"
            + "{'max_completion_tokens':16384}",
        "null further up is undone|{'seed':null}|{'seed':2}|{'service_tier':null,'store':null}|"
            + "{'model':'gpt-5.6-luna','max_completion_tokens':16384,'seed':2}",
        "max_tokens for the default|{'max_tokens':5}|{}|{'model':'m'}|"
            + "{'model':'m','service_tier':'default','store':false,'max_tokens':5}",
        "both of the user's own stay|{'max_tokens':5}|{'max_completion_tokens':6}|{'model':'m'}|"
            + "{'model':'m','max_completion_tokens':6,'service_tier':'default','store':false,"
            + "'max_tokens':5}",
        "max_tokens of null|{}|{'max_tokens':null}|{}|DEFAULTS",
        "objects and messages as a whole|"
            + "{'messages':[1,2],'metadata':{'a':1}}|{'messages':[3],'metadata':{'b':null}}|"
            + "{'model':'m','service_tier':null,'store':null}|"
            + "{'model':'m','max_completion_tokens':16384,'messages':[3],'metadata':{'b':null}}",
      })
  void mergesParametersKeyByKey(String name, String file, String own, String flags, String merged)
      throws IOException {
    Settings settings = read("{\"request\": " + file.replace('\'', '"') + "}");
    Files.writeString(folder.resolve("a.request.json"), own.replace('\'', '"'));
    String expected = merged.equals("DEFAULTS") ? DEFAULTS : merged.replace('\'', '"');

    ObjectNode given = (ObjectNode) Settings.parameter(flags.replace('\'', '"'));
    assertThat(settings.parameters(prompt(), given)).hasToString(expected);
  }

  @Test
  void forgetsTheFlagsOfAnEarlierRequest() throws IOException {
    Settings settings = read("{}");
    settings.parameters(prompt(), (ObjectNode) Settings.parameter("{\"model\": \"m\"}"));

    assertThat(settings.parameters(prompt(), none())).hasToString(DEFAULTS);
  }

  @Test
  void keepsEveryDigitOfANumber() throws IOException {
    String numbers = "[1.00,0.10,1E+400,12345678901234567890123,0.1234567890123456789,-1]";
    Settings settings = read("{\"request\": {\"logit_bias\": " + numbers + "}}");

    assertThat(settings.parameters(prompt(), none()).get("logit_bias")).hasToString(numbers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"a\":1,\"a\":2}", "{\"a\":1} x"})
  void refusesParametersThatAreNoObject(String own) throws IOException {
    Path beside = Files.writeString(folder.resolve("a.request.json"), own);
    Settings settings = read("{}");

    assertThatThrownBy(() -> settings.parameters(prompt(), none()))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(beside + ": ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "1.00|1.00",
        "true|true",
        "null|null",
        "\"a\"|\"a\"",
        "{\"a\":1}|{\"a\":1}",
        "gpt-4o|\"gpt-4o\"",
        "1 2|\"1 2\"",
        "007|\"007\"",
        "1e99999999999|\"1e99999999999\"",
        "NaN|\"NaN\"",
        "^^|\"\"",
        "{\"a\":|\"{\\\"a\\\":\"",
      })
  void takesAParameterAsJsonElseAsText(String value, String json) {
    JsonNode parameter = Settings.parameter(value);
    assertThat(parameter).hasToString(json);
  }

  private Path file() {
    return folder.resolve("graduate.json");
  }

  private Settings read(String json) throws IOException {
    Files.writeString(file(), json);
    return Settings.read(file(), false, Map.of());
  }

  private Prompt prompt() throws IOException {
    return Prompt.read(Files.writeString(folder.resolve("a.md"), "Hello"));
  }

  private static ObjectNode none() {
    return JsonNodeFactory.instance.objectNode();
  }
}
