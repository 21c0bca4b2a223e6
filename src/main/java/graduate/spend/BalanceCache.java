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

  /** The cache, empty where it is missing, of another version, or not what was written. */
  Optional<Balance> load() {
    try {
      String file = Files.readString(path);
      byte[] rest = file.replaceFirst("^.*\n", "").getBytes(StandardCharsets.UTF_8);
      JsonNode json = JsonTree.read(rest, Fractions.EXACT);
      boolean whole = file.startsWith(Sha256.of(rest) + "\n");
      return whole && json.path("version").asInt() == VERSION
          ? Optional.of(balance(json))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Balance balance(JsonNode json) {
    Balance balance = new Balance(ZoneId.of(json.at("/balance/zone").asText()));
    balance.first = json.path("first").asText();
    balance.at =
        new Position(
            json.path("start").asLong(),
            json.path("end").asLong(),
            json.path("seq").asLong(),
            json.path("hash").asText());
    BalanceJson.read(json.path("balance"), balance, Instant.EPOCH);
    for (Map.Entry<String, JsonNode> day : json.path("offsets").properties()) {
      balance.offsets.put(LogTime.date(day.getKey()).orElseThrow(), day.getValue().asLong());
    }
    return balance;
  }

  /** Replaces the cache; call it under the log's lock, after the balance's last line is on disk. */
  void save(Balance balance) {
    Path fresh = path.resolveSibling("spend.json.new");
    try {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("version", VERSION);
      json.put("first", balance.first);
      json.put("start", balance.at.start()).put("end", balance.at.end());
      json.put("seq", balance.at.seq()).put("hash", balance.at.hash());
      ObjectNode offsets = json.putObject("offsets");
      balance.offsets.forEach((day, offset) -> offsets.put(day.toString(), offset));
      json.set("balance", BalanceJson.of(balance));
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
