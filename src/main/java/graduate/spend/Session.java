package graduate.spend;

import graduate.audit.Entry;
import graduate.audit.LockedLog;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import java.io.Closeable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * The ledger while no other process or thread can change it: what it says is so until it is closed,
 * and a line that {@link #append} has returned from is on disk. It is never held while a request is
 * on its way.
 */
public final class Session implements Closeable {
  private final Ledger ledger;
  private final LockedLog locked;
  private final Balance balance;

  /** Whether all that the balance holds is surely on disk. */
  private boolean forced = true;

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
      balance.standing(cap, now(), own).require(worst);
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
   * @return the line as the log has it
   * @throws LogException where it is not surely there
   */
  public LogLine append(Entry entry) {
    LogLine line = write(entry);
    force();
    return line;
  }

  /** Appends a line of many, which counts for nothing before {@link #force} has returned. */
  public LogLine write(Entry entry) {
    forced = false;
    LogLine line = locked.write(entry);
    balance.apply(line, locked.reader().position());
    return line;
  }

  /** Forces to disk what was written, with the same error. */
  public void force() {
    locked.force();
    forced = true;
    ledger.save(balance);
  }

  @Override
  public void close() {
    if (forced) {
      ledger.keep(balance);
    }
    locked.close();
  }
}
