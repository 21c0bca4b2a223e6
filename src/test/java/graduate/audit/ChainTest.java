package graduate.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.harness.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each line names the one before it, and a reader follows them to the end. */
class ChainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-11-21T08:00:00.123456Z");
  private Path file = Path.of("");
  private AuditLog log = new AuditLog(Path.of(""), clock);

  @BeforeEach
  void open() {
    log = new AuditLog(folder, clock);
    file = log.path();
  }

  private LogLine append(Entry entry) {
    return Samples.append(log, entry);
  }

  @Test
  void numbersLinesAndNamesTheHashOfTheOneBefore() throws IOException {
    LogLine request = append(Samples.request("a", clock.instant(), "0.5"));
    append(Samples.response(request, "0.25"));
    append(Samples.request("b", clock.instant(), "0.5"));

    List<String> lines = Files.readAllLines(file);
    String before = "0".repeat(64);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = JSON.readTree(lines.get(i));
      assertThat(line.path("v").asInt()).isEqualTo(1);
      assertThat(line.path("seq").asInt()).isEqualTo(i + 1);
      assertThat(line.path("prev").asText()).isEqualTo(before);
      before = Sha256.of(lines.get(i).getBytes(UTF_8));
    }
    assertThat(lines).hasSize(3);
  }

  @Test
  void stampsMillisecondsInUtc() throws IOException {
    append(Samples.request("a", clock.instant(), "0.5"));
    assertThat(Files.readString(file)).contains("\"time\":\"2026-11-21T08:00:00.123Z\"");
  }

  @Test
  void theResponseHoldsTheWholePair() throws IOException {
    LogLine request = append(Samples.request("a", clock.instant(), "0.5"));
    append(Samples.response(request, "0.25"));
    List<String> lines = Files.readAllLines(file);
    JsonNode first = JSON.readTree(lines.get(0));
    JsonNode second = JSON.readTree(lines.get(1));
    first
        .properties()
        .forEach(
            field -> {
              if (!List.of("seq", "prev", "type", "time").contains(field.getKey())) {
                assertThat(second.path(field.getKey())).isEqualTo(field.getValue());
              }
            });
    assertThat(second.path("requested")).isEqualTo(first.path("time"));
  }

  @Test
  void saysWhereTheLineStands() throws IOException {
    append(Samples.request("a", clock.instant(), "0.5"));
    Position second = append(Samples.request("b", clock.instant(), "0.5")).position();
    byte[] all = Files.readAllBytes(file);
    String line = new String(all, (int) second.start(), (int) (all.length - second.start()), UTF_8);
    assertThat(line).startsWith("{\"v\":1,\"seq\":2,").endsWith("}\n");
    assertThat(second.end()).isEqualTo(all.length);
    assertThat(second.hash()).isEqualTo(Sha256.of(line.strip().getBytes(UTF_8)));
  }

  @Test
  void readsOnBehindALine() throws IOException {
    Position first = append(Samples.request("a", clock.instant(), "0.5")).position();
    append(Samples.request("b", clock.instant(), "0.5"));
    try (LogReader reader = log.reader()) {
      assertThat(reader.resume(first)).isTrue();
      assertThat(Objects.requireNonNull(reader.next()).call()).isEqualTo("b");
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void aReaderWithoutTheLockStopsAtAHalfWrittenLine() throws IOException {
    append(Samples.request("a", clock.instant(), "0.5"));
    append(Samples.request("b", clock.instant(), "0.5"));
    append(Samples.request("c", clock.instant(), "0.5"));
    byte[] all = Files.readAllBytes(file);
    int newline = new String(all, UTF_8).indexOf('\n', all.length / 2);
    Files.write(file, Arrays.copyOf(all, newline));
    try (LogReader reader = log.reader()) {
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next()).isNotNull();
      Files.write(file, Arrays.copyOfRange(all, newline, all.length), StandardOpenOption.APPEND);
      assertThat(reader.next()).isNull();
      assertThat(reader.position().seq()).isEqualTo(2);
    }
  }

  @Test
  void aNumberThatNothingCanHoldMakesNoLine() throws IOException {
    append(Samples.request("a", clock.instant(), "0.5"));
    append(Samples.request("b", clock.instant(), "0.5"));
    String all = Files.readString(file);
    Files.writeString(file, all.replaceFirst("\"reserved_usd\":0.5", "\"x\":1e99999999999"));
    assertThatThrownBy(() -> append(Samples.request("c", clock.instant(), "0.5")))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("damaged at offset 0");
  }

  @Test
  void aByteThatIsNoUtf8MakesNoLine() throws IOException {
    append(Samples.request("a", clock.instant(), "0.5"));
    Position second = append(Samples.request("b", clock.instant(), "0.5")).position();
    String all = Files.readString(file);
    Files.writeString(file, all.replaceFirst("(?s)hi(?!.*hi)", "h\u00e9"), ISO_8859_1);
    try (LogReader reader = log.reader()) {
      assertThat(Objects.requireNonNull(reader.next()).call()).isEqualTo("a");
      assertThatThrownBy(reader::next)
          .isInstanceOf(LogException.class)
          .hasMessageContaining("damaged at offset " + second.start());
    }
  }

  @Test
  void readsBackwardsWhatHoldsAText() throws IOException {
    for (int i = 0; i < 300; i++) {
      append(Samples.request("call-" + i, clock.instant(), "0.5"));
    }
    append(Samples.request("large", clock.instant(), "0." + "5".repeat(300_000)));
    append(Samples.request("call-last", clock.instant(), "0.5"));
    Files.writeString(file, "{\"torn call-17", StandardOpenOption.APPEND);
    for (String text : List.of("", "call-17\"", "large", "call-", "nobody")) {
      List<String> forwards = new ArrayList<>();
      log.each(0, line -> forwards.add(line.call()));
      forwards.removeIf(id -> !text.isEmpty() && !(id + "\"").contains(text));
      Collections.reverse(forwards);
      List<String> backwards = new ArrayList<>();
      try (BackwardReader reader = new BackwardReader(log, text)) {
        for (LogLine line = reader.previous(); line != null; line = reader.previous()) {
          backwards.add(line.call());
          assertThat(new String(line.bytes(), UTF_8)).startsWith("{").endsWith("}");
        }
      }
      assertThat(backwards).as(text).isEqualTo(forwards);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T08:09:10.123Z",
        "0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
        "2024-02-29T23:59:59.001Z",
        "2023-02-29T23:59:59.001Z",
        "2026-13-01T00:00:00.000Z",
        "2026-11-21T24:00:00.000Z",
        "2026-11-21T24:00:00.001Z",
        "2016-12-31T23:59:60.000Z",
        "2026-11-21T08:09:60.000Z",
        "2026-11-21T08:09:10Z",
        "2026-11-21T08:09:10.123456Z",
        "2026-11-21t08:09:10.123z",
        "+026-11-21T08:09:10.123Z",
        "2026-11-21T08:09:1\u0661.123Z",
        "2026-11-21T08:09:10.12Z ",
        "",
      })
  void readsTimesOfItsOwnFormAsTheStandardLibraryDoes(String text) {
    Optional<Instant> moment = LogTime.parse(text);
    if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z")) {
      assertThat(moment).isEmpty();
      return;
    }
    try {
      LocalDateTime.parse(text.substring(0, text.length() - 1));
    } catch (DateTimeParseException e) {
      assertThat(moment).isEmpty();
      return;
    }
    assertThat(moment).contains(Instant.parse(text));
    assertThat(LogTime.of(moment.orElseThrow().plusNanos(999_999))).isEqualTo(text);
  }
}
