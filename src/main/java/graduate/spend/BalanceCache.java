package graduate.spend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.Position;
import graduate.audit.Sha256;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a log at one of its lines, kept in {@code spend.json} so that a run need not read
 * the whole log. It can always be made again, so no fault on it changes what a run does.
 *
 * <pre>
 * {"sha256": of this file with 64 zeros here, "first":…, "start":…, "end":…, "seq":…, "hash":…,
 * "balance": {…}}</pre>
 */
final class BalanceCache {
  private static final String PREFIX = "{\"sha256\":\"";
  private static final String ZEROS = "0".repeat(64);
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Path path;
  private @Nullable Taken taken;

  BalanceCache(Path path) {
    this.path = path;
  }

  /**
   * What the file holds.
   *
   * @param first hash of the log's first line
   * @param at the line up to which it counts
   * @param zone whose days it counts by
   */
  record Cached(String first, Position at, ZoneId zone, JsonNode json) {
    /** A balance of its own to go on with. */
    Balance balance() {
      Balance balance = new Balance(zone);
      balance.read(json, true, Instant.EPOCH);
      return balance;
    }
  }

  /** What this process read or wrote last, which it need not take apart again. */
  private record Taken(byte[] file, Cached cached) {}

  /** The cache, empty where it is missing or not what was written. */
  synchronized Optional<Cached> load() {
    try {
      byte[] file = Files.readAllBytes(path);
      if (taken != null && Arrays.equals(file, taken.file())) {
        return Optional.of(taken.cached());
      }
      byte[] zeroed = file.clone();
      stamp(zeroed, ZEROS);
      String sum = Sha256.of(zeroed);
      stamp(zeroed, sum);
      if (!Arrays.equals(zeroed, file)) {
        return Optional.empty();
      }
      taken = new Taken(file, cached(tree(file)));
      return Optional.of(taken.cached());
    } catch (IOException | DateTimeException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static JsonNode tree(byte[] file) throws IOException {
    try (JsonParser parser = FACTORY.createParser(file)) {
      return JsonTree.read(parser, Fractions.EXACT);
    }
  }

  private static Cached cached(JsonNode json) {
    Position at =
        new Position(
            json.path("start").asLong(),
            json.path("end").asLong(),
            json.path("seq").asLong(),
            json.path("hash").asText());
    JsonNode balance = json.path("balance");
    ZoneId zone = ZoneId.of(balance.path("zone").asText());
    return new Cached(json.path("first").asText(), at, zone, balance);
  }

  /** Begins {@code file} as one of this sum begins. */
  private static void stamp(byte[] file, String sum) {
    byte[] start = (PREFIX + sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, file, 0, start.length);
  }

  /** Replaces the cache; call it under the log's lock, after the line at {@code at} is on disk. */
  synchronized void save(String first, Position at, Balance balance) {
    Path fresh = path.resolveSibling("spend.json.new");
    try {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("sha256", ZEROS);
      json.put("first", first);
      json.put("start", at.start()).put("end", at.end());
      json.put("seq", at.seq()).put("hash", at.hash());
      json.set("balance", balance.json());
      byte[] file = JsonTree.bytes(json, FACTORY);
      stamp(file, Sha256.of(file));
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, file);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      taken = new Taken(file, cached(json));
    } catch (IOException e) {
      // An old cache is as good as none: the next run reads on from where it stands.
    }
  }
}
