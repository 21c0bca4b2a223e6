package graduate.spend;

import static java.nio.charset.StandardCharsets.UTF_8;

import graduate.audit.AuditLog;
import graduate.audit.Position;
import graduate.audit.RequestEntry;
import graduate.audit.ResponseEntry;
import graduate.audit.Samples;
import graduate.audit.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder with a log and its cache; each ledger it opens is as that of a new process. */
final class Books {
  static final Duration WAIT = Duration.ofSeconds(60);
  static final Cap TOTAL = cap("1000000", Cap.Per.TOTAL);

  final Path folder;
  final Samples.SetClock clock;
  ZoneId zone;

  Books(Path folder, String now, String zone) {
    this.folder = folder;
    this.clock = new Samples.SetClock(now);
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
    return ledger().verify(Optional.empty());
  }

  Position verify(Ledger.Anchor anchor) {
    return ledger().verify(Optional.of(anchor));
  }

  void settle(String call, String usd) {
    ledger().settle(call, new BigDecimal(usd), "looked at the bill");
  }

  /** Sets the damaged log aside. */
  Path accept() {
    return ledger().acceptDamage("some damage");
  }

  Path log() {
    return folder.resolve("audit.jsonl");
  }

  Path cache() {
    return folder.resolve("spend.json");
  }

  /** A call that is on its way. */
  record Call(RequestEntry entry, Instant at) {
    String id() {
      return entry.id();
    }
  }

  Call admit(String usd, Cap... caps) {
    return admit(usd, Samples.PROMPT, caps);
  }

  Call admit(String usd, Source prompt, Cap... caps) {
    return Objects.requireNonNull(ask(usd, prompt, null, caps));
  }

  /** A call that is on its way; null where {@code once} finds it needless. */
  @Nullable Call ask(String usd, Source prompt, @Nullable OncePer once, Cap... caps) {
    Ledger.Admission admission =
        ledger()
            .admit(
                List.of(caps),
                once,
                1000,
                WAIT,
                (now, id) -> Samples.request(id, now, usd, prompt, null, false));
    return admission.entry() == null ? null : new Call(admission.entry(), admission.at());
  }

  Balance answer(Call call, @Nullable String cost) {
    return ledger().record(Samples.response(call.entry(), call.at(), cost), WAIT);
  }

  Balance end(Call call, @Nullable String cost, String outcome) {
    ResponseEntry entry = Samples.response(call.entry(), call.at(), cost, outcome, null);
    return ledger().record(entry, WAIT);
  }

  /** One whole call. */
  Call spend(String usd) {
    Call call = admit(usd);
    answer(call, usd);
    return call;
  }

  Call spend(String usd, String at) {
    clock.set(at);
    return spend(usd);
  }

  /** How a cap of {@code per} stands now: {@code spent/held}. */
  String standing(Cap.Per per) {
    return standing(ledger().balance(), per);
  }

  String standing(Balance balance, Cap.Per per) {
    Standing standing = balance.standing(cap("1", per), clock.instant());
    return plain(standing.spent()) + "/" + plain(standing.held());
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
