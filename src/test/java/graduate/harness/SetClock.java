package graduate.harness;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** A clock that stands until it is set, or asks a test each time. */
public final class SetClock extends Clock {
  private volatile Supplier<Instant> now;

  public SetClock(Supplier<Instant> now) {
    this.now = now;
  }

  public SetClock(Instant now) {
    this(() -> now);
  }

  public SetClock(String now) {
    this(Instant.parse(now));
  }

  public void set(String time) {
    Instant to = Instant.parse(time);
    now = () -> to;
  }

  public void advance(Duration by) {
    Instant to = instant().plus(by);
    now = () -> to;
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
