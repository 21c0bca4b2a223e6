package graduate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jackson's own mapper says what a tree is and how it is written. */
class JsonTreeTest {
  private static final JsonMapper EXACT =
      JsonMapper.builder(JsonTree.FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final JsonMapper DOUBLE = new JsonMapper(JsonTree.FACTORY);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " null ",
        "true",
        "\"\"",
        "{\"a\":{\"b\":[[],{},[1,[2]],false,null]},\"c\":\"d\",\"\":0}",
        "{\"a\":1,\"a\":{\"b\":2}}",
        "[0,-0,2147483647,2147483648,-9223372036854775808,9223372036854775808,1.50,-0.0,1e3,1E-400]",
        "[\"\\u0000\\\"\\\\\\/\\ud83d\\ude00é\\ud83d\",\"\uD83D\uDE00\"]",
      })
  void readsAndWritesAsTheMapperDoes(String json) throws IOException {
    JsonNode exact = read(json, Fractions.EXACT);
    JsonNode rounded = read(json, Fractions.DOUBLE);

    assertThat(exact).isEqualTo(EXACT.readTree(json));
    assertThat(rounded).isEqualTo(DOUBLE.readTree(json));
    assertThat(JsonTree.bytes(exact)).isEqualTo(EXACT.writeValueAsBytes(exact));
    assertThat(JsonTree.bytes(rounded)).isEqualTo(DOUBLE.writeValueAsBytes(rounded));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n"})
  void whereThereIsNothingANodeIsMissing(String json) throws IOException {
    assertThat(read(json, Fractions.EXACT).isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[", "[1,]", "{\"a\"}", "{\"a\":1", "nul", "]", "[1 2]", "{\"a\":}"})
  void refusesWhatIsNoJson(String json) {
    assertThatThrownBy(() -> read(json, Fractions.EXACT)).isInstanceOf(JsonParseException.class);
    assertThatThrownBy(() -> read(json, Fractions.DOUBLE)).isInstanceOf(JsonParseException.class);
  }

  @ParameterizedTest
  @CsvSource({"1e99999999999, Infinity", "-1e99999999999, -Infinity", "1e-99999999999, 0"})
  void anExponentThatNoNumberCanHave(String json, double rounded) throws IOException {
    assertThatThrownBy(() -> read(json, Fractions.EXACT))
        .isInstanceOf(JsonParseException.class)
        .hasMessageContaining("an exponent that no number can have");
    assertThat(read(json, Fractions.DOUBLE).doubleValue()).isEqualTo(rounded);
  }

  private static JsonNode read(String json, Fractions fractions) throws IOException {
    return JsonTree.read(json.getBytes(UTF_8), fractions);
  }
}
