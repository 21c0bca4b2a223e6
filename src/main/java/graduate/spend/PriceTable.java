package graduate.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * The prices that hold at one host. On OpenAI's hosts and on loopback our own table counts, below
 * the user's rows; anywhere else the user's rows alone. OpenAI's regional hosts cost a tenth more.
 */
public final class PriceTable {
  private static final BigDecimal REGIONAL = new BigDecimal("1.1");

  private static final StrictJson TABLE = table();

  private final StrictJson own;
  private final String ownFile;
  private final String host;
  private final boolean atOpenAi;
  private final boolean ours;

  /**
   * The prices at a host.
   *
   * @param own the user's rows, by model
   * @param ownFile where these stand, for messages
   * @throws UnusableException where one of them is no row
   */
  public PriceTable(ObjectNode own, String ownFile, String host, boolean loopback) {
    this.own = new StrictJson(ownFile + ": prices.", own);
    this.ownFile = ownFile;
    this.host = host;
    this.atOpenAi = host.equals("api.openai.com") || host.endsWith(".api.openai.com");
    this.ours = atOpenAi || loopback;
    this.own.keys().forEach(this::row);
  }

  private static StrictJson table() {
    try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
      byte[] json = Objects.requireNonNull(in).readAllBytes();
      return StrictJson.read("prices.json", new String(json, StandardCharsets.UTF_8))
          .object("models");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether service tiers mean anything at the host: they are OpenAI's. */
  boolean hasTiers() {
    return atOpenAi;
  }

  /** Whether the model's row is the user's. */
  public boolean isOwn(String model) {
    return own.has(model);
  }

  /** The model's own row. */
  public Optional<PriceRow> row(String model) {
    StrictJson rows = own.has(model) ? own : TABLE;
    BigDecimal factor = host.endsWith(".api.openai.com") ? REGIONAL : BigDecimal.ONE;
    return rows.has(model) && (ours || isOwn(model))
        ? Optional.of(PriceRow.of(rows.object(model), factor))
        : Optional.empty();
  }

  /**
   * The model's row, which a reservation needs.
   *
   * @throws UnusableException saying what to add where
   */
  public PriceRow require(String model) {
    String problem =
        "no price known%s. Add to %s: \"prices\": {\"%s\": {\"input\": USD, \"output\": USD}} per million tokens%s"
            .formatted(
                ours ? "" : ": at " + host + " only your own prices count",
                ownFile,
                model,
                atOpenAi ? "" : " (0 for a local model)");
    return row(model).orElseThrow(() -> new UnusableException(model, problem));
  }
}
