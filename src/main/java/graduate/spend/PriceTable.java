package graduate.spend;

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
 *
 * @param own the user's rows, by model
 * @param ownFile where these stand, for messages
 */
public record PriceTable(StrictJson own, String ownFile, String host, boolean loopback) {
  private static final BigDecimal REGIONAL = new BigDecimal("1.1");
  private static final StrictJson OURS = ours();

  /**
   * Checks the user's rows.
   *
   * @throws UnusableException where one of them is no row
   */
  public PriceTable {
    own.keys().forEach(model -> new PriceRow(model, own.object(model), REGIONAL).check());
  }

  private static StrictJson ours() {
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
    return host.equals("api.openai.com") || host.endsWith(".api.openai.com");
  }

  /** Whether our own rows hold at the host. */
  private boolean hasOurs() {
    return hasTiers() || loopback;
  }

  /** Whether the model's row is the user's. */
  public boolean isOwn(String model) {
    return own.has(model);
  }

  /** The model's own row. */
  public Optional<PriceRow> row(String model) {
    StrictJson rows = isOwn(model) || !hasOurs() ? own : OURS;
    BigDecimal factor = host.endsWith(".api.openai.com") ? REGIONAL : BigDecimal.ONE;
    return rows.has(model)
        ? Optional.of(new PriceRow(model, rows.object(model), factor))
        : Optional.empty();
  }

  /**
   * The model's row, which a reservation needs.
   *
   * @throws UnusableException saying what to add where
   */
  public PriceRow require(String model) {
    return row(model)
        .orElseThrow(
            () ->
                new UnusableException(
                    model,
                    "no price known"
                        + (hasOurs() ? "" : ": at " + host + " only your own prices count")
                        + (". Add to " + ownFile + ": \"prices\": {\"" + model)
                        + "\": {\"input\": USD, \"output\": USD}} per million tokens"
                        + (hasTiers() ? "" : " (0 for a local model)")));
  }
}
