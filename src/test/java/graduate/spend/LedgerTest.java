package graduate.spend;

import static graduate.spend.Books.cap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.LogGenerator;
import graduate.audit.AuditLog;
import graduate.audit.InMemory;
import graduate.audit.LogReader;
import graduate.audit.Samples;
import graduate.audit.Source;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a ledger admits, and what it holds and counts afterwards. */
class LedgerTest {
  private static final Cap DAY = cap("1.00", Cap.Per.DAY);

  @TempDir Path folder;
  private Books books = new Books(Path.of(""), "2026-11-21T08:00:00Z", "UTC");

  @BeforeEach
  void open() {
    books = new Books(folder, "2026-11-21T08:00:00Z", "UTC");
  }

  @ParameterizedTest
  @EnumSource(Cap.Per.class)
  void admitsWhatIsLeftAndNotAMillionthOfACentMore(Cap.Per per) {
    Cap cap = cap("1.00", per);
    if (per != Cap.Per.CALL) {
      books.answer(books.admit("0.5", cap), "0.3");
      books.admit("0.2", cap);
    }
    String left = per == Cap.Per.CALL ? "1" : "0.5";
    String more = new BigDecimal(left).add(new BigDecimal("0.00000001")).toString();
    int lines = per == Cap.Per.CALL ? 0 : books.lines().size();
    assertThatThrownBy(() -> books.admit(more, cap)).isInstanceOf(CapExceededException.class);
    assertThat(books.lines()).hasSize(lines);
    assertThat(books.admit(left, cap)).isNotNull();
  }

  @Test
  void aRefusalNamesTheCapThatRefusesAndHowItStands() {
    books.answer(books.admit("0.5"), "0.3");
    books.admit("0.2");
    assertThatThrownBy(
            () -> books.admit("0.6", cap("10", Cap.Per.MONTH), DAY, cap("0", Cap.Per.TOTAL)))
        .isInstanceOfSatisfying(
            CapExceededException.class,
            e -> {
              assertThat(e.worst()).isEqualByComparingTo("0.6");
              assertThat(e.standing().cap()).isEqualTo(DAY);
              assertThat(e.standing().spent()).isEqualByComparingTo("0.3");
              assertThat(e.standing().held()).isEqualByComparingTo("0.2");
              assertThat(e.standing().heldCalls()).isEqualTo(1);
              assertThat(e.standing().left()).isEqualByComparingTo("0.5");
            });
  }

  @Test
  void aCallOfNothingIsAlwaysAdmitted() {
    books.answer(books.admit("1", DAY), "5");
    Cap passed = cap("0", Cap.Per.CALL).less(BigDecimal.ONE);
    assertThat(books.admit("0", DAY, passed)).isNotNull();
    assertThat(books.admit("0.000", DAY)).isNotNull();
  }

  @Test
  void noCapsMeanNoLimit() {
    assertThat(books.admit("99999999")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "answered, 0.25, 0.25/0",
    "answered, , 0/0.5",
    "answered, 0.75, 0.75/0",
    "incomplete, 0.25, 0.25/0",
    "refused, 0, 0/0",
    "failed, , 0/0.5",
    "unknown, , 0/0.5",
  })
  void settlesByTheCostThatIsKnownAndHoldsTheRest(String outcome, String cost, String standing) {
    Books.Call call = books.admit("0.5");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0.5");
    assertThat(books.standing(books.end(call, cost, outcome), Cap.Per.DAY)).isEqualTo(standing);
    everyWindowSays(standing);
  }

  private void everyWindowSays(String standing) {
    for (int reading = 0; reading < 2; reading++) {
      for (Cap.Per per : List.of(Cap.Per.DAY, Cap.Per.MONTH, Cap.Per.TOTAL)) {
        assertThat(books.standing(per)).isEqualTo(standing);
      }
      books.forgetCache();
    }
  }

  @Test
  void aReplayReservesNothingAndCostsNothing() {
    Ledger.Admission admission =
        books
            .ledger()
            .admit(
                List.of(cap("0", Cap.Per.DAY)),
                null,
                0,
                Books.WAIT,
                (now, id) -> Samples.request(id, now, "0", Samples.PROMPT, null, true));
    everyWindowSays("0/0");
    assertThat(admission.entry()).isNotNull();
    if (admission.entry() != null) {
      books.ledger().record(Samples.response(admission.entry(), admission.at(), "0"), Books.WAIT);
    }
    everyWindowSays("0/0");
    assertThat(books.balance().open()).isEmpty();
  }

  @Test
  void settlesByHandOnlyPastTheDeadline() {
    Books.Call call = books.admit("0.5");
    books.clock.advance(Samples.DEADLINE);
    assertThatThrownBy(() -> settle(call, "0.1"))
        .isInstanceOf(SettlementException.class)
        .hasMessageContaining("may still be running until 2026-11-21T08:15:00.000Z");
    assertThatThrownBy(() -> books.ledger().requireSettleable(List.of(call.id())))
        .isInstanceOf(SettlementException.class);
    books.clock.advance(Duration.ofMillis(1));
    books.ledger().requireSettleable(List.of(call.id()));
    settle(call, "0.1");
    everyWindowSays("0.1/0");
  }

  private void settle(Books.Call call, String usd) {
    books.settle(call.id(), usd);
  }

  @Test
  void settlesWhatIsHeldAndNothingElse() {
    Books.Call held = books.admit("0.5");
    Books.Call known = books.spend("0.5");
    books.clock.advance(Duration.ofHours(1));
    settle(held, "0");
    for (String id : List.of(known.id(), held.id(), "none")) {
      assertThatThrownBy(() -> books.settle(id, "1"))
          .isInstanceOf(SettlementException.class)
          .hasMessage(id + ": not held. See: graduate spend");
    }
    everyWindowSays("0.5/0");
  }

  @Test
  void settlesAnAnswerThatCameWithoutItsCost() {
    Books.Call call = books.admit("0.5");
    books.answer(call, null);
    books.clock.advance(Duration.ofHours(1));
    settle(call, "0.1");
    everyWindowSays("0.1/0");
    assertThat(books.balance().open()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.3, 0.3/0", ", 0.1/0"})
  void anAnswerAfterASettlementCountsInItsPlaceIfItHasACost(String cost, String standing) {
    Books.Call call = books.admit("0.5");
    books.clock.advance(Duration.ofDays(2));
    settle(call, "0.1");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.1/0");
    books.answer(call, cost);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(standing);
    books.forgetCache();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(standing);
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
    assertThat(books.balance().open()).isEmpty();
  }

  @Test
  void eightThreadsAtOnceGetNoMoreThanTheCapHolds() throws Exception {
    Cap cap = cap("0.7", Cap.Per.DAY);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(
          threads.submit(
              () -> {
                try {
                  books.admit("0.1", cap);
                  return true;
                } catch (CapExceededException e) {
                  return false;
                }
              }));
    }
    int admitted = 0;
    for (Future<Boolean> one : asked) {
      admitted += one.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(admitted).isEqualTo(7);
    everyWindowSays("0/0.7");
    assertThat(books.lines()).hasSize(7);
  }

  @Test
  void countsWhatOthersWroteWhileItWaitedForTheLock() {
    FutureTask<Books.Call> waiting = new FutureTask<>(() -> books.admit("0.7", DAY));
    Thread thread = new Thread(waiting, "waiting");
    AuditLog log = new AuditLog(folder, books.clock);
    log.write(
        Books.WAIT,
        writer -> {
          thread.start();
          while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          LogReader end = LogReader.fromStart(writer.channel(), log.path());
          return writer.append(end, Samples.request("first", writer.now(), "0.7"));
        });
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(CapExceededException.class);
    everyWindowSays("0/0.7");
    assertThat(books.lines()).hasSize(1);
  }

  @Test
  void oncePerDayIsContentWithAnAnswerToTheSameTexts() {
    OncePer once = new OncePer(Cap.Per.DAY, Balance.texts(Samples.PROMPT.sha256(), null));
    books.spend("0.1");
    Source moved = new Source("prompts/moved.md", Samples.PROMPT.sha256());
    Source other = new Source(Samples.PROMPT.path(), "1".repeat(64));
    assertThat(books.ask("0.1", moved, once)).isNull();
    assertThat(
            books.ask("0.1", other, new OncePer(Cap.Per.DAY, Balance.texts(other.sha256(), null))))
        .isNotNull();
    books.clock.set("2026-11-22T00:00:00Z");
    assertThat(books.ask("0.1", moved, once)).isNotNull();
  }

  @Test
  void oncePerDayWaitsForACallThatMayStillBeRunning() {
    OncePer once = new OncePer(Cap.Per.DAY, Balance.texts(Samples.PROMPT.sha256(), null));
    Books.Call running = books.admit("0.1");
    books.clock.advance(Samples.DEADLINE);
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNull();
    books.clock.advance(Duration.ofMillis(1));
    Books.Call second = books.ask("0.1", Samples.PROMPT, once);
    assertThat(second).isNotNull();
    if (second != null) {
      books.end(second, null, "unknown");
    }
    books.end(running, "0.1", "incomplete");
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void oncePerMonthCountsFromTheRequestNotTheAnswer() {
    OncePer once = new OncePer(Cap.Per.MONTH, Balance.texts(Samples.PROMPT.sha256(), null));
    books.clock.set("2026-11-30T23:59:59Z");
    Books.Call call = books.admit("0.1");
    books.clock.set("2026-12-01T00:00:01Z");
    books.answer(call, "0.1");
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void onceIsNotContentWithAReplay() {
    OncePer once = new OncePer(Cap.Per.DAY, Balance.texts(Samples.PROMPT.sha256(), null));
    Ledger.Admission replay =
        books
            .ledger()
            .admit(
                List.of(),
                null,
                0,
                Books.WAIT,
                (now, id) -> Samples.request(id, now, "0", Samples.PROMPT, null, true));
    if (replay.entry() != null) {
      books.ledger().record(Samples.response(replay.entry(), replay.at(), "0"), Books.WAIT);
    }
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void aReaderOfALongLogKeepsNoMoreThanTwoMonthsOfItAndAsMuchAgain(
      @TempDir(factory = InMemory.class) Path large) {
    int calls = 8000;
    LogGenerator.main(new String[] {large.toString(), String.valueOf(2 * calls)});
    Balance balance = new Books(large, "2026-11-21T08:00:00Z", "UTC").ledger().balance();
    assertThat(balance.size())
        .isLessThan(Ledger.KEPT + 2 * 63 * LogGenerator.CALLS_A_DAY)
        .isLessThan(calls);
  }

  @Test
  void onceIsDecidedBeforeTheCap() {
    OncePer once = new OncePer(Cap.Per.DAY, Balance.texts(Samples.PROMPT.sha256(), null));
    books.spend("1");
    assertThat(books.ask("1", Samples.PROMPT, once, DAY)).isNull();
    assertThat(books.lines()).hasSize(2);
  }
}
