package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.audit.InMemory;
import graduate.audit.LogException;
import graduate.audit.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of {@code spend.json}, the sums are those of the log. */
class CacheTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir(factory = InMemory.class)
  Path folder;

  private Books books = new Books(Path.of(""), "2026-11-20T08:00:00Z", "UTC");
  private byte[] cache = {};
  private JsonNode balance = JSON.createObjectNode();

  @BeforeEach
  void threeCalls() throws IOException {
    books = new Books(folder, "2026-11-20T23:30:00Z", "UTC");
    books.spend("0.25");
    books.clock.advance(Duration.ofHours(1));
    books.admit("0.5");
    books.spend("0.125");
    cache = Files.readAllBytes(books.cache());
    balance = balance();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.375/0.5");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.125/0.5");
  }

  private JsonNode balance() {
    return books.balance().json();
  }

  private void givesTheSameSums() {
    assertThat(balance()).isEqualTo(balance);
  }

  /** Also for the next writer, who then leaves a whole cache. */
  private void isRebuilt() throws IOException {
    givesTheSameSums();
    byte[] log = books.bytes();
    books.admit("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.375/0.5");
    JsonNode rebuilt = JSON.readTree(Files.readString(books.cache()));
    assertThat(rebuilt.path("end").asLong()).isEqualTo(books.bytes().length);
    books.replace(log);
  }

  @Test
  void deleted() throws IOException {
    books.forgetCache();
    isRebuilt();
  }

  @Test
  void truncatedAtAnyByte() throws IOException {
    for (int left = 0; left < cache.length; left++) {
      Files.write(books.cache(), Arrays.copyOf(cache, left));
      givesTheSameSums();
    }
    isRebuilt();
  }

  @Test
  void anyByteChanged() throws IOException {
    for (int at = 0; at < cache.length; at++) {
      byte[] changed = cache.clone();
      changed[at] ^= 1;
      Files.write(books.cache(), changed);
      givesTheSameSums();
    }
    isRebuilt();
  }

  @Test
  void somethingElseInItsPlace() throws IOException {
    for (String other :
        new String[] {"null", "[]", "{\"sha256\":\"\"}", "\u0000", "{".repeat(5000)}) {
      Files.writeString(books.cache(), other);
      givesTheSameSums();
    }
    books.forgetCache();
    Files.createDirectories(books.cache().resolve("sub"));
    givesTheSameSums();
    books.admit("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.375/0.5");
  }

  @Test
  void aFolderWhereTheNewOneIsMade() throws IOException {
    Files.createDirectories(folder.resolve("spend.json.new").resolve("sub"));
    books.spend("0.0625");
    assertThat(Files.readAllBytes(books.cache())).isEqualTo(cache);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.4375/0.5");
  }

  @Test
  void leftHalfWrittenByACrash() throws IOException {
    Files.write(folder.resolve("spend.json.new"), Arrays.copyOf(cache, 100));
    books.spend("0.0625");
    assertThat(folder.resolve("spend.json.new")).doesNotExist();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.4375/0.5");
  }

  @Test
  void ofAnotherLog() throws IOException {
    Books others = new Books(folder.resolve("others"), "2026-11-20T23:30:00Z", "UTC");
    others.spend("7");
    Files.copy(others.cache(), Files.createDirectories(folder).resolve("copy"));
    Files.write(books.cache(), Files.readAllBytes(folder.resolve("copy")));
    isRebuilt();
  }

  @Test
  void ofAnotherZone() throws IOException {
    books.zone = ZoneId.of("Asia/Tokyo");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.375/0.5");
    books.admit("0");
    byte[] tokyo = Files.readAllBytes(books.cache());
    assertThat(new String(tokyo, UTF_8)).contains("\"zone\":\"Asia/Tokyo\"");
    books.zone = ZoneId.of("UTC");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.125/0.5");
  }

  @Test
  void fromBeforeTheLastLines() throws IOException {
    Books.Call call = books.admit("1");
    books.answer(call, "0.75");
    books.admit("2");
    JsonNode now = balance();
    Files.write(books.cache(), cache);
    assertThat(balance()).isEqualTo(now);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("1.125/2.5");
  }

  @Test
  void whoWroteItGoesByItOnlyWhileItIsAsItWasWritten() throws IOException {
    Ledger ledger = books.ledger();
    ledger.admit(List.of(), null, 0, Books.WAIT, (now, id) -> Samples.request(id, now, "0.0625"));
    assertThat(ledger.balance().json()).isEqualTo(balance());
    byte[] log = books.bytes();
    books.spend("0.0625");
    assertThat(ledger.balance().json()).isEqualTo(balance());
    books.replace(log);
    assertThatThrownBy(ledger::balance)
        .isInstanceOf(LogException.class)
        .hasMessageContaining("line 8, which spend.json knows, is not there");
    books.forgetCache();
    assertThat(ledger.balance().json()).isEqualTo(balance());
  }

  @Test
  void readsOnlyWhatItDoesNotCover() throws IOException {
    // A line before the cached one is broken: who reads it would refuse.
    byte[] log = books.bytes();
    log[10] ^= 1;
    books.replace(log);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.375/0.5");
  }

  @Test
  void isTheOwnersAloneAndHoldsWhatTheLogHolds() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(books.cache())))
        .isEqualTo("rw-------");
    books.forgetCache();
    givesTheSameSums();
    assertThat(JSON.readTree(cache).path("balance").toString()).contains(Samples.PROMPT.sha256());
  }
}
