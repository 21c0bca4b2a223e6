package graduate.spend;

import graduate.audit.AuditLog;
import graduate.audit.CarriedEntry;
import graduate.audit.Entry;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.LogWriter;
import graduate.audit.Position;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
import graduate.audit.SettlementEntry;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Admits calls under the caps and records what became of them. Every decision is taken under the
 * log's lock, from the log as it then stands, and its line is on disk before the lock is released.
 */
public final class Ledger {
  /** How many calls are kept at least before a reader forgets old ones. */
  static final int KEPT = 1000;

  private final AuditLog log;
  private final BalanceCache cache;
  private final ZoneId zone;

  /** The ledger of the log in {@code folder}; days and months are those of {@code zone}. */
  public Ledger(AuditLog log, Path folder, ZoneId zone) {
    this.log = log;
    this.cache = new BalanceCache(folder.resolve("spend.json"));
    this.zone = zone;
  }

  /**
   * Starts to take the cache apart on another thread. Whoever needs it under the lock waits, and
   * goes by that only if the file is still the same.
   */
  public void preload() {
    Thread thread = new Thread(cache::load, "cache");
    thread.setDaemon(true);
    thread.start();
  }

  /** A balance and the reader that has read the log up to it. */
  private record Opened(Balance balance, LogReader reader, String first) {}

  /** Writes the entry for a call that is admitted at {@code now} under {@code id}. */
  @FunctionalInterface
  public interface Request {
    RequestEntry at(Instant now, String id);
  }

  /**
   * What came of asking for admission.
   *
   * @param entry the request line that is now on disk; null where the call is needless
   * @param doneBy the call that makes it so
   */
  public record Admission(
      @Nullable RequestEntry entry, Instant at, List<Standing> standings, String doneBy) {}

  /**
   * Reserves a call's worst case and writes its request line.
   *
   * @param caps all of which must hold it; a call of 0 USD is always admitted
   * @param room bytes that the folder must have left for this call's lines
   * @throws CapExceededException where one does not: nothing is written
   * @throws LogException where the line is not surely on disk: nothing may be sent
   */
  public Admission admit(
      List<Cap> caps, @Nullable OncePer once, long room, Duration wait, Request request) {
    return log.write(
        wait,
        writer -> {
          Opened opened = open(writer.channel());
          Instant now = writer.now();
          Optional<String> done =
              once == null ? Optional.empty() : opened.balance().done(once, now);
          List<Standing> standings = new ArrayList<>();
          for (Cap cap : caps) {
            standings.add(opened.balance().standing(cap, now));
          }
          if (done.isPresent()) {
            return new Admission(null, now, standings, done.get());
          }
          RequestEntry entry = request.at(now, writer.newId());
          check(entry.reserved(), standings);
          writer.requireRoom(room);
          append(writer, opened, entry);
          return new Admission(entry, now, standings, "");
        });
  }

  /** Throws where {@code worst} does not fit under one of the caps. */
  public static void check(BigDecimal worst, List<Standing> standings) {
    for (Standing standing : standings) {
      if (worst.signum() > 0 && worst.compareTo(standing.left()) > 0) {
        throw new CapExceededException(worst, standing);
      }
    }
  }

  /**
   * Writes a call's response line.
   *
   * @return the balance after it
   * @throws LogException where the line is not surely on disk: the reservation then stays held
   */
  public Balance record(ResponseEntry entry, Duration wait) {
    return log.write(
        wait,
        writer -> {
          Opened opened = open(writer.channel());
          append(writer, opened, entry);
          return opened.balance();
        });
  }

  /**
   * Checks that all these calls can be settled, so that none is where one cannot.
   *
   * @throws SettlementException for the first that cannot
   */
  public void requireSettleable(Collection<String> calls) {
    log.write(
        AuditLog.RECORDING,
        writer -> {
          Balance balance = open(writer.channel()).balance();
          calls.forEach(call -> SettlementException.require(balance, call, writer.now()));
          return calls;
        });
  }

  /**
   * Sets what a held call really cost.
   *
   * @throws SettlementException where the call is not held, or may still be running
   */
  public SettlementEntry settle(String call, BigDecimal usd, String why) {
    return log.write(
        AuditLog.RECORDING,
        writer -> {
          Opened opened = open(writer.channel());
          OpenCall held = SettlementException.require(opened.balance(), call, writer.now());
          SettlementEntry entry =
              new SettlementEntry(
                  writer.newId(),
                  held.id(),
                  held.requested(),
                  held.prompt(),
                  held.reserved(),
                  usd,
                  why);
          append(writer, opened, entry);
          return entry;
        });
  }

  /**
   * The balance as the log stands, without a lock.
   *
   * @throws LogException where the log cannot be read or trusted
   */
  public Balance balance() {
    return log.read(
        channel -> {
          if (channel.isEmpty()) {
            requireNone();
            return new Balance(zone);
          }
          return open(channel.get()).balance();
        });
  }

  /** Where there is no log there was none, as far as the cache knows. */
  private void requireNone() {
    if (cache.load().isPresent()) {
      throw LogException.damaged(log.path(), 0, "the log is gone, spend.json knows one");
    }
  }

  private void append(LogWriter writer, Opened opened, Entry entry) throws IOException {
    LogWriter.Appended appended = writer.append(opened.reader(), entry);
    opened.balance().apply(appended.line(), appended.position().start());
    opened.balance().forgetOld(writer.now());
    String first =
        opened.first().isEmpty()
            ? LogReader.firstHash(writer.channel(), log.path())
            : opened.first();
    cache.save(first, appended.position(), opened.balance());
  }

  /** Reads what the cache does not cover, or the whole log where there is none to go by. */
  private Opened open(FileChannel channel) throws IOException {
    // The cache first: the log can only be ahead of it then.
    Optional<BalanceCache.Cached> cached = cache.load();
    if (cached.isPresent()) {
      BalanceCache.Cached known = cached.get();
      Optional<LogReader> after = LogReader.after(channel, log.path(), known.at());
      if (after.isPresent() && known.zone().equals(zone)) {
        return readOn(known.balance(), after.get(), known.first());
      }
      if (after.isEmpty() && LogReader.firstHash(channel, log.path()).equals(known.first())) {
        throw notThere(known.at(), channel);
      }
    }
    Opened whole = readOn(new Balance(zone), LogReader.fromStart(channel, log.path()), "");
    if (cached.isPresent() && whole.reader().position().seq() == 0) {
      // Not another log, but none: emptied, or cut within its first line.
      throw notThere(cached.get().at(), channel);
    }
    return whole;
  }

  private LogException notThere(Position known, FileChannel channel) throws IOException {
    return LogException.damaged(
        log.path(),
        Math.min(known.start(), channel.size()),
        "line " + known.seq() + ", which spend.json knows, is not there");
  }

  private static Opened readOn(Balance balance, LogReader reader, String first) throws IOException {
    int forgetAbove = KEPT;
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      balance.apply(line, reader.position().start());
      if (balance.size() > forgetAbove) {
        // As the line's writer did. The more there is to go through, the later the next time.
        line.time("time").ifPresent(balance::forgetOld);
        forgetAbove = KEPT + 2 * balance.size();
      }
    }
    return new Opened(balance, reader, first);
  }

  /**
   * Reads the whole log and compares it with the cache and with what was written down elsewhere.
   *
   * @param anchor a line's number and hash, of an earlier verification
   * @return where the log ends
   * @throws LogException where it does not chain, or does not reach as far as the cache says
   */
  public Position verify(Optional<Anchor> anchor) {
    return log.read(
        channel -> {
          Position end = Position.START;
          if (channel.isEmpty()) {
            requireNone();
          } else {
            LogReader reader = LogReader.fromStart(channel.get(), log.path());
            while (reader.next() != null) {
              check(anchor, reader.position());
            }
            end = reader.position();
            open(channel.get());
          }
          if (anchor.isPresent() && anchor.get().seq() > end.seq()) {
            throw LogException.damaged(
                log.path(),
                end.end(),
                "ends with line " + end.seq() + ", the anchor is line " + anchor.get().seq());
          }
          return end;
        });
  }

  private void check(Optional<Anchor> anchor, Position at) {
    if (anchor.isPresent()
        && anchor.get().seq() == at.seq()
        && !anchor.get().hash().equals(at.hash())) {
      throw LogException.damaged(
          log.path(), at.start(), "line " + at.seq() + " is not the one of the anchor");
    }
  }

  /** What a line was when somebody wrote it down: its number and its hash in hex. */
  public record Anchor(long seq, String hash) {}

  /**
   * Sets a damaged log aside and starts a new one with all that can still be known: for each sum
   * the greater of what the readable lines and the cache say, and every open call of either.
   *
   * @param damage what is wrong
   * @return the old log's new path
   */
  public Path acceptDamage(String damage) {
    return log.write(
        AuditLog.RECORDING,
        writer -> {
          Balance balance = salvage(writer.channel());
          Path aside = writer.aside();
          CarriedEntry first =
              new CarriedEntry(
                  writer.newId(), String.valueOf(aside.getFileName()), damage, balance.json());
          LogWriter.Appended appended = writer.startAnew(aside, first);
          Balance carried = new Balance(zone);
          carried.apply(appended.line(), 0);
          cache.save(appended.position().hash(), appended.position(), carried);
          return aside;
        });
  }

  private Balance salvage(FileChannel channel) throws IOException {
    Optional<BalanceCache.Cached> cached = cache.load();
    boolean reaches =
        cached.isPresent() && LogReader.after(channel, log.path(), cached.get().at()).isPresent();
    // Both by the same days: of another zone, only the new log's reader moves them.
    ZoneId days = cached.map(BalanceCache.Cached::zone).orElse(zone);
    Balance known = cached.map(BalanceCache.Cached::balance).orElseGet(() -> new Balance(days));
    Balance readable = new Balance(days);
    LogReader reader = LogReader.lenient(channel, log.path(), 0);
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      readable.apply(line, -1);
      if (reaches && reader.position().start() >= cached.get().at().end()) {
        known.apply(line, -1);
      }
    }
    return Balance.greater(readable, known);
  }
}
