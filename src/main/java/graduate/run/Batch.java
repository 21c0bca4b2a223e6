package graduate.run;

import graduate.audit.BatchEntry;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A batch as the log has it: its last step, and the calls that have no response line yet. */
public final class Batch {
  private final Path file;
  private final long offset;
  private final Set<String> calls = new HashSet<>();
  private final Set<String> missing = new HashSet<>();
  private @Nullable BatchEntry last;
  private int lines;

  /** A batch whose first line is the one that was read last. */
  Batch(LogReader reader) {
    this.file = reader.path();
    this.offset = reader.position().start();
  }

  void take(LogLine line) {
    switch (line.type()) {
      case "request" -> {
        calls.add(line.call());
        missing.add(line.call());
      }
      case "batch" -> {
        lines++;
        last = BatchEntry.of(line);
      }
      default -> {
        lines++;
        missing.remove(line.call());
      }
    }
    if (last != null && !isOpen() && !last.file()) {
      calls.clear();
    }
  }

  /** Its owner said what it cost: nothing more is expected. */
  void settle() {
    last = last == null ? null : last.at("over", null, last.apiId());
    lines++;
  }

  /** Whether it is one: requests whose batch was never reserved belong to nothing. */
  boolean isReserved() {
    return last != null;
  }

  /** Whether something of it is still to come. */
  public boolean isOpen() {
    return last != null && !last.state().equals("over");
  }

  /** The last step; only where there is one. */
  public BatchEntry last() {
    if (last == null) {
      throw new IllegalStateException("a batch without its line");
    }
    return last;
  }

  /** Whether another command may be at it. */
  boolean isBusy(Instant now) {
    Instant deadline = last().deadline();
    return deadline != null && now.isBefore(deadline);
  }

  /** All of its calls; once it is over, those alone of one that another engine got. */
  Set<String> calls() {
    return calls;
  }

  /** Those without a response line. */
  Set<String> missing() {
    return missing;
  }

  /** How many lines the log has of it, its requests not counted: what any step changes. */
  int lines() {
    return lines;
  }

  /** Takes in a request line, with the reader that stands behind it. */
  @FunctionalInterface
  interface Taker {
    void take(LogLine line, LogReader reader) throws IOException;
  }

  /** Hands on the request lines of some of its calls, in order. */
  void each(Set<String> some, Taker to) throws IOException {
    Set<String> left = new HashSet<>(some);
    try (LogReader reader = LogReader.lenient(file, offset)) {
      LogLine line = left.isEmpty() ? null : reader.next();
      while (line != null) {
        if (line.type().equals("request") && left.remove(line.call())) {
          to.take(line, reader);
        }
        line = left.isEmpty() ? null : reader.next();
      }
    }
  }
}
