package graduate.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.AuditLog;
import graduate.audit.LogTime;
import graduate.audit.Position;
import graduate.audit.Sha256;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * The balance of a log at one of its lines, kept in {@code spend.json} so that a run need not read
 * the whole log. It can always be made again, so no fault on it changes what a run does.
 *
 * <pre>
 * SHA-256 of the rest\n
 * {"version":2,"first":…,"start":…,"end":…,"seq":…,"hash":…,"offsets":{…},"balance":{…}}\n
 * </pre>
 */
final class BalanceCache {
  /** Of the first edition's caches none had one. */
  private static final int VERSION = 2;

  private final Path path;

  BalanceCache(Path path) {
    this.path = path;
  }

  /**
   * What a log's lines come to.
   *
   * @param first hash of the log's first line
   * @param at the line up to which they count
   */
  record Known(String first, Position at, Balance balance) {}

  /** The cache, empty where it is missing, of another version, or not what was written. */
  Optional<Known> load() {
    try {
      String file = Files.readString(path);
      byte[] rest = file.replaceFirst("^.*\n", "").getBytes(StandardCharsets.UTF_8);
      JsonNode json = JsonTree.read(rest, Fractions.EXACT);
      boolean whole = file.startsWith(Sha256.of(rest) + "\n");
      return whole && json.path("version").asInt() == VERSION
          ? Optional.of(known(json))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Known known(JsonNode json) {
    Position at =
        new Position(
            json.path("start").asLong(),
            json.path("end").asLong(),
            json.path("seq").asLong(),
            json.path("hash").asText());
    Balance balance = new Balance(ZoneId.of(json.at("/balance/zone").asText()));
    BalanceJson.read(json.path("balance"), balance, Instant.EPOCH);
    for (Map.Entry<String, JsonNode> day : json.path("offsets").properties()) {
      balance.offsets.put(LogTime.date(day.getKey()).orElseThrow(), day.getValue().asLong());
    }
    return new Known(json.path("first").asText(), at, balance);
  }

  /** Replaces the cache; call it under the log's lock, after the line at {@code at} is on disk. */
  void save(Known known) {
    Path fresh = path.resolveSibling("spend.json.new");
    try {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("version", VERSION);
      json.put("first", known.first());
      json.put("start", known.at().start()).put("end", known.at().end());
      json.put("seq", known.at().seq()).put("hash", known.at().hash());
      ObjectNode offsets = json.putObject("offsets");
      known.balance().offsets.forEach((day, offset) -> offsets.put(day.toString(), offset));
      json.set("balance", BalanceJson.of(known.balance()));
      String rest = new String(JsonTree.bytes(json), StandardCharsets.UTF_8) + "\n";
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, AuditLog.OWNER_ONLY);
      Files.writeString(fresh, Sha256.of(rest.getBytes(StandardCharsets.UTF_8)) + "\n" + rest);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // An old cache is as good as none: the next run reads on from where it stands.
    }
  }
}
