package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The price resource: what each row must hold. */
class PricesResourceTest {
  private static final List<String> RATES =
      List.of("input", "cached_input", "cache_write", "output");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  @ParameterizedTest
  @MethodSource("rows")
  void hasInputOutputAndTheDateItWasChecked(String model, JsonNode row) {
    assertThat(keys(row))
        .contains("input", "output", "checked")
        .isSubsetOf(
            "input",
            "cached_input",
            "cache_write",
            "output",
            "long_context",
            "service_tiers",
            "shut_down",
            "checked");
    LocalDate checked = LocalDate.parse(row.get("checked").textValue());
    if (row.has("shut_down")) {
      assertThat(LocalDate.parse(row.get("shut_down").textValue())).isAfter(checked);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isReadAsItStands(String model, JsonNode row) {
    ObjectNode none = JsonNodeFactory.instance.objectNode();
    PriceTable table =
        new PriceTable(new StrictJson("", none), "graduate.json", "api.openai.com", false);
    PriceRow read = table.require(model);
    read.check();
    Rates rates = read.at("default", 1).orElseThrow();

    assertThat(rates.usd("input")).isEqualByComparingTo(usd(row, "input"));
    assertThat(rates.usd("output")).isEqualByComparingTo(usd(row, "output"));
    assertThat(rates.json().get("checked")).isEqualTo(row.get("checked"));
    assertThat(keys(row.path("service_tiers")))
        .allSatisfy(tier -> assertThat(read.at(tier, 1)).isPresent());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void cachedInputIsNoDearerAndCacheWritesNoCheaperThanInput(String model, JsonNode row) {
    Stream.concat(Stream.of(row, row.path("long_context")), row.path("service_tiers").valueStream())
        .filter(rates -> rates.has("input"))
        .forEach(
            rates -> {
              assertThat(RATES.stream().filter(rates::has))
                  .allSatisfy(rate -> assertThat(usd(rates, rate)).isPositive());
              if (rates.has("cached_input")) {
                assertThat(usd(rates, "cached_input")).isLessThanOrEqualTo(usd(rates, "input"));
              }
              if (rates.has("cache_write")) {
                assertThat(usd(rates, "cache_write")).isGreaterThanOrEqualTo(usd(rates, "input"));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("rows")
  void longContextNamesItsLimitAndIsDearerAtEveryRate(String model, JsonNode row) {
    if (row.has("long_context")) {
      JsonNode above = row.get("long_context");
      assertThat(above.path("above_input_tokens").isInt()).isTrue();
      assertThat(above.get("above_input_tokens").intValue()).isPositive();
      assertThat(ratesOf(above))
          .isEqualTo(ratesOf(row))
          .allSatisfy(rate -> assertThat(usd(above, rate)).isGreaterThan(usd(row, rate)));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void tierIsOneMultiplierOrEveryRateOfItsRow(String model, JsonNode row) {
    JsonNode tiers = row.path("service_tiers");
    assertThat(keys(tiers)).isSubsetOf("batch", "flex", "priority");
    tiers.forEach(
        tier -> {
          if (tier.has("multiplier")) {
            assertThat(keys(tier)).containsExactly("multiplier");
            assertThat(usd(tier, "multiplier")).isPositive();
          } else if (tier.equals(tiers.get("batch"))) {
            assertThat(keys(tier)).containsExactly("input", "output");
            assertThat(usd(tier, "input")).isLessThan(usd(row, "input"));
            assertThat(usd(tier, "output")).isLessThan(usd(row, "output"));
          } else {
            assertThat(keys(tier)).isEqualTo(ratesOf(row));
          }
        });
  }

  private static Stream<Arguments> rows() throws IOException {
    return resource().properties().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  private static ObjectNode resource() throws IOException {
    try (InputStream in = PricesResourceTest.class.getResourceAsStream("prices.json")) {
      return (ObjectNode) MAPPER.readTree(Objects.requireNonNull(in)).get("models");
    }
  }

  private static List<String> keys(JsonNode object) {
    return object.propertyStream().map(property -> property.getKey()).toList();
  }

  private static List<String> ratesOf(JsonNode object) {
    return RATES.stream().filter(object::has).toList();
  }

  private static BigDecimal usd(JsonNode rates, String rate) {
    assertThat(rates.get(rate).isNumber()).as(rate).isTrue();
    return rates.get(rate).decimalValue();
  }
}
