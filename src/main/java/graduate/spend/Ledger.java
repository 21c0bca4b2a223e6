package graduate.spend;

import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LockedLog;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log as an account: what it comes to, and sessions in which lines are added to it. */
public final class Ledger {
  private final AuditLog log;
  private final BalanceCache cache;
  private final ZoneId zone;

  private Duration apart = Duration.ZERO;
  private long savedNanos;

  /** What this process read or wrote last; only who has the log's lock may touch it. */
  private @Nullable Balance known;

  /** The ledger of the log in {@code folder}; days and months are those of {@code zone}. */
  public Ledger(AuditLog log, Path folder, ZoneId zone) {
    this.log = log;
    this.cache = new BalanceCache(folder.resolve("spend.json"));
    this.zone = zone;
  }

  /**
   * Waits until no other process or thread writes, and reads the log to its end.
   *
   * @throws LogException where the log cannot be locked, read or trusted
   */
  public Session open(Duration wait) {
    LockedLog locked = log.lock(wait);
    try {
      Optional<Balance> before = known == null ? cache.load() : Optional.of(known);
      known = null;
      return new Session(this, locked, read(locked.reader(), before));
    } catch (RuntimeException | Error e) {
      locked.close();
      throw e;
    }
  }

  /** Remembers what the log comes to, all of which is on disk. */
  void keep(Balance balance) {
    known = balance.at.seq() > 0 ? balance : null;
  }

  /** Writes the cache, where it is time. */
  void save(Balance balance) {
    if (balance.at.seq() > 0 && System.nanoTime() - savedNanos >= apart.toNanos()) {
      cache.save(balance);
      savedNanos = System.nanoTime();
    }
  }

  /**
   * Writes the cache no more often than so, where many lines follow each other; {@link #save} ends
   * that. It can always be made again.
   */
  public void saveEvery(Duration time) {
    apart = time;
    savedNanos = System.nanoTime();
  }

  /** Writes the cache now, and from now on with each line. */
  public void save() {
    apart = Duration.ZERO;
    try (Session session = open(AuditLog.RECORDING)) {
      save(session.balance());
    } catch (LogException e) {
      // An old cache is as good as none.
    }
  }

  /**
   * The balance as the log stands, without a lock.
   *
   * @throws LogException where the log cannot be read or trusted
   */
  public Balance balance() {
    // The cache first: the log can only be ahead of it then.
    Optional<Balance> cached = cache.load();
    try (LogReader reader = log.reader()) {
      return read(reader, cached);
    }
  }

  /** The local date of a moment, by which sums and windows go. */
  public LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, zone);
  }

  ZoneId zone() {
    return zone;
  }

  /** The log that this is the account of. */
  public AuditLog log() {
    return log;
  }

  /** Reads what is not known yet, or the whole log where nothing is known that can be used. */
  private Balance read(LogReader reader, Optional<Balance> known) {
    boolean usable = resume(reader, known) && known.get().zone.equals(zone);
    if (!usable) {
      reader.moveBehind(Position.START);
    }
    Balance balance = usable ? known.get() : new Balance(zone);
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      balance.apply(line, reader.position());
    }
    return balance;
  }

  /**
   * Goes behind the line that is known; false where there is none, in a log that goes on from a
   * damaged one too. Any other log is damaged.
   */
  private boolean resume(LogReader reader, Optional<Balance> known) {
    if (known.isEmpty() || reader.resume(known.get().at)) {
      return known.isPresent();
    }
    LogLine first = reader.next();
    boolean same = first != null && reader.position().hash().equals(known.get().first);
    if (first == null || same || !first.type().equals("carried")) {
      Position at = known.get().at;
      throw LogException.damaged(
          log.path(),
          Math.min(at.start(), log.path().toFile().length()),
          "line " + at.seq() + ", which spend.json knows, is not there");
    }
    return false;
  }

  /** What a line was when somebody wrote it down: its number and its hash in hex. */
  public record Anchor(long seq, String hash) {}

  /** Where a log that is whole ends, and what stands in it that is no line. */
  public record Verified(Position end, List<LogReader.Piece> pieces) {}

  /**
   * Reads the whole log and compares it with the cache and with what was written down elsewhere.
   *
   * @param anchor a line's number and hash, of an earlier verification
   * @throws LogException where it does not chain, or does not reach as far as the cache says, or is
   *     not there
   */
  public Verified verify(Optional<Anchor> anchor) {
    Optional<Balance> cached = cache.load();
    try (LogReader reader = log.reader()) {
      if (cached.isEmpty() && !log.exists()) {
        throw LogException.unusable(log.path(), "there is no log here");
      }
      return verify(reader, cached, anchor);
    }
  }

  private Verified verify(LogReader reader, Optional<Balance> cached, Optional<Anchor> anchor) {
    while (reader.next() != null) {
      Position at = reader.position();
      if (anchor.isPresent()
          && anchor.get().seq() == at.seq()
          && !anchor.get().hash().equals(at.hash())) {
        throw LogException.damaged(
            log.path(), at.start(), "line " + at.seq() + " is not the one of the anchor");
      }
    }
    Verified verified = new Verified(reader.position(), List.copyOf(reader.pieces()));
    if (anchor.isPresent() && anchor.get().seq() > verified.end().seq()) {
      throw LogException.damaged(
          log.path(),
          verified.end().end(),
          "ends with line " + verified.end().seq() + ", the anchor is line " + anchor.get().seq());
    }
    boolean unused = resume(reader, cached);
    return verified;
  }

  /** What was wrong with a log that was set aside, and where it is now. */
  public record Accepted(String damage, Path aside) {}

  /**
   * Sets a damaged log aside and starts a new one with all that can still be known: for each sum
   * the greater of what the readable lines and the cache say, and every open call of either.
   *
   * @return empty where the log is not damaged: then it is left alone
   */
  public Optional<Accepted> acceptDamage() {
    try (LockedLog locked = log.lock(AuditLog.RECORDING)) {
      Optional<Balance> cached = cache.load();
      try {
        verify(locked.reader(), cached, Optional.empty());
        return Optional.empty();
      } catch (LogException e) {
        if (!e.isDamage()) {
          throw e;
        }
        String damage = String.valueOf(e.getMessage()).replaceFirst("\\. To go on: .*", "");
        Balance balance = Salvage.of(log.path(), cached, zone);
        Path aside = locked.aside();
        String name = String.valueOf(aside.getFileName());
        locked.startAnew(
            aside,
            new Entry("carried", locked.newId())
                .put("file", name)
                .put("damage", damage)
                .put("balance", BalanceJson.of(balance)));
        known = null;
        return Optional.of(new Accepted(damage, aside));
      }
    }
  }
}
