package graduate.run;

import graduate.audit.LineReader;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A batch as the log has it: its last step, its calls, and those without a response line. */
public final class Batch {
  private static final String LINE =
      "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":";

  private final Path file;

  /** Where the request line of each stands. */
  private final Map<String, Long> calls = new LinkedHashMap<>();

  private final Set<String> missing = new LinkedHashSet<>();
  private @Nullable LogLine last;
  private boolean settled;
  private int lines;

  /** A batch of which {@code file} has the request lines. */
  Batch(Path file) {
    this.file = file;
  }

  /** Takes in a line that is about it, or about one of its calls. */
  void take(LogLine line) {
    lines++;
    switch (line.type()) {
      case "request" -> {
        calls.put(line.call(), line.start());
        missing.add(line.call());
      }
      case "batch" -> last = line;
      // Its owner said what it cost: nothing more is expected.
      case "settlement" -> settled = true;
      default -> missing.remove(line.call());
    }
    if (last != null && !isOpen() && !isForFile()) {
      calls.clear();
    }
  }

  /** Whether it is one: requests whose batch was never reserved belong to nothing. */
  boolean isReserved() {
    return last != null;
  }

  /** Whether something of it is still to come. */
  public boolean isOpen() {
    return last != null && !settled && !last.text("state").equals("over");
  }

  /** The last step; only where it is reserved. */
  public LogLine last() {
    return Objects.requireNonNull(last);
  }

  /** Whether another engine gets it. */
  public boolean isForFile() {
    return last().field("file").asBoolean();
  }

  /** How many calls it has. */
  public int size() {
    return last().field("calls").asInt();
  }

  /** The API's id of it; empty where none is known. */
  public String apiId() {
    return last().text("api_id");
  }

  /** All of its calls, in order; once it is over, those alone of one that another engine got. */
  public Set<String> calls() {
    return calls.keySet();
  }

  /** Those without a response line, in order. */
  Set<String> missing() {
    return missing;
  }

  /** How many lines the log has of it: what any step changes. */
  int lines() {
    return lines;
  }

  /** The request line of one of its calls. */
  LogLine request(String call) {
    try (LineReader reader = LineReader.of(file, Objects.requireNonNull(calls.get(call)))) {
      LogLine line = reader.next();
      if (line == null || !line.call().equals(call)) {
        throw LogException.unusable(file, "changed while it was read: no " + call);
      }
      return line;
    }
  }

  /** Writes the file that is handed in: a line for each call, from the log. */
  public void writeTo(OutputStream to) throws IOException {
    for (String call : calls.keySet()) {
      to.write(LINE.formatted(call).getBytes(StandardCharsets.UTF_8));
      to.write(request(call).sent());
      to.write(new byte[] {'}', '\n'});
    }
  }
}
