package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls cost and can cost, worked out by hand; amounts in USD, rates per million tokens. */
class PriceTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Rows of the test's own, so that no change of price changes what is right here. */
  private static final ObjectNode ROWS =
      rows(
          """
          {"plain": {"input": 2, "cached_input": 0.5, "output": 8},
           "plain-2026-01-01": {"input": 3, "cached_input": 0.1, "output": 8},
           "bare": {"input": 4, "output": 10},
           "long": {"input": 0.2, "cached_input": 0.02, "cache_write": 0.25, "output": 1.2,
             "long_context": {"above_input_tokens": 272000,
               "input": 0.4, "cached_input": 0.04, "cache_write": 0.5, "output": 1.8},
             "service_tiers": {
               "flex": {"input": 0.1, "cached_input": 0.01, "cache_write": 0.125, "output": 0.6},
               "priority": {"input": 0.4, "cached_input": 0.04, "cache_write": 0.5,
                 "output": 2.4}}},
           "times": {"input": 2, "cached_input": 0.1, "cache_write": 2.5, "output": 10,
             "long_context": {"above_input_tokens": 272000,
               "input": 4, "cached_input": 0.2, "cache_write": 5, "output": 15},
             "service_tiers": {"flex": {"multiplier": 0.5}, "priority": {"multiplier": 2.5}}},
           "thirds": {"input": 3, "output": 3,
             "long_context": {"above_input_tokens": 10, "input": 4, "output": 4},
             "service_tiers": {"priority": {"input": 1, "output": 1}}},
           "downhill": {"input": 4, "output": 8,
             "long_context": {"above_input_tokens": 10, "input": 1, "output": 2},
             "service_tiers": {"flex": {"multiplier": 0.5}}},
           "halved": {"input": 2, "output": 8,
             "service_tiers": {"batch": {"input": 1, "output": 4}}},
           "free": {"input": 0, "output": 0},
           "free-but": {"input": 0, "output": 0,
             "long_context": {"above_input_tokens": 100, "input": 1, "output": 2},
             "service_tiers": {"priority": {"input": 5, "output": 5}}}}""");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      value = {
        // asked, its tier | answered by, served at | prompt, cached, written, completion | USD
        // 1000 × 2 + 500 × 8 = 6000
        "plain,         plain, default, -, -,        1000, 0, 0, 500,         0.006",
        // (1000 − 400) × 2 + 400 × 0.5 + 500 × 8 = 5400
        "cached,        plain, default, -, -,        1000, 400, 0, 500,       0.0054",
        // 1000 × 0.5 + 500 × 8 = 4500
        "all cached,    plain, default, -, -,        1000, 1000, 0, 500,      0.0045",
        // (2000 − 500 − 1000) × 0.2 + 500 × 0.02 + 1000 × 0.25 + 100 × 1.2 = 480
        "written,       long, default, -, default,   2000, 500, 1000, 100,    0.00048",
        // no cached rate: 4; none for writing: 1.25 × 4: (1000 − 300) × 4 + 100 × 4 + 200 × 5
        // + 10 × 10 = 4300
        "no rates,      bare, default, -, -,         1000, 100, 200, 10,      0.0043",
        // 10 × 0.2 + 16384 × 1.2 = 19662.8, all of it reasoning
        "reasoning,     long, default, -, default,   10, 0, 0, 16384,         0.0196628",
        // three choices of 200: 50 × 2 + 600 × 8 = 4900
        "n = 3,         plain, default, -, -,        50, 0, 0, 600,           0.0049",
        // 1000 × 0.1 + 100 × 0.6 = 160
        "flex,          long, flex, -, flex,         1000, 0, 0, 100,         0.00016",
        // 1000 × 0.2 + 100 × 1.2 = 320
        "flex in vain,  long, flex, -, default,      1000, 0, 0, 100,         0.00032",
        "flex unsaid,   long, flex, -, -,            1000, 0, 0, 100,         0.00032",
        // 1000 × 0.4 + 100 × 2.4 = 640
        "priority,      long, priority, -, priority, 1000, 0, 0, 100,         0.00064",
        "fast,          long, fast, -, fast,         1000, 0, 0, 100,         0.00064",
        "prio. in vain, long, priority, -, default,  1000, 0, 0, 100,         0.00032",
        "auto,          long, auto, -, default,      1000, 0, 0, 100,         0.00032",
        "none asked,    long, -, -, -,               1000, 0, 0, 100,         0.00064",
        "unasked prio., long, default, -, priority,  1000, 0, 0, 100,         0.00064",
        // the snapshot's own row: 1000 × 3 + 500 × 8 = 7000
        "snapshot,      plain, default, plain-2026-01-01, -, 1000, 0, 0, 500, 0.007",
        // all cached: 1000 × 0.5 is dearer than 1000 × 0.1
        "cheaper one,   plain, default, plain-2026-01-01, -, 1000, 1000, 0, 0, 0.0005",
        // 1000 × 4 + 500 × 10 = 9000
        "other model,   plain, default, bare, -,     1000, 0, 0, 500,         0.009",
        "cheaper model, plain, default, long, -,     1000, 0, 0, 500,         0.006",
        "no row of it,  plain, default, plainer, -,  1000, 0, 0, 500,         0.006",
        // 272000 × 0.2 + 100 × 1.2 = 54520
        "at the limit,  long, default, -, default,   272000, 0, 0, 100,       0.05452",
        // 272001 × 0.4 + 100 × 1.8 = 108980.4
        "above it,      long, default, -, default,   272001, 0, 0, 100,       0.1089804",
        // the cached ones count for the limit: 272000 × 0.04 + 1 × 0.4 + 0 = 10880.4
        "above cached, long, default, -, default,   272001, 272000, 0, 0,    0.0108804",
        // flex 0.1 × 0.4/0.2 = 0.2, 0.6 × 1.8/1.2 = 0.9: 272001 × 0.2 + 100 × 0.9 = 54490.2
        "above flex,   long, flex, -, flex,         272001, 0, 0, 100,       0.0544902",
        // priority 0.8 and 3.6: 272001 × 0.8 + 100 × 3.6 = 217960.8
        "above prio.,  long, priority, -, priority, 272001, 0, 0, 100,       0.2179608",
        // half of 2 and 10: 1000 × 1 + 100 × 5 = 1500
        "half,          times, flex, -, flex,        1000, 0, 0, 100,         0.0015",
        // 2.5 times 0.1, 2.5, 2 and 10: 300 × 0.25 + 200 × 6.25 + 500 × 5 + 100 × 25 = 6325
        "2.5 times,     times, priority, -, priority, 1000, 300, 200, 100,    0.006325",
        // half of 4 and 15: 272001 × 2 + 100 × 7.5 = 544752
        "above half,   times, flex, -, flex,        272001, 0, 0, 100,       0.544752",
        "free,          free, default, -, default,   1000, 0, 0, 100,         0",
        // 50 × 5 + 10 × 5 = 300; 101 × 1 + 10 × 2 = 121
        "free but prio, free-but, priority, -, priority, 50, 0, 0, 10,        0.0003",
        "free but long, free-but, default, -, default, 101, 0, 0, 10,         0.000121",
        "one token,     long, default, -, default,   1, 1, 0, 0,              0.00000002",
      })
  void costs(
      String name,
      String model,
      String tier,
      String answeredBy,
      String servedAt,
      long prompt,
      long cached,
      long written,
      long completion,
      BigDecimal usd) {
    Price price = Price.of(table("api.openai.com"), model, tier);
    Usage usage = new Usage(prompt, cached, written, completion);

    assertThat(price.cost(usage, answeredBy, servedAt))
        .hasValueSatisfying(cost -> assertThat(cost.usd()).isEqualByComparingTo(usd));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      value = {
        // 1000 × 2 × 1.1 + 500 × 8 × 1.1 = 6600
        "eu.api.openai.com, plain, -,     -, 1000, 500, 0.0066",
        "us.api.openai.com, plain, -,     -, 1000, 500, 0.0066",
        "api.openai.com,    plain, -,     -, 1000, 500, 0.006",
        "127.0.0.1,         plain, -,     -, 1000, 500, 0.006",
        "api.example.com,   plain, -,     -, 1000, 500, 0.006",
        // the other model's row too: (1000 × 4 + 500 × 10) × 1.1
        "eu.api.openai.com, plain, bare,  -, 1000, 500, 0.0099",
        // long context and a tier: (272001 × 0.2 + 100 × 0.9) × 1.1 = 59939.22
        "eu.api.openai.com, long, -,   flex, 272001, 100, 0.05993922",
        // (101 × 1 + 10 × 2) × 1.1 = 133.1
        "eu.api.openai.com, free-but, - , -, 101, 10, 0.0001331",
      })
  void costsATenthMoreOnARegionalHost(
      String host,
      String model,
      String answeredBy,
      String servedAt,
      long prompt,
      long completion,
      BigDecimal usd) {
    Price price = Price.of(table(host), model, servedAt == null ? "default" : servedAt);

    assertThat(price.cost(new Usage(prompt, 0, 0, completion), answeredBy, servedAt))
        .hasValueSatisfying(cost -> assertThat(cost.usd()).isEqualByComparingTo(usd));
  }

  @ParameterizedTest
  @CsvSource({"long, scale", "long, batch", "long, auto", "plain, flex", "plain, priority"})
  void costsNothingKnownAtATierWithoutAPrice(String model, String servedAt) {
    Price price = Price.of(table("api.openai.com"), model, "default");

    assertThat(price.cost(new Usage(10, 0, 0, 10), null, servedAt)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      value = {
        // the dearest input rate is that of cache writes: 100 × 1.25 × 2 + 50 × 8 = 650
        "plain,        plain, default, 100, 50,    0.00065",
        // 100 × 0.25 + 50 × 1.2 = 85
        "write rate,   long, default, 100, 50,     0.000085",
        // default may serve what was asked for as flex
        "flex,         long, flex, 100, 50,        0.000085",
        // 100 × 0.5 + 50 × 2.4 = 170
        "priority,     long, priority, 100, 50,    0.00017",
        "fast,         long, fast, 100, 50,        0.00017",
        "auto,         long, auto, 100, 50,        0.00017",
        "none,         long, -, 100, 50,           0.00017",
        // 272000 × 0.25 + 50 × 1.2 = 68060; 272001 × 0.5 + 50 × 1.8 = 136090.5
        "at the limit, long, default, 272000, 50,  0.06806",
        "above it,     long, default, 272001, 50,  0.1360905",
        // 100 × 2.5 × 2.5 + 50 × 25 = 1875
        "2.5 times,    times, priority, 100, 50,   0.001875",
        // a bound above the limit may lie below it in truth: 100 × 5 + 50 × 8 = 900
        "downhill,     downhill, default, 100, 50, 0.0009",
        "downhill flex, downhill, flex, 100, 50,   0.0009",
        // three choices of 50 at the most: 100 × 2.5 + 150 × 8 = 1450
        "n = 3,        plain, default, 100, 150,   0.00145",
        "free,         free, default, 100, 50,     0",
      })
  void canCost(String name, String model, String tier, long input, long output, BigDecimal usd) {
    assertThat(Price.of(table("api.openai.com"), model, tier).worst(input, output))
        .isEqualByComparingTo(usd);
    assertThat(Price.of(table("eu.api.openai.com"), model, tier).worst(input, output))
        .isEqualByComparingTo(usd.multiply(new BigDecimal("1.1")));
  }

  @Test
  void neverCostsMoreThanItCan() {
    Random random = new Random(1);
    List<String> models =
        List.of("plain", "bare", "long", "times", "thirds", "downhill", "free", "free-but");
    List<String> tiers = List.of("default", "flex", "priority");
    for (int i = 0; i < 5_000; i++) {
      PriceTable table = table(random.nextBoolean() ? "api.openai.com" : "eu.api.openai.com");
      String model = models.get(random.nextInt(models.size()));
      String tier = tiers.get(random.nextInt(tiers.size()));
      if (table.require(model).at(tier, 0).isEmpty()) {
        continue;
      }
      Price price = Price.of(table, model, tier);
      long bound = 1 + random.nextLong(600_000);
      long prompt = 1 + random.nextLong(bound);
      long cached = random.nextLong(prompt + 1);
      long written = random.nextLong(prompt - cached + 1);
      Usage usage = new Usage(prompt, cached, written, random.nextLong(1_000));
      String served = random.nextBoolean() ? "default" : tier;

      BigDecimal cost = price.cost(usage, model, served).orElseThrow().usd();

      assertThat(cost)
          .as("%s at %s, %s of %d tokens bound", model, served, usage, bound)
          .isLessThanOrEqualTo(price.worst(bound, 1_000));
    }
  }

  @Test
  void roundsUpWhatNoDecimalHolds() {
    // Above the limit 1 × 4/3 for each of 11 tokens: three times as much is 44.
    Price price = Price.of(table("api.openai.com"), "thirds", "priority");
    BigDecimal cost = price.cost(new Usage(11, 11, 0, 0), null, "priority").orElseThrow().usd();

    assertThat(cost.multiply(new BigDecimal(3)))
        .isGreaterThan(new BigDecimal("0.000044"))
        .isLessThan(new BigDecimal("0.00004400000000000001"));
  }

  @Test
  void needsAPriorityPriceWhereTheProjectDecides() {
    assertThatThrownBy(() -> Price.of(table("api.openai.com"), "plain", null))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(
            "plain: no price known for service_tier auto (none is set), which may be priority.");
    assertThatThrownBy(() -> Price.of(table("api.openai.com"), "plain", "auto"))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(
            "plain: no price known for service_tier auto, which may be priority.");
    assertThatThrownBy(() -> Price.of(table("api.openai.com"), "plain", "flex"))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith("plain: no price known for service_tier flex.");
  }

  @Test
  void isLoggedAsTheRatesThatWereReserved() {
    assertThat(Price.of(table("eu.api.openai.com"), "long", "flex").reserved(272_001, 1).json())
        .hasToString(
            "{\"model\":\"long\",\"input\":0.44,\"cached_input\":0.044,\"cache_write\":0.55,"
                + "\"output\":1.98,\"checked\":null}");
  }

  private static PriceTable table(String host) {
    StrictJson rows = new StrictJson("graduate.json: prices.", ROWS);
    return new PriceTable(rows, "graduate.json", host, host.equals("127.0.0.1"));
  }

  private static ObjectNode rows(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // 1000 × 1 + 500 × 4; 1000 × 2 + 500 × 8 where the row has no batch rates, asked or answered
    "halved, halved, default, 0.003",
    "halved, halved, priority, 0.003",
    "plain, plain, default, 0.006",
    "halved, plain, batch, 0.006",
  })
  void aBatchCostsItsRatesWhateverTierIsNamed(
      String model, String answeredBy, String servedAt, BigDecimal usd) {
    Price price = Price.of(table("api.openai.com"), model, "default").batch();

    assertThat(price.cost(new Usage(1000, 0, 0, 500), answeredBy, servedAt))
        .hasValueSatisfying(cost -> assertThat(cost.usd()).isEqualByComparingTo(usd));
    // The dearest input rate is that of a cache write, 1.25 times the input's where none is named.
    assertThat(price.worst(1000, 500))
        .isEqualByComparingTo(model.equals("halved") ? "0.0045" : "0.0065");
  }

  @Test
  void theRatesThatWereUsedSayWhatACallCost() throws Exception {
    Price price = Price.of(table("api.openai.com"), "plain", "default");
    Cost cost = price.cost(new Usage(1000, 0, 0, 500), "bare", null).orElseThrow();
    JsonNode used = Objects.requireNonNull(cost.price());

    assertThat(used.path("model").asText()).isEqualTo("bare");
    BigDecimal again =
        new BigDecimal(1000)
            .multiply(used.path("input").decimalValue())
            .add(new BigDecimal(500).multiply(used.path("output").decimalValue()))
            .movePointLeft(6);
    assertThat(again).isEqualByComparingTo(cost.usd());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"127.0.0.1, -", "127.0.0.1, auto", "api.example.com, x"})
  void tiersMeanNothingElsewhere(String host, String tier) {
    Price price = Price.of(table(host), "plain", tier);

    assertThat(price.cost(new Usage(1000, 0, 0, 500), null, "priority").orElseThrow().usd())
        .isEqualByComparingTo("0.006");
  }
}
