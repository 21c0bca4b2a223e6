package graduate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.audit.AuditLog;
import graduate.audit.Position;
import graduate.spend.Cap;
import graduate.spend.Ledger;
import graduate.spend.Standing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;

/** What the log in a folder says, read by the program's own code; the cache is made use of. */
public record Accounts(Path logs) {
  /** Every call can cost one cent at the most, and costs 2 µ$ where 2 tokens came. */
  public static final String SETTINGS =
      """
      {"request": {"max_completion_tokens": 10000}, "retry": 0,
       "prices": {"gpt-5.6-luna": {"input": 0, "output": 1}},
       "caps": [{"usd": 1, "per": "total"}]}
      """;

  public static final BigDecimal RESERVED = new BigDecimal("0.01");
  public static final BigDecimal COST = new BigDecimal("0.000002");

  public static Accounts of(Program program) {
    return new Accounts(program.home().resolve("logs"));
  }

  private Ledger ledger() {
    return new Ledger(new AuditLog(logs, Clock.systemUTC()), logs, ZoneOffset.UTC);
  }

  /** Reads the whole log; throws where a line does not chain. */
  public Position verify() {
    return ledger().verify(Optional.empty()).end();
  }

  /** The calls without a known cost. */
  public int open() {
    return ledger().balance().held().size();
  }

  public BigDecimal held() {
    return total().committed().held();
  }

  public BigDecimal spent() {
    return total().committed().spent();
  }

  /**
   * What a fault has left is whole: the next run calls, {@code lines} come before its two, and no
   * byte and no amount is lost.
   */
  public static void theNextRunWorks(
      Program program, Path prompt, long lines, BigDecimal held, String where) throws IOException {
    byte[] before = Files.exists(program.log()) ? Files.readAllBytes(program.log()) : new byte[0];
    Program.Ended next;
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"))) {
      next = program.at(server.port()).here(prompt);
    }
    assertThat(next.stderr()).as(where).isEmpty();
    assertThat(next.exit()).as(where).isZero();
    assertThat(next.out()).as(where).isEqualTo("Hello!\n");
    byte[] after = Files.readAllBytes(program.log());
    assertThat(Arrays.copyOf(after, before.length)).as(where).isEqualTo(before);
    assertThat(of(program).verify().seq()).as(where).isEqualTo(lines + 2);
    assertThat(of(program).held()).as(where).isEqualByComparingTo(held);
  }

  private Standing total() {
    Cap all = new Cap(BigDecimal.ZERO, Cap.Per.TOTAL);
    return ledger().balance().standing(all, Clock.systemUTC().instant());
  }
}
