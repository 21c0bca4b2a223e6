package graduate.spend;

import graduate.audit.LineReader;
import graduate.audit.LogLine;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;

/** What can still be known of a damaged log. */
final class Salvage {
  private Salvage() {}

  /** The greater of what the lines that parse and the cache say, amount by amount. */
  static Balance of(Path log, Optional<Balance> cached, ZoneId zone) {
    // Both by the same days: of another zone, only the new log's reader moves them.
    ZoneId days = cached.map(balance -> balance.zone).orElse(zone);
    Balance known = cached.orElseGet(() -> new Balance(days));
    Balance readable = new Balance(days);
    try (LineReader reader = LineReader.of(log, 0)) {
      boolean behind = false;
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        readable.apply(line);
        if (behind) {
          known.apply(line);
        }
        // What stands behind the line that the cache knows is what it does not.
        behind |= line.position().equals(known.at);
      }
    }
    return greater(readable, known);
  }

  private static Balance greater(Balance a, Balance b) {
    Balance greater = new Balance(a.zone);
    greater.before = a.before.max(b.before);
    greater.days.putAll(a.days);
    b.days.forEach((day, usd) -> greater.days.merge(day, usd, BigDecimal::max));
    a.open.values().forEach(greater::hold);
    b.open.values().forEach(greater::hold);
    return greater;
  }
}
