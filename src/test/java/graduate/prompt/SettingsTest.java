package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
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
        .extracting(cap -> cap.json().toString())
        .containsExactly("{\"usd\":1.00,\"per\":\"day\"}", "{\"usd\":10.00,\"per\":\"month\"}");
    assertThat(settings.prices().keys()).isEmpty();
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
        .extracting(cap -> cap.json().toString())
        .containsExactly("{\"usd\":0,\"per\":\"call\"}", "{\"usd\":2.5,\"per\":\"total\"}");
    assertThat(settings.prices().json()).hasToString("{\"m\":{\"input\":0,\"output\":0}}");
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
        .hasMessage(file() + ": no such file or folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_tim': 1}|max_tim: no such key; known: "
            + "base_url, caps, max_time, prices, request, retry, zone",
        "{'temperature': 1}|temperature: no such key",
        "{'': 1}|: no such key",
        "{'retry': 1, 'retry': 1}|line 1: Duplicate field 'retry'",
        "{'request': {'model': 'a', 'model': 'b'}}|line 1: Duplicate field 'model'",
        "{'prices': {'m': {'input': 1, 'input': 1}}}|line 1: Duplicate field 'input'",
        "{'base_url': 1}|base_url: must be a text, not 1",
        "{'base_url': null}|base_url: must be a text, not null",
        "{'request': []}|request: must be an object, not []",
        "{'request': null}|request: must be an object, not null",
        "{'prices': 'm'}|prices: must be an object, not 'm'",
        "{'caps': {}}|caps: must be an array, not {}",
        "{'caps': null}|caps: must be an array, not null",
        "{'caps': [1]}|caps[0]: must be an object, not 1",
        "{'retry': -1}|retry: must be a whole number, 0 or more, not -1",
        "{'retry': 1.5}|retry: must be a whole number, 0 or more, not 1.5",
        "{'retry': '2'}|retry: must be a whole number, 0 or more, not '2'",
        "{'retry': 99999999999}|retry: must be a whole number, 0 or more, not 99999999999",
        "{'max_time': '0s'}|max_time: must be a time such as '90s' or '15m', up to"
            + " '24h', not '0s'",
        "{'max_time': '8d'}|max_time: must be a time such as '90s' or '15m', up to"
            + " '24h', not '8d'",
        "{'max_time': {}}|max_time: must be a time such as '90s' or '15m', up to"
            + " '24h', not {}",
        "{'zone': 'Berlin'}|zone: must be a time zone such as 'Europe/Berlin', not 'Berlin'",
        "{'zone': 1}|zone: must be a text, not 1",
        "[]|is no JSON object",
        "null|is no JSON object",
        "{} {}|line 1: ",
        "{'retry': 1|line 1: ends before a bracket or a quote is closed",
        "{'retry': NaN}|line 1: ",
        "{'retry': 1,}|line 1: Unexpected character '}' here",
        "{// note|line 1: Unexpected character '/' here",
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
        "a nearer max_tokens|{'max_completion_tokens':6}|{}|{'max_tokens':5,'store':null}|"
            + "{'model':'gpt-5.6-luna','service_tier':'default','max_tokens':5}",
        "a nearer max_completion_tokens|{'max_tokens':5}|{'max_completion_tokens':6}|"
            + "{'model':'m','store':null}|"
            + "{'model':'m','service_tier':'default','max_completion_tokens':6}",
        "the nearest of three|{'max_tokens':5}|{'max_completion_tokens':6}|{'max_tokens':7,"
            + "'store':null}|{'model':'gpt-5.6-luna','service_tier':'default','max_tokens':7}",
        "null for the other|{'max_completion_tokens':null,'max_tokens':5}|{'store':null}|{}|"
            + "{'model':'gpt-5.6-luna','service_tier':'default','max_tokens':5}",
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

    ObjectNode given = (ObjectNode) StrictJson.value(flags.replace('\'', '"'));
    assertThat(settings.parameters(prompt(), given)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_tokens':5,'max_completion_tokens':6}|{}|{}|graduate.json: request.max_completion_",
        "{}|{'max_tokens':5,'max_completion_tokens':6}|{}|a.request.json: max_completion_",
        "{}|{}|{'max_tokens':5,'max_completion_tokens':6}|-p max_completion_",
      })
  void refusesBothLimitsInOnePlaceAndNamesIt(String file, String own, String flags, String place)
      throws IOException {
    Settings settings = read("{\"request\": " + file.replace('\'', '"') + "}");
    Files.writeString(folder.resolve("a.request.json"), own.replace('\'', '"'));
    Prompt prompt = prompt();

    ObjectNode given = (ObjectNode) StrictJson.value(flags.replace('\'', '"'));
    assertThatThrownBy(() -> settings.parameters(prompt, given))
        .isInstanceOf(UnusableException.class)
        .hasMessageEndingWith(place + "tokens: only one of it and max_tokens may be set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "\"x\"", "1"})
  void namesTheFileWhoseMessagesAreNoArray(String messages) throws IOException {
    String json = "{\"messages\": " + messages + "}";
    Settings wrong = read("{\"request\": " + json + "}");
    assertThatThrownBy(() -> wrong.parameters(prompt(), none()))
        .isInstanceOf(UnusableException.class)
        .hasMessage(file() + ": request.messages: must be an array, not " + messages);
    Path own = Files.writeString(folder.resolve("a.request.json"), json);
    Settings right = read("{}");
    assertThatThrownBy(() -> right.parameters(prompt(), none()))
        .hasMessage(own + ": messages: must be an array, not " + messages);
  }

  @Test
  void forgetsTheFlagsOfAnEarlierRequest() throws IOException {
    Settings settings = read("{}");
    settings.parameters(prompt(), (ObjectNode) StrictJson.value("{\"model\": \"m\"}"));

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
    JsonNode parameter = StrictJson.value(value);
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
