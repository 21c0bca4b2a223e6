package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.Samples;
import graduate.audit.Sha256;
import graduate.audit.Source;
import graduate.harness.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
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
    return BalanceJson.of(books.balance());
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
    JsonNode rebuilt = json();
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

  private JsonNode json() throws IOException {
    return JSON.readTree(Files.readAllLines(books.cache()).get(1));
  }

  /** With the right sum over other contents, as another version of the program would write it. */
  private void write(ObjectNode json) throws IOException {
    String rest = json + "\n";
    Files.writeString(books.cache(), Sha256.of(rest.getBytes(UTF_8)) + "\n" + rest);
  }

  @Test
  void ofAnotherLogIsDamage() throws IOException {
    Books others = new Books(folder.resolve("others"), "2026-11-20T23:30:00Z", "UTC");
    others.spend("7");
    Files.write(books.cache(), Files.readAllBytes(others.cache()));
    assertThatThrownBy(books::balance)
        .isInstanceOf(LogException.class)
        .hasMessageContaining("which spend.json knows, is not there");
  }

  @Test
  void ofAnotherVersionOrOfNone() throws IOException {
    ObjectNode other = (ObjectNode) json();
    write(other);
    assertThat(Files.readAllBytes(books.cache())).isEqualTo(cache);
    ((ObjectNode) other.path("balance")).put("before_usd", 5);
    write(other);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("5.375/0.5");
    write(other.put("version", 3));
    givesTheSameSums();
    other.remove("version");
    write(other);
    givesTheSameSums();
    isRebuilt();
  }

  @Test
  void growsWithDaysAndOpenCallsAlone() throws IOException {
    long before = Files.size(books.cache());
    for (int i = 0; i < 100; i++) {
      Source input = new Source("in", Sha256.of(new byte[] {(byte) i}));
      books.answer(books.admit("0.5", input), "0.0625");
    }
    assertThat(Files.size(books.cache())).isBetween(before, before + 100);
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
    LogLine call = books.admit("1");
    books.answer(call, "0.75");
    books.admit("2");
    JsonNode now = balance();
    Files.write(books.cache(), cache);
    assertThat(balance()).isEqualTo(now);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("1.125/2.5");
  }

  @Test
  void whoWroteALineGoesByItOnlyWhileItIsThere() throws IOException {
    Ledger ledger = books.ledger();
    append(ledger);
    byte[] log = books.bytes();
    books.spend("0.0625");
    append(ledger);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.4375/0.625");
    books.replace(log);
    assertThatThrownBy(() -> append(ledger))
        .isInstanceOf(LogException.class)
        .hasMessageContaining(", which spend.json knows, is not there");
    assertThat(books.bytes()).isEqualTo(log);
  }

  private static void append(Ledger ledger) {
    try (Session session = ledger.open(Books.WAIT)) {
      session.append(Samples.request(session.newId(), session.now(), "0.0625"));
    }
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
    assertThat(json().path("balance").toString()).contains(Samples.PROMPT.sha256());
    books.forgetCache();
    givesTheSameSums();
  }
}
