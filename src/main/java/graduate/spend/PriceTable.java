package graduate.spend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The prices that hold at one host. On OpenAI's hosts and on loopback our own table counts, below
 * the user's rows; anywhere else the user's rows alone. OpenAI's regional hosts cost a tenth more.
 */
public final class PriceTable {
  private static final BigDecimal REGIONAL = new BigDecimal("1.1");

  private final ObjectNode own;
  private final String ownFile;
  private final boolean atOpenAi;
  private final boolean ours;
  private final BigDecimal factor;
  private @Nullable JsonNode table;

  /**
   * The prices at a host.
   *
   * @param own the user's rows, by model
   * @param ownFile where these stand, for messages
   * @throws PriceException where one of them is no row
   */
  public PriceTable(ObjectNode own, String ownFile, String host, boolean loopback) {
    this.own = own;
    this.ownFile = ownFile;
    this.atOpenAi = host.equals("api.openai.com") || host.endsWith(".api.openai.com");
    this.ours = atOpenAi || loopback;
    this.factor = host.endsWith(".api.openai.com") ? REGIONAL : BigDecimal.ONE;
    own.properties().forEach(row -> ownRow(row.getKey(), row.getValue()));
  }

  /** Whether the host is OpenAI's. */
  boolean isAtOpenAi() {
    return atOpenAi;
  }

  /** The model's own row. */
  public Optional<PriceRow> row(String model) {
    JsonNode row = own.path(model);
    if (row.isObject()) {
      return Optional.of(ownRow(model, row).scaled(factor));
    }
    JsonNode known = ours ? table().path(model) : own.path(model);
    return known.isObject()
        ? Optional.of(PriceRow.of("prices.json: " + model, known).scaled(factor))
        : Optional.empty();
  }

  /**
   * The model's row, which a reservation needs.
   *
   * @throws PriceException saying what to add where
   */
  public PriceRow require(String model) {
    return row(model)
        .orElseThrow(
            () ->
                new PriceException(
                    model
                        + ": no price known. Add to "
                        + ownFile
                        + ": \"prices\": {\""
                        + model
                        + "\": {\"input\": USD, \"output\": USD}} per million tokens (0 for a local"
                        + " model)"));
  }

  private PriceRow ownRow(String model, JsonNode row) {
    return PriceRow.of(ownFile + ": prices." + model, row);
  }

  private JsonNode table() {
    if (table == null) {
      try (InputStream in = PriceTable.class.getResourceAsStream("prices.json");
          JsonParser parser = new JsonFactory().createParser(Objects.requireNonNull(in))) {
        table = JsonTree.read(parser, Fractions.EXACT).path("models");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return table;
  }
}
