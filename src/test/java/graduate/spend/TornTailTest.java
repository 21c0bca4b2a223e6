package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.Sha256;
import graduate.harness.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A last line that did not reach the disk whole is closed by the next writer and recorded. */
class TornTailTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir(factory = InMemory.class)
  Path folder;

  private Books books = new Books(Path.of(""), "2026-11-21T08:00:00Z", "UTC");
  private byte[] before = {};
  private byte[] cacheBefore = {};

  @BeforeEach
  void twoCalls() throws IOException {
    books = new Books(folder, "2026-11-21T08:00:00Z", "UTC");
    books.spend("0.25");
    LogLine call = books.admit("0.5");
    before = books.bytes();
    cacheBefore = Files.readAllBytes(books.cache());
    books.answer(call, "0.125");
  }

  private void cache(boolean cached) throws IOException {
    books.forgetCache();
    if (cached) {
      Files.write(books.cache(), cacheBefore);
    }
  }

  /** The log reads on: from the cache, and whole. */
  private void appendAndRead(String sums) {
    books.admit("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(sums);
    books.forgetCache();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(sums);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutAtEveryByteItIsSealedAndRecordedAndTheLogReadsOn(boolean cached) throws IOException {
    byte[] whole = books.bytes();
    for (int cut = before.length + 1; cut < whole.length - 1; cut++) {
      byte[] torn = Arrays.copyOf(whole, cut);
      books.replace(torn);
      cache(cached);

      assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.25/0.5");
      assertThat(books.bytes()).describedAs("readers seal nothing").isEqualTo(torn);
      appendAndRead("0.25/0.5");

      byte[] after = books.bytes();
      assertThat(Arrays.copyOf(after, cut)).isEqualTo(torn);
      assertThat(after[cut]).isEqualTo((byte) '\n');
      JsonNode line = JSON.readTree(Arrays.copyOfRange(after, cut + 1, after.length));
      String lastGood = books.lines().get(2).strip();
      assertThat(line.path("seq").asInt()).isEqualTo(4);
      assertThat(line.path("prev").asText()).isEqualTo(Sha256.of(lastGood.getBytes(UTF_8)));
      assertThat(books.ledger().verify(Optional.empty()).pieces())
          .containsExactly(new LogReader.Piece(before.length, cut - before.length));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLastLineThatOnlyLacksItsNewlineCounts(boolean cached) throws IOException {
    byte[] whole = books.bytes();
    books.replace(Arrays.copyOf(whole, whole.length - 1));
    cache(cached);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.375/0");
    appendAndRead("0.375/0");
    assertThat(Arrays.copyOf(books.bytes(), whole.length)).isEqualTo(whole);
    assertThat(books.lines()).hasSize(5);
    assertThat(books.ledger().verify(Optional.empty()).pieces()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSealThatIsTornItselfIsSealedAgain(boolean cached) throws IOException {
    byte[] whole = books.bytes();
    byte[] torn = Arrays.copyOf(whole, before.length + 300);
    books.replace(torn);
    cache(cached);
    books.admit("0");
    books.verify();
    byte[] sealed = books.bytes();
    // A newline alone behind the torn bytes would be a line that was good: see below.
    for (int cut = torn.length + 2; cut < sealed.length - 1; cut += 5) {
      books.replace(Arrays.copyOf(sealed, cut));
      cache(cached);
      appendAndRead("0.25/0.5");
    }
  }

  @Test
  void theFirstLineMayBeTorn() throws IOException {
    byte[] whole = books.bytes();
    for (int cut = 1; cut < 200; cut++) {
      books.replace(Arrays.copyOf(whole, cut));
      books.forgetCache();
      appendAndRead("0/0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0\0\0\0", "{}\n{", "[", "\r", "\n\n\n{", "\u00e9"})
  void whateverStandsBehindTheLastLineWithoutANewlineIsClosed(String rest) throws IOException {
    for (boolean cached : new boolean[] {false, true}) {
      books.replace(new String(before, UTF_8) + rest);
      cache(cached);
      appendAndRead("0.25/0.5");
      assertThat(books.ledger().verify(Optional.empty()).pieces()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "{}\n", "{}\n{}\n", "\r\n", "\0\0\n"})
  void aLastLineThatHasItsNewlineAndDoesNotParseIsDamage(String rest) throws IOException {
    for (boolean cached : new boolean[] {false, true}) {
      books.replace(new String(before, UTF_8) + rest);
      cache(cached);
      assertThatThrownBy(() -> books.admit("0"))
          .isInstanceOf(LogException.class)
          .hasMessageContaining("the last line cannot be read");
      assertThat(books.bytes()).hasSize(before.length + rest.length());
    }
  }

  @Test
  void aTornRequestWasNeverSentAndIsNotHeld() throws IOException {
    byte[] whole = books.bytes();
    books.admit("0.0625");
    books.replace(Arrays.copyOf(books.bytes(), books.bytes().length - 2));
    books.forgetCache();
    appendAndRead("0.375/0");
    assertThat(whole.length).isLessThan(books.bytes().length);
  }
}
