package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.BackwardReader;
import graduate.audit.LineReader;
import graduate.audit.LockedLog;
import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.Samples;
import graduate.audit.Sha256;
import graduate.harness.InMemory;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code log verify --accept-damage} leads out of every refusal and forgets nothing. */
class AcceptDamageTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir(factory = InMemory.class)
  Path folder;

  private Books books = new Books(Path.of(""), "2026-11-21T08:00:00Z", "UTC");
  private byte[] whole = {};
  private byte[] cache = {};
  private List<String> lines = List.of();

  /** Known costs, a settled call, one that is on its way, and one that ended without its cost. */
  @BeforeEach
  void write() throws IOException {
    books = new Books(folder, "2026-11-20T08:00:00Z", "UTC");
    books.spend("0.25");
    LogLine settled = books.admit("0.5");
    books.clock.advance(Duration.ofHours(20));
    books.settle(settled.id(), "0.125");
    books.admit("1");
    books.answer(books.admit("2"), null);
    books.spend("4");
    remember();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("4/3");
  }

  private void remember() throws IOException {
    whole = books.bytes();
    cache = Files.readAllBytes(books.cache());
    lines = books.lines();
  }

  private Path accept() {
    return books.accept();
  }

  /** Accepts whatever damage there is and checks that nothing readable is forgotten. */
  private Path acceptAndCheck() throws IOException {
    byte[] damaged = books.bytes();
    Map<String, BigDecimal> costs = new HashMap<>();
    Map<String, BigDecimal> held = new HashMap<>();
    read(costs, held);
    if (Files.exists(books.cache())) {
      JSON
          .readTree(Files.readAllLines(books.cache()).get(1))
          .path("balance")
          .path("open")
          .properties()
          .stream()
          .filter(call -> call.getValue().has("settled_usd"))
          .forEach(call -> held.remove(call.getKey()));
    }
    BigDecimal spent = costs.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);

    Path aside = accept();
    assertThat(Files.readAllBytes(aside)).isEqualTo(damaged);
    assertThat(books.verify().seq()).isEqualTo(1);
    for (int reading = 0; reading < 2; reading++) {
      Balance balance = books.balance();
      assertThat(balance.standing(Books.TOTAL, books.clock.instant()).committed().spent())
          .isGreaterThanOrEqualTo(spent);
      held.forEach(
          (id, usd) ->
              assertThat(balance.open.values())
                  .anySatisfy(
                      call -> {
                        assertThat(call.id()).isEqualTo(id);
                        assertThat(call.held()).isTrue();
                        assertThat(call.reserved()).isGreaterThanOrEqualTo(usd);
                      }));
      books.forgetCache();
    }
    return aside;
  }

  /** What the lines that parse say, counted apart from the program's own sums. */
  private void read(Map<String, BigDecimal> costs, Map<String, BigDecimal> held)
      throws IOException {
    if (!Files.exists(books.log())) {
      return;
    }
    try (LineReader reader = LineReader.of(books.log(), 0)) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        JsonNode carried = line.field("balance");
        if (line.type().equals("carried") || carried.isObject()) {
          carried.path("days").forEach(usd -> costs.merge("", usd.decimalValue(), BigDecimal::add));
          carried.path("open").properties().forEach(c -> hold(c.getKey(), c.getValue(), held));
        } else if (line.usd("cost_usd").isPresent()) {
          costs.put(line.call(), line.usd("cost_usd").get());
          held.remove(line.call());
        } else if (!costs.containsKey(line.call())) {
          held.put(line.call(), line.usd("reserved_usd").orElse(BigDecimal.ZERO));
        }
      }
    }
  }

  private static void hold(String id, JsonNode call, Map<String, BigDecimal> held) {
    if (!call.has("settled_usd")) {
      held.put(id, call.path("reserved_usd").decimalValue());
    }
  }

  @Test
  void theNewLogBeginsWithALineThatNamesTheOldOneAndItsDamage() throws IOException {
    books.replace(Arrays.copyOf(whole, whole.length - 100));
    Path aside = acceptAndCheck();
    JsonNode first = JSON.readTree(books.lines().get(0));
    assertThat(first.path("type").asText()).isEqualTo("carried");
    assertThat(first.path("file").asText()).isEqualTo(String.valueOf(aside.getFileName()));
    assertThat(first.path("damage").asText()).contains("line 9, which spend.json knows");
    assertThat(first.path("prev").asText()).isEqualTo("0".repeat(64));
    assertThat(Files.getPosixFilePermissions(aside)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(books.log())).hasSize(2);
  }

  @Test
  void theLogGoesOnWithTheSameSumsWindowsAndCalls() throws IOException {
    List<String> changed = new ArrayList<>(lines);
    changed.set(0, "x" + lines.get(0));
    books.replace(changed.toArray(String[]::new));
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("4/3");
    books.spend("0.5");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("4.5/3");
    books.clock.advance(Duration.ofHours(1));
    settleAll("1");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("6.875/0");
    books.forgetCache();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("6.875/0");
  }

  private void settleAll(String usd) {
    List<String> held =
        books.balance().open.values().stream().filter(OpenCall::held).map(OpenCall::id).toList();
    held.forEach(id -> books.settle(id, usd));
  }

  @Test
  void anAnswerThatCameMeanwhileSettlesItsCall() throws IOException {
    LogLine call = books.admit("8");
    books.replace(("x" + new String(books.bytes(), UTF_8)).getBytes(UTF_8));
    acceptAndCheck();
    books.answer(call, "0.5");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.875/3");
  }

  @Test
  void whatTheLogLostTheCacheStillKnows() throws IOException {
    for (int left : new int[] {0, 100, whole.length / 2}) {
      put(Arrays.copyOf(whole, left), cache);
      acceptAndCheck();
      assertThat(books.standing(Cap.Per.TOTAL)).startsWith("4.375/");
    }
    Files.delete(books.log());
    Files.write(books.cache(), cache);
    books.clock.advance(Duration.ofMillis(1));
    accept();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
  }

  @Test
  void aSetAsideLogsAnswersAreStillAnswers() throws IOException {
    books.replace(Arrays.copyOf(whole, whole.length - 2));
    acceptAndCheck();
    OncePer once =
        new OncePer(books.ledger(), Cap.Per.MONTH, new Asked(Samples.PROMPT.sha256(), "", ""));
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNull();
    AuditLog log = new AuditLog(folder, books.clock);
    List<String> answered = new ArrayList<>();
    try (BackwardReader reader = new BackwardReader(log, Samples.PROMPT.sha256())) {
      for (LogLine line = reader.previous(); line != null; line = reader.previous()) {
        answered.add(line.text("outcome"));
      }
    }
    assertThat(answered).contains("answered");
  }

  @Test
  void aLogWithoutDamageIsLeftAlone() {
    assertThat(books.ledger().acceptDamage()).isEmpty();
    assertThat(books.bytes()).isEqualTo(whole);
  }

  /** Another has set the damaged log aside when it gets the lock. */
  @Test
  void damageIsLookedForUnderTheLock() throws Exception {
    byte[] damaged = whole.clone();
    damaged[10] ^= 1;
    books.replace(damaged);
    FutureTask<Optional<Ledger.Accepted>> waiting =
        new FutureTask<>(() -> books.ledger().acceptDamage());
    Thread thread = new Thread(waiting, "waiting");
    try (LockedLog locked = new AuditLog(folder, books.clock).lock(Books.WAIT)) {
      assertThat(locked.now()).isNotNull();
      thread.start();
      while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      books.replace(whole);
    }
    assertThat(waiting.get()).isEmpty();
    assertThat(books.bytes()).isEqualTo(whole);
  }

  @Test
  void aResponseWhoseRequestLineIsUnreadableKeepsItsCallHeld() throws IOException {
    String request = lines.get(5);
    assertThat(request).contains("\"reserved_usd\":2");
    List<String> changed = new ArrayList<>(lines);
    changed.set(5, request.replace("{", "x"));
    books.replace(changed.toArray(String[]::new));
    books.forgetCache();
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
    books.clock.advance(Duration.ofHours(1));
    settleAll("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/0");
  }

  @Test
  void anAnswerThatOnlyTheCacheKnowsDoesNotCloseTheCallThatTheLogHasOpen() throws IOException {
    // Nothing says which cost in the cache's sums was this call's: its owner settles it.
    books.replace(Arrays.copyOf(whole, whole.length - 2));
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/7");
    books.clock.advance(Duration.ofHours(1));
    settleAll("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/0");
  }

  private boolean isWhole() {
    try {
      return books.verify().seq() > 0;
    } catch (LogException e) {
      return false;
    }
  }

  /** The second time round the log has a first line of type {@code carried}. */
  @ParameterizedTest
  @CsvSource({"false, 7", "true, 11"})
  void aChangedByteAnywhereForgetsNothing(boolean cached, int step) throws IOException {
    books.replace("{}\n" + new String(whole, UTF_8));
    accept();
    LogLine held = books.admit("0.0625");
    books.answer(held, null);
    books.spend("0.03125");
    remember();
    for (int at = 0; at < whole.length - 1; at += step) {
      for (int bits : at % 3 == 0 ? new int[] {1, 0x80} : new int[] {1}) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) bits;
        put(changed, cache);
        if (!cached) {
          books.forgetCache();
        }
        if (isWhole()) {
          // Of the last line nothing speaks but the cache.
          assertThat(cached).isFalse();
          assertThat(at).isGreaterThanOrEqualTo(String.join("", lines).lastIndexOf("{\"v\""));
          continue;
        }
        Path aside = acceptAndCheck();
        if (cached) {
          Standing now = books.balance().standing(Books.TOTAL, books.clock.instant());
          assertThat(now.committed().spent()).isGreaterThanOrEqualTo(new BigDecimal("4.40625"));
          assertThat(now.committed().held()).isGreaterThanOrEqualTo(new BigDecimal("3.0625"));
        }
        Files.delete(aside);
      }
    }
  }

  @Test
  void inAnotherZoneNoDayEndsSooner() throws IOException {
    books.replace(("x" + new String(whole, UTF_8)).getBytes(UTF_8));
    books.zone = ZoneId.of("Asia/Tokyo");
    acceptAndCheck();
    // A carried day may be one off in another zone: it is taken as the later one.
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("4.375/3");
    books.clock.advance(Duration.ofDays(1));
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("4/0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
    books.clock.advance(Duration.ofDays(1));
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
  }

  @Test
  void aNewerGraduatesLinesAreSetAsideToo() throws IOException {
    List<String> changed = new ArrayList<>(lines);
    changed.set(8, lines.get(8).replace("\"v\":1,", "\"v\":2,"));
    books.replace(changed.toArray(String[]::new));
    books.forgetCache();
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.375/3");
  }

  @Test
  void acceptedTwiceItStillForgetsNothing() throws IOException {
    for (int time = 0; time < 2; time++) {
      books.spend("0.5");
      books.clock.advance(Duration.ofMillis(1));
      books.replace("x" + new String(books.bytes(), UTF_8));
      acceptAndCheck();
    }
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("5.375/3");
  }

  @Test
  void aCrashBetweenItsStepsLeavesAWayOn() throws IOException {
    // Two lines behind the cached one are readable, an earlier one is not.
    byte[] cachedAt = cache;
    books.spend("0.5");
    byte[] damaged = ("x" + new String(books.bytes(), UTF_8)).getBytes(UTF_8);
    Path fresh = folder.resolve("audit.jsonl.new");
    Path linked = folder.resolve("audit-damaged-earlier.jsonl");

    // The new file half written.
    put(damaged, cachedAt);
    Files.writeString(fresh, "{\"v\":1,\"se");
    isStillRefused();
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.875/3");
    byte[] carried = books.bytes();
    assertThat(fresh).doesNotExist();

    // The new file whole, the old one linked.
    put(damaged, cachedAt);
    create(fresh, carried);
    Files.createLink(linked, books.log());
    isStillRefused();
    acceptAndCheck();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.875/3");
    assertThat(Files.readAllBytes(linked)).isEqualTo(damaged);

    // The new file in place, the cache still the old log's.
    put(damaged, cachedAt);
    create(fresh, carried);
    Files.move(fresh, books.log(), StandardCopyOption.ATOMIC_MOVE);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.875/3");
    books.admit("0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("4.875/3");
    books.verify();
    assertThat(Sha256.of(carried)).isNotEqualTo(Sha256.of(damaged));
  }

  /** Other files in place of those there are: what was linked to them stays as it is. */
  private void put(byte[] log, byte[] ofCache) throws IOException {
    Files.deleteIfExists(books.log());
    create(books.log(), log);
    Files.write(books.cache(), ofCache);
    books.clock.advance(Duration.ofMillis(1));
  }

  private static void create(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void isStillRefused() {
    assertThatThrownBy(() -> books.balance()).isInstanceOf(LogException.class);
  }
}
