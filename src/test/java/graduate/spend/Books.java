package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;

import graduate.audit.AuditLog;
import graduate.audit.Entry;
import graduate.audit.LogLine;
import graduate.audit.Position;
import graduate.audit.Samples;
import graduate.audit.Source;
import graduate.harness.SetClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder with a log and its cache; each ledger it opens is as that of a new process. */
final class Books {
  static final Duration WAIT = Duration.ofSeconds(60);
  static final Cap TOTAL = cap("1000000", Cap.Per.TOTAL);

  final Path folder;
  final SetClock clock;
  ZoneId zone;

  Books(Path folder, String now, String zone) {
    this.folder = folder;
    this.clock = new SetClock(now);
    this.zone = ZoneId.of(zone);
  }

  static Cap cap(String usd, Cap.Per per) {
    return new Cap(new BigDecimal(usd), per);
  }

  Ledger ledger() {
    return new Ledger(new AuditLog(folder, clock), folder, zone);
  }

  Balance balance() {
    return ledger().balance();
  }

  /** Reads the whole log; throws where it is damaged. */
  Position verify() {
    return ledger().verify(Optional.empty()).end();
  }

  Position verify(Ledger.Anchor anchor) {
    return ledger().verify(Optional.of(anchor)).end();
  }

  void settle(String call, String usd) {
    settle(List.of(call), new BigDecimal(usd));
  }

  Collection<OpenCall> settle(List<String> calls, BigDecimal usd) {
    try (Session session = ledger().open(WAIT)) {
      return new Held(session).settle(calls, usd, "looked at the bill");
    }
  }

  /** Sets the damaged log aside. */
  Path accept() {
    return ledger().acceptDamage().orElseThrow().aside();
  }

  Path log() {
    return folder.resolve("audit.jsonl");
  }

  Path cache() {
    return folder.resolve("spend.json");
  }

  LogLine admit(String usd, Cap... caps) {
    return admit(usd, Samples.PROMPT, caps);
  }

  LogLine admit(String usd, Source prompt, Cap... caps) {
    return Objects.requireNonNull(ask(usd, prompt, null, caps));
  }

  /** A call that is on its way; null where {@code once} finds it needless. */
  @Nullable LogLine ask(String usd, Source prompt, @Nullable OncePer once, Cap... caps) {
    return ask(usd, prompt, null, false, once, caps);
  }

  /** A call to a saved answer. */
  LogLine replay() {
    return Objects.requireNonNull(
        ask("0", Samples.PROMPT, null, true, null, cap("0", Cap.Per.DAY)));
  }

  private @Nullable LogLine ask(
      String usd,
      Source prompt,
      @Nullable Source input,
      boolean replay,
      @Nullable OncePer once,
      Cap... caps) {
    Ledger ledger = ledger();
    if (once != null) {
      once.read(clock.instant());
    }
    try (Session session = ledger.open(WAIT)) {
      if (once != null && once.isDone(session)) {
        return null;
      }
      session.require(new BigDecimal(usd), List.of(caps), Committed.NOTHING);
      return session.append(
          Samples.request(session.newId(), session.now(), usd, prompt, input, replay));
    }
  }

  Balance answer(LogLine call, @Nullable String cost) {
    return record(Samples.response(call, cost));
  }

  Balance end(LogLine call, @Nullable String cost, String outcome) {
    return record(Samples.response(call, cost, outcome, null));
  }

  private Balance record(Entry entry) {
    try (Session session = ledger().open(WAIT)) {
      session.append(entry);
      return session.balance();
    }
  }

  /** One whole call. */
  LogLine spend(String usd) {
    LogLine call = admit(usd);
    answer(call, usd);
    return call;
  }

  LogLine spend(String usd, String at) {
    clock.set(at);
    return spend(usd);
  }

  /** How a cap of {@code per} stands now: {@code spent/held}. */
  String standing(Cap.Per per) {
    return standing(ledger().balance(), per);
  }

  String standing(Balance balance, Cap.Per per) {
    Standing standing = balance.standing(cap("1", per), clock.instant());
    return plain(standing.committed().spent()) + "/" + plain(standing.committed().held());
  }

  static String plain(BigDecimal usd) {
    return usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
  }

  /** The log's lines, each with its newline. */
  List<String> lines() {
    String text = new String(bytes(), UTF_8);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at) + 1;
      lines.add(text.substring(at, end == 0 ? text.length() : end));
      at = end == 0 ? text.length() : end;
    }
    return lines;
  }

  byte[] bytes() {
    try {
      return Files.exists(log()) ? Files.readAllBytes(log()) : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void replace(String... lines) {
    replace(String.join("", lines).getBytes(UTF_8));
  }

  /** Other bytes in the same file, as an editor or a bad disk leaves them. */
  void replace(byte[] log) {
    try {
      Files.write(log(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void forgetCache() {
    try {
      Files.deleteIfExists(cache());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
