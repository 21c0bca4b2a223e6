package graduate.run;

import graduate.audit.Entry;
import graduate.audit.LineReader;
import graduate.audit.LogLine;
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
  private @Nullable LogLine last;
  private boolean settled;
  private int lines;

  /** A batch with its first line. */
  Batch(LogLine first) {
    this.file = first.file();
    this.offset = first.start();
  }

  void take(LogLine line) {
    switch (line.type()) {
      case "request" -> {
        calls.add(line.call());
        missing.add(line.call());
      }
      case "batch" -> {
        lines++;
        last = line;
      }
      default -> {
        lines++;
        missing.remove(line.call());
      }
    }
    if (last != null && !isOpen() && !isForFile()) {
      calls.clear();
    }
  }

  /** Its owner said what it cost: nothing more is expected. */
  void settle() {
    settled = true;
    lines++;
  }

  /** Whether it is one: requests whose batch was never reserved belong to nothing. */
  boolean isReserved() {
    return last != null;
  }

  /** Whether something of it is still to come. */
  public boolean isOpen() {
    return last != null && !settled && !last.text("state").equals("over");
  }

  /** The last step; only where there is one. */
  public LogLine last() {
    if (last == null) {
      throw new IllegalStateException("a batch without its line");
    }
    return last;
  }

  /** Whether another engine gets it. */
  public boolean isForFile() {
    return last().field("file").asBoolean();
  }

  /** How many calls it has. */
  public int size() {
    return last().field("calls").asInt();
  }

  /** The same at its next step, as its line says it. */
  Entry at(String state, @Nullable Instant deadline, String apiId) {
    return last()
        .next("batch")
        .without("deadline")
        .without("api_id")
        .put("state", state)
        .put("deadline", deadline)
        .put("api_id", apiId.isEmpty() ? null : apiId);
  }

  /** The API's id of it; empty where none is known. */
  String apiId() {
    return last().text("api_id");
  }

  /** Whether another command may be at it. */
  boolean isBusy(Instant now) {
    return last().time("deadline").filter(now::isBefore).isPresent();
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

  /** Takes in a request line. */
  @FunctionalInterface
  interface Taker {
    void take(LogLine line) throws IOException;
  }

  /** Hands on the request lines of some of its calls, in order. */
  void each(Set<String> some, Taker to) throws IOException {
    Set<String> left = new HashSet<>(some);
    try (LineReader reader = LineReader.of(file, offset)) {
      LogLine line = left.isEmpty() ? null : reader.next();
      while (line != null) {
        if (line.type().equals("request") && left.remove(line.call())) {
          to.take(line);
        }
        line = left.isEmpty() ? null : reader.next();
      }
    }
  }
}
