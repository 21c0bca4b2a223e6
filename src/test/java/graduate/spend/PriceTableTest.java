package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which prices hold where, and which rows of the user's are refused. */
class PriceTableTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @ParameterizedTest
  @ValueSource(strings = {"api.openai.com", "eu.api.openai.com", "ae.api.openai.com"})
  void hasOurRowsAtOpenAi(String host) throws IOException {
    assertThat(table("{}", host, false).row("gpt-4o")).isPresent();
  }

  @Test
  void hasOurRowsOnLoopback() throws IOException {
    assertThat(table("{}", "127.0.0.1", true).row("gpt-4o")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"api.example.com", "openai.com", "notapi.openai.com", "api.openai.com.evil.org"})
  void hasTheUsersRowsAloneElsewhere(String host) throws IOException {
    PriceTable table = table("{'mine': {'input': 1, 'output': 2}}", host, false);

    assertThat(table.row("mine")).isPresent();
    assertThat(table.row("gpt-4o")).isEmpty();
    assertThatThrownBy(() -> table.require("gpt-4o"))
        .isInstanceOf(UnusableException.class)
        .hasMessage(
            "gpt-4o: no price known: at "
                + host
                + " only your own prices count. Add to graduate.json: \"prices\": {\"gpt-4o\":"
                + " {\"input\": USD, \"output\": USD}} per million tokens (0 for a local model)");
  }

  @Test
  void asksForARowAloneOnLoopback() {
    assertThatThrownBy(() -> table("{}", "127.0.0.1", true).require("llama3.2"))
        .hasMessage(
            "llama3.2: no price known. Add to graduate.json: \"prices\": {\"llama3.2\": {\"input\":"
                + " USD, \"output\": USD}} per million tokens (0 for a local model)");
  }

  @Test
  void batchRatesThatAreMissingAreNoCheaperThanTheStandardOnes() throws IOException {
    String rows =
        """
        {'half': {'input': 2, 'cached_input': 0.5, 'output': 8,
           'service_tiers': {'batch': {'input': 1, 'output': 4}}},
         'dear': {'input': 2, 'cached_input': 0.5, 'output': 8,
           'service_tiers': {'batch': {'input': 5}}},
         'bare': {'input': 2, 'output': 8, 'service_tiers': {'batch': {'input': 1, 'output': 4}}},
         'times': {'input': 2, 'output': 8, 'service_tiers': {'batch': {'multiplier': 0.5}}}}""";
    PriceTable table = table(rows, "us.api.openai.com", false);

    assertThat(batch(table, "half")).isEqualTo("1.1 1.1 2.75 4.4");
    assertThat(batch(table, "dear")).isEqualTo("5.5 5.5 5.5 8.8");
    assertThat(batch(table, "bare")).isEqualTo("1.1 2.2 2.75 4.4");
    assertThat(batch(table, "times")).isEqualTo("1.1 1.1 1.375 4.4");
  }

  private static String batch(PriceTable table, String model) {
    Rates rates = table.require(model).at("batch", 1).orElseThrow();
    return Stream.of("input", "cached_input", "cache_write", "output")
        .map(rates::usd)
        .map(rate -> rate.stripTrailingZeros().toPlainString())
        .collect(Collectors.joining(" "));
  }

  @Test
  void takesAUsersRowForAllOfOurs() throws IOException {
    PriceTable table =
        table("{'gpt-5.6-luna': {'input': 1, 'output': 2}}", "api.openai.com", false);
    Rates rates = Price.of(table, "gpt-5.6-luna", "default").reserved(300_000, 1);

    // Neither our cheaper cached rate nor our long context nor our tiers.
    assertThat(rates.usd("input")).isEqualByComparingTo("1");
    assertThat(rates.usd("cached_input")).isEqualByComparingTo("1");
    assertThat(rates.usd("cache_write")).isEqualByComparingTo("1.25");
    assertThat(rates.usd("output")).isEqualByComparingTo("2");
    assertThat(table.row("gpt-5.6-luna").orElseThrow().at("flex", 1)).isEmpty();
    assertThat(table.row("gpt-5.6").orElseThrow().at("flex", 1)).isPresent();
  }

  @Test
  void readsWhatElseARowSays() throws IOException {
    String json =
        "{'m': {'input': 1, 'output': 2, 'shut_down': '2026-12-11', 'checked': '2026-08-01'}}";
    PriceRow row = table(json, "api.openai.com", false).require("m");

    assertThat(row.shutDown()).contains(LocalDate.parse("2026-12-11"));
    assertThat(row.at("default", 1).orElseThrow().json().path("checked").asText())
        .isEqualTo("2026-08-01");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|: must be an object, not 1",
        "null|: must be an object, not null",
        "{'input': 1}|output: is missing",
        "{'output': 1}|input: is missing",
        "{'input': -1, 'output': 1}|input: must be an amount, 0 or more, not -1",
        "{'input': '1', 'output': 1}|input: must be an amount, 0 or more, not '1'",
        "{'input': null, 'output': 1}|input: must be an amount, 0 or more, not null",
        "{'input': 1e999999999, 'output': 1}|input: must be an amount, 0 or more, not 1E+999999999",
        "{'input': 1, 'output': 1e-999999999}|output: must be an amount, 0 or more, not 1E-999999999",
        "{'input': 1, 'output': 1, 'cached_input': null}|cached_input: must be an amount, 0 or more, not null",
        "{'input': 1, 'output': 1, 'cache_write': -0.1}|cache_write: must be an amount, 0 or more, not -0.1",
        "{'input': 1, 'outputs': 1}|outputs: no such key; known: cache_write, cached_input, checked,"
            + " input, long_context, output, service_tiers, shut_down",
        "{'input': 1, 'output': 1, 'multiplier': 1}|multiplier: no such key",
        "{'input': 1, 'output': 1, 'long_context': {'input': 1, 'output': 1}}"
            + "|long_context.above_input_tokens: is missing",
        "{'input': 1, 'output': 1, 'long_context': {'above_input_tokens': 5, 'input': 1}}"
            + "|long_context.output: is missing",
        "{'input': 1, 'output': 1, 'long_context': null}|long_context: must be an object, not null",
        "{'input': 1, 'output': 1, 'long_context': {'above_input_tokens': 5, 'input': 2,"
            + " 'cached': 1, 'output': 2}}|long_context.cached: no such key; known:"
            + " above_input_tokens, cache_write, cached_input, input, output",
        "{'input': 1, 'output': 1, 'service_tiers': []}|service_tiers: must be an object, not []",
        "{'input': 1, 'output': 1, 'service_tiers': {'flex': 0.5}}"
            + "|service_tiers.flex: must be an object, not 0.5",
        "{'input': 1, 'output': 1, 'service_tiers': {'default': {'input': 2, 'output': 2}}}"
            + "|service_tiers.default: is the row itself",
        "{'input': 1, 'output': 1, 'service_tiers': {'flex': {'input': 1}}}"
            + "|service_tiers.flex.output: is missing",
        "{'input': 0, 'output': 0, 'service_tiers': {'flex': {'input': 1}}}"
            + "|service_tiers.flex.output: is missing",
        "{'input': 1, 'output': 1, 'service_tiers': {'flex': {'multiplier': -1}}}"
            + "|service_tiers.flex.multiplier: must be an amount, 0 or more, not -1",
        "{'input': 1, 'output': 1, 'service_tiers': {'priority': {'input': 2, 'output': 2,"
            + " 'cached': 1}}}|service_tiers.priority.cached: no such key; known: cache_write,"
            + " cached_input, input, multiplier, output",
        "{'input': 1, 'output': 1, 'shut_down': 'soon'}|shut_down: must be a date such as '2027-01-14', not 'soon'",
      })
  void refusesARowThatItDoesNotUnderstandAndNamesTheKey(String row, String problem) {
    assertThatThrownBy(() -> table("{'m': " + row + "}", "api.example.com", false))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(
            "graduate.json: prices.m"
                + (problem.startsWith(":") ? "" : ".")
                + problem.replace('\'', '"'));
  }

  private static PriceTable table(String json, String host, boolean loopback) throws IOException {
    ObjectNode own = (ObjectNode) MAPPER.readTree(json.replace('\'', '"'));
    StrictJson rows = new StrictJson("graduate.json: prices.", own);
    return new PriceTable(rows, "graduate.json", host, loopback);
  }
}
