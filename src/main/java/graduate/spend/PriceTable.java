package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
  private @Nullable String table;

  /**
   * The prices at a host.
   *
   * @param own the user's rows, by model
   * @param ownFile where these stand, for messages
   * @throws UnusableException where one of them is no row
   */
  public PriceTable(ObjectNode own, String ownFile, String host, boolean loopback) {
    this.own = own;
    this.ownFile = ownFile;
    this.atOpenAi = host.equals("api.openai.com") || host.endsWith(".api.openai.com");
    this.ours = atOpenAi || loopback;
    this.factor = host.endsWith(".api.openai.com") ? REGIONAL : BigDecimal.ONE;
    for (Map.Entry<String, JsonNode> row : own.properties()) {
      ownRow(row.getKey(), row.getValue());
    }
  }

  /** Whether service tiers mean anything at the host: they are OpenAI's. */
  boolean hasTiers() {
    return atOpenAi;
  }

  /** Whether the model's row is the user's. */
  public boolean isOwn(String model) {
    return own.path(model).isObject();
  }

  /** The model's own row. */
  public Optional<PriceRow> row(String model) {
    JsonNode row = own.path(model);
    if (row.isObject()) {
      return Optional.of(ownRow(model, row).scaled(factor));
    }
    Optional<JsonNode> known = ours ? known(model) : Optional.empty();
    return known.isPresent()
        ? Optional.of(PriceRow.of("prices.json: " + model, known.get()).scaled(factor))
        : Optional.empty();
  }

  /**
   * The model's row, which a reservation needs.
   *
   * @throws UnusableException saying what to add where
   */
  public PriceRow require(String model) {
    Optional<PriceRow> row = row(model);
    if (row.isEmpty()) {
      throw new UnusableException(
          model
              + ": no price known. Add to "
              + ownFile
              + ": \"prices\": {\""
              + model
              + "\": {\"input\": USD, \"output\": USD}} per million tokens (0 for a local model)");
    }
    return row.get();
  }

  private PriceRow ownRow(String model, JsonNode row) {
    return PriceRow.of(ownFile + ": prices." + model, row);
  }

  /** Our own row. Each has a line of its own, so that a run need not take all of them apart. */
  private Optional<JsonNode> known(String model) {
    String start = "\n    \"" + model + "\": ";
    String table = table();
    int at = table.indexOf(start);
    if (at < 0) {
      return Optional.empty();
    }
    String row = table.substring(at + start.length(), table.indexOf('\n', at + 1));
    try {
      return Optional.of(JsonTree.read(row.getBytes(StandardCharsets.UTF_8), Fractions.EXACT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String table() {
    if (table != null) {
      return table;
    }
    try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
      table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
