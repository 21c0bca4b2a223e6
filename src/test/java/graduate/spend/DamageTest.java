package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.Position;
import graduate.harness.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next run and {@code log verify} make of a log that was touched. */
class DamageTest {
  private static final String SUMS = "0.75/0.5";
  private static final int TORN = 4;

  @TempDir(factory = InMemory.class)
  Path folder;

  private Books books = new Books(Path.of(""), "2026-11-21T08:00:00Z", "UTC");
  private List<String> lines = List.of();
  private byte[] whole = {};
  private byte[] cache = {};
  private Ledger.Anchor anchor = new Ledger.Anchor(0, "");

  /** Two answered calls, one settled, one held, and a torn line that was sealed. */
  @BeforeEach
  void write() throws IOException {
    books = new Books(folder, "2026-11-21T08:00:00Z", "UTC");
    books.spend("0.25");
    LogLine settled = books.admit("0.5");
    books.clock.advance(Duration.ofHours(1));
    books.settle(settled.id(), "0.125");
    Files.writeString(books.log(), new String(books.bytes(), UTF_8) + "{\"v\":1,\"seq\":5,\"pr");
    books.admit("0.5");
    books.answer(books.admit("0.5"), "0.375");
    lines = books.lines();
    whole = books.bytes();
    cache = Files.readAllBytes(books.cache());
    Position end = books.verify();
    anchor = new Ledger.Anchor(end.seq(), end.hash());
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(SUMS);
    assertThat(lines).hasSize(8);
  }

  private long offset(int line) {
    return String.join("", lines.subList(0, line)).getBytes(UTF_8).length;
  }

  private ThrowingCallable verify() {
    return () -> books.verify();
  }

  private ThrowingCallable verifyByAnchor() {
    return () -> books.verify(anchor);
  }

  private ThrowingCallable run() {
    return () -> books.balance();
  }

  private static void refuses(ThrowingCallable what, long offset) {
    refuses(what, offset, offset);
  }

  private static void refuses(ThrowingCallable what, long from, long to) {
    LogException refused = catchThrowableOfType(LogException.class, what);
    assertThat(refused).isNotNull();
    assertThat(refused.isDamage()).isTrue();
    String message = String.valueOf(refused.getMessage());
    String named = message.replaceFirst("(?s).*offset (\\d+): .*", "$1");
    assertThat(named).describedAs(message).containsOnlyDigits();
    assertThat(Long.parseLong(named)).describedAs(message).isBetween(from, to);
  }

  /** The first offset at which a change at {@code line} can show, and the last: torn bytes join. */
  private void refusesAround(ThrowingCallable what, int line) {
    long torn = lines.get(TORN).length();
    boolean beside = line == TORN - 1 || line == TORN || line == TORN + 1;
    refuses(what, offset(line) - (beside ? torn : 0), offset(line) + (beside ? torn : 0));
  }

  /** A writer refuses as a reader does, and leaves every byte as it is. */
  private void everyRunRefuses() throws IOException {
    byte[] before = Files.exists(books.log()) ? books.bytes() : new byte[0];
    assertThatThrownBy(run()).isInstanceOf(LogException.class);
    assertThatThrownBy(() -> books.admit("0.1"))
        .isInstanceOfSatisfying(LogException.class, e -> assertThat(e.isDamage()).isTrue());
    assertThat(books.bytes()).isEqualTo(before);
  }

  private void everyRunGoesOn(String sums) {
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(sums);
    int before = books.lines().size();
    books.admit("0");
    assertThat(books.lines()).hasSize(before + 1);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(sums);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "32, 7", "128, 7"})
  void aChangedByteInAnEarlierLineIsNamedByItsLinesOffset(int bits, int step) throws IOException {
    // Of the last line's newline and those after it nothing speaks but the cache.
    long last = offset(lines.size() - 1) - 1;
    int line = 0;
    for (int at = 0; at < last; at += step) {
      line += at >= offset(line + 1) ? 1 : 0;
      if (line == TORN) {
        // It belongs to nothing, whatever it says.
        continue;
      }
      byte[] changed = whole.clone();
      changed[at] ^= (byte) bits;
      books.replace(changed);

      books.forgetCache();
      // What makes no line joins the torn bytes before it.
      long from = offset(line == TORN + 1 ? TORN : line);
      refuses(run(), from, offset(line));
      refuses(verify(), from, offset(line));
      Files.write(books.cache(), cache);
      assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(SUMS);
      refuses(verify(), from, offset(line));
    }
    assertThat(line).isEqualTo(lines.size() - 2);
    books.forgetCache();
    everyRunRefuses();
    Files.write(books.cache(), cache);
    everyRunGoesOn(SUMS);
  }

  @Test
  void aChangedByteInTheLastLineIsSeenByTheCache() throws IOException {
    long last = offset(lines.size() - 1);
    for (int at = (int) last; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      books.replace(changed);
      refuses(run(), last);
    }
    assertThatThrownBy(verify()).isInstanceOf(LogException.class);
    assertThatThrownBy(verifyByAnchor()).isInstanceOf(LogException.class);
    everyRunRefuses();
  }

  private void replaceBy(List<String> changed) {
    books.replace(changed.toArray(String[]::new));
  }

  @Test
  void aLineRemoved() throws IOException {
    for (int i = 0; i < lines.size() - 1; i++) {
      List<String> changed = new ArrayList<>(lines);
      changed.remove(i);
      replaceBy(changed);
      everyRunRefuses();
      if (i == TORN) {
        // It belonged to nothing: only the cache misses it.
        continue;
      }
      refusesAround(verify(), i);
      refusesAround(verifyByAnchor(), i);
      books.forgetCache();
      everyRunRefuses();
      refusesAround(verify(), i);
      Files.write(books.cache(), cache);
    }
  }

  @Test
  void twoLinesSwapped() throws IOException {
    for (int i = 0; i < lines.size() - 2; i++) {
      List<String> changed = new ArrayList<>(lines);
      changed.add(i, changed.remove(i + 1));
      replaceBy(changed);
      assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(SUMS);
      if (i == TORN || i + 1 == TORN) {
        continue;
      }
      refusesAround(verify(), i);
      books.forgetCache();
      everyRunRefuses();
      refusesAround(run(), i);
      Files.write(books.cache(), cache);
    }
    List<String> changed = new ArrayList<>(lines);
    changed.add(6, changed.remove(7));
    replaceBy(changed);
    everyRunRefuses();
    refuses(verify(), offset(6));
  }

  @Test
  void aLineInserted() throws IOException {
    for (int i = 1; i < lines.size(); i++) {
      List<String> changed = new ArrayList<>(lines);
      changed.add(i, lines.get(1));
      replaceBy(changed);
      everyRunRefuses();
      refusesAround(verify(), i == 1 ? 2 : i);
      books.forgetCache();
      everyRunRefuses();
      refusesAround(run(), i == 1 ? 2 : i);
      Files.write(books.cache(), cache);
    }
  }

  @Test
  void bytesThatAreNoLineInsertedAreSeenByTheCacheAndCountForNothing() throws IOException {
    for (String inserted : List.of("{\"hello\":1}\n", "\n")) {
      for (int i = 1; i < lines.size(); i++) {
        List<String> changed = new ArrayList<>(lines);
        changed.add(i, inserted);
        replaceBy(changed);
        everyRunRefuses();
        books.forgetCache();
        everyRunGoesOn(SUMS);
        assertThat(books.ledger().verify(Optional.empty()).pieces()).hasSize(2);
        Files.write(books.cache(), cache);
      }
    }
  }

  @Test
  void aLineRepeatedAtTheEnd() throws IOException {
    List<String> changed = new ArrayList<>(lines);
    changed.add(lines.get(7));
    replaceBy(changed);
    everyRunRefuses();
    refuses(verify(), whole.length);
    books.forgetCache();
    refuses(run(), whole.length);
  }

  @Test
  void theTailCutOff() throws IOException {
    for (int left = 1; left < lines.size(); left++) {
      if (left == TORN + 1) {
        continue;
      }
      replaceBy(lines.subList(0, left));
      everyRunRefuses();
      assertThatThrownBy(verify()).isInstanceOf(LogException.class);
      books.forgetCache();
      refuses(verifyByAnchor(), offset(left == TORN + 1 ? TORN : left));
      books.verify();
      Files.write(books.cache(), cache);
    }
    books.forgetCache();
    replaceBy(lines.subList(0, 7));
    everyRunGoesOn("0.375/1");
  }

  @Test
  void cutWithinAnyLine() throws IOException {
    for (int left = 1; left < whole.length - 1; left += 7) {
      books.replace(Arrays.copyOf(whole, left));
      assertThatThrownBy(run()).isInstanceOf(LogException.class);
      assertThatThrownBy(verify()).isInstanceOf(LogException.class);
      books.forgetCache();
      assertThatThrownBy(verifyByAnchor()).isInstanceOf(LogException.class);
      Files.write(books.cache(), cache);
    }
    books.replace(Arrays.copyOf(whole, 100));
    everyRunRefuses();
  }

  @Test
  void theLogEmptied() throws IOException {
    books.replace(new byte[0]);
    everyRunRefuses();
    refuses(verify(), 0);
    books.forgetCache();
    refuses(verifyByAnchor(), 0);
    everyRunGoesOn("0/0");
  }

  @Test
  void theLogGone() throws IOException {
    Files.delete(books.log());
    refuses(run(), 0);
    refuses(verify(), 0);
    everyRunRefuses();
    Files.delete(books.log());
    books.forgetCache();
    assertThatThrownBy(verify())
        .isInstanceOf(LogException.class)
        .hasMessage(books.log() + ": there is no log here");
    everyRunGoesOn("0/0");
  }

  @Test
  void anOlderCopy() throws IOException {
    books.spend("1");
    books.replace(whole);
    everyRunRefuses();
    assertThatThrownBy(verify()).isInstanceOf(LogException.class);
    Files.write(books.cache(), cache);
    books.verify(anchor);
    everyRunGoesOn(SUMS);
  }

  @Test
  void anotherLogBesideTheCache() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Books others = new Books(elsewhere, "2026-11-21T10:00:00Z", "UTC");
    others.spend("0.0625");
    books.replace(others.bytes());
    everyRunRefuses();
    assertThatThrownBy(verify()).isInstanceOf(LogException.class);
    books.forgetCache();
    assertThatThrownBy(verifyByAnchor()).isInstanceOf(LogException.class);
    everyRunGoesOn("0.0625/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"v\":2,", "\"v\":1,\"type\":\"bundle\","})
  void aNewerGraduatesLineIsNotGuessedAt(String field) throws IOException {
    String last = lines.get(7);
    String newer = field.contains("type") ? last.replace("\"type\":\"response\",", "") : last;
    List<String> changed = new ArrayList<>(lines);
    changed.set(7, newer.replace("\"v\":1,", field));
    replaceBy(changed);
    books.forgetCache();
    everyRunRefuses();
    assertThatThrownBy(verify())
        .isInstanceOf(LogException.class)
        .hasMessageContaining("offset " + offset(7))
        .hasMessageEndingWith("written by a newer Graduate");
  }

  @Test
  void unknownFieldsAreTolerated() throws IOException {
    List<String> changed = new ArrayList<>(lines);
    changed.set(7, lines.get(7).replace("\"v\":1,", "\"v\":1,\"mood\":{\"x\":[1]},"));
    replaceBy(changed);
    books.forgetCache();
    everyRunGoesOn(SUMS);
  }
}
