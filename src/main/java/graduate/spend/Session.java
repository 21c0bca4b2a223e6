package graduate.spend;

import graduate.audit.Entry;
import graduate.audit.LockedLog;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.SettlementEntry;
import graduate.text.UnusableException;
import java.io.Closeable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledger while no other process or thread can change it: what it says is so until it is closed,
 * and a line that {@link #append} has returned from is on disk. It is never held while a request is
 * on its way.
 */
public final class Session implements Closeable {
  private final Ledger ledger;
  private final LockedLog locked;
  private final Balance balance;
  private final Map<LogLine, Long> written = new LinkedHashMap<>();

  Session(Ledger ledger, LockedLog locked, Balance balance) {
    this.ledger = ledger;
    this.locked = locked;
    this.balance = balance;
  }

  /** The time of every line of this session. */
  public Instant now() {
    return locked.now();
  }

  /** A new id, sortable by time. */
  public String newId() {
    return locked.newId();
  }

  /** What the log comes to, lines of this session included. */
  public Balance balance() {
    return balance;
  }

  /**
   * Makes sure that a call fits under every cap.
   *
   * @param worst what it can cost at the most, USD
   * @param own what the calls for its input have cost before it
   * @throws CapExceededException for the first cap that it would pass
   */
  public void require(BigDecimal worst, List<Cap> caps, Committed own) {
    for (Cap cap : caps) {
      Standing standing = balance.standing(cap, now(), own);
      if (!standing.holds(worst)) {
        throw new CapExceededException(worst, standing);
      }
    }
  }

  /**
   * Makes sure that the disk has room.
   *
   * @param bytes that a call's lines may need
   * @throws LogException where it has not
   */
  public void requireRoom(long bytes) {
    locked.requireRoom(bytes);
  }

  /**
   * Appends a line and forces it to disk.
   *
   * @throws LogException where it is not surely there
   */
  public void append(Entry entry) {
    write(entry);
    force();
  }

  /** Appends a line of many, which counts for nothing before {@link #force} has returned. */
  public void write(Entry entry) {
    written.put(locked.write(entry), locked.reader().position().start());
  }

  /** Forces to disk what was written, with the same error. */
  public void force() {
    locked.force();
    written.forEach(balance::apply);
    written.clear();
    ledger.keep(locked.reader().position(), balance);
  }

  /**
   * Sets what held calls really cost, all of them or none.
   *
   * @param ids ids or beginnings of ids that no other held call has; {@code last}; {@code all} that
   *     may be settled
   * @param usd what each of them cost
   * @throws UnusableException where one is not held, or may still be running
   */
  public List<SettlementEntry> settle(List<String> ids, BigDecimal usd, String why) {
    return new Held(this).settle(ids, usd, why);
  }

  @Override
  public void close() {
    locked.close();
  }
}
