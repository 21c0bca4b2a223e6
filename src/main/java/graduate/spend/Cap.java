package graduate.spend;

import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The most that may be spent in a window.
 *
 * @param usd 0 or more
 */
public record Cap(BigDecimal usd, Per per) {

  /**
   * Reads a cap as it is written.
   *
   * @throws UnusableException naming the key that is wrong
   */
  public static Cap of(StrictJson cap) {
    cap.only(Set.of("usd", "per"));
    String window = cap.text("per");
    for (Per per : Per.values()) {
      if (per.toString().equals(window)) {
        return new Cap(cap.amount("usd"), per);
      }
    }
    throw cap.wrong("per", "call, day, month or total");
  }

  /** A cap's window. */
  public enum Per {
    CALL,
    DAY,
    MONTH,
    TOTAL;

    /** The first day of the window that holds {@code now}; the earliest of all for a total. */
    public LocalDate start(Instant now, ZoneId zone) {
      LocalDate today = LocalDate.ofInstant(now, zone);
      return switch (this) {
        case DAY, CALL -> today;
        case MONTH -> today.withDayOfMonth(1);
        case TOTAL -> LocalDate.MIN;
      };
    }

    /** When that window ends; empty where it never does. */
    public Optional<Instant> end(Instant now, ZoneId zone) {
      LocalDate start = start(now, zone);
      return switch (this) {
        case DAY -> Optional.of(start.plusDays(1).atStartOfDay(zone).toInstant());
        case MONTH -> Optional.of(start.plusMonths(1).atStartOfDay(zone).toInstant());
        case CALL, TOTAL -> Optional.empty();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
