package graduate.spend;

import static graduate.spend.Books.cap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.audit.Asked;
import graduate.audit.AuditLog;
import graduate.audit.LockedLog;
import graduate.audit.LogLine;
import graduate.audit.Samples;
import graduate.audit.Source;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private static final Asked ASKED = new Asked(Samples.PROMPT.sha256(), "", "");

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
              assertThat(e.standing().committed().spent()).isEqualByComparingTo("0.3");
              assertThat(e.standing().committed().held()).isEqualByComparingTo("0.2");
              assertThat(e.standing().committed().calls()).isEqualTo(1);
              assertThat(e.standing().left()).isEqualByComparingTo("0.5");
            });
  }

  @Test
  void aCallOfNothingIsAlwaysAdmitted() {
    books.answer(books.admit("1", DAY), "5");
    Cap passed = cap("0", Cap.Per.CALL);
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
    LogLine call = books.admit("0.5");
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
    LogLine replay = books.replay();
    everyWindowSays("0/0");
    books.answer(replay, "0");
    everyWindowSays("0/0");
    assertThat(books.balance().open.values()).isEmpty();
  }

  @Test
  void settlesByHandOnlyPastTheDeadline() {
    LogLine call = books.admit("0.5");
    books.clock.advance(Samples.DEADLINE);
    assertThatThrownBy(() -> settle(call, "0.1"))
        .isInstanceOf(UnusableException.class)
        .hasMessageContaining("may still be running until 2026-11-21T08:15:00.000Z");
    books.clock.advance(Duration.ofMillis(1));
    settle(call, "0.1");
    everyWindowSays("0.1/0");
  }

  private void settle(LogLine call, String usd) {
    books.settle(call.id(), usd);
  }

  @Test
  void settlesWhatIsHeldAndNothingElse() {
    LogLine held = books.admit("0.5");
    LogLine known = books.spend("0.5");
    books.clock.advance(Duration.ofHours(1));
    settle(held, "0");
    for (String id : List.of(known.id(), held.id(), "none")) {
      assertThatThrownBy(() -> books.settle(id, "1"))
          .isInstanceOf(UnusableException.class)
          .hasMessage(id + ": no held call. See: graduate spend");
    }
    everyWindowSays("0.5/0");
  }

  @Test
  void settlesAnAnswerThatCameWithoutItsCost() {
    LogLine call = books.admit("0.5");
    books.answer(call, null);
    // It is over, and need not wait for its deadline.
    settle(call, "0.1");
    everyWindowSays("0.1/0");
    assertThat(books.balance().open.values()).isEmpty();
  }

  /** As of a variable that is not set: it is no beginning of all. */
  @Test
  void anEmptyWordIsNoId() {
    LogLine call = books.admit("0.5");
    books.answer(call, null);
    assertThatThrownBy(() -> books.settle("", "0"))
        .isInstanceOf(UnusableException.class)
        .hasMessage("'': no held call. See: graduate spend");
    everyWindowSays("0/0.5");
  }

  @Test
  void settlesAllOrNone() {
    LogLine first = books.admit("0.5");
    LogLine second = books.admit("0.25");
    books.answer(second, null);
    byte[] before = books.bytes();
    for (List<String> ids :
        List.of(List.of(second.id(), first.id()), List.of(second.id(), "none"), List.of("2026"))) {
      assertThatThrownBy(() -> books.settle(ids, BigDecimal.ONE))
          .isInstanceOf(UnusableException.class);
      assertThat(books.bytes()).isEqualTo(before);
    }
    // Only what may be settled is all.
    assertThat(books.settle(List.of("all"), BigDecimal.ONE)).hasSize(1);
    everyWindowSays("1/0.5");
    books.clock.advance(Duration.ofHours(1));
    assertThat(books.settle(List.of("last", first.id()), BigDecimal.ONE)).hasSize(1);
    everyWindowSays("2/0");
    assertThatThrownBy(() -> books.settle(List.of("all"), BigDecimal.ONE))
        .isInstanceOf(UnusableException.class)
        .hasMessage("all: no held call is over. See: graduate spend");
  }

  @Test
  void whoWroteNothingIntoAnEmptyLogKnowsNothingOfIt() {
    Ledger ledger = books.ledger();
    for (int i = 0; i < 2; i++) {
      try (Session session = ledger.open(Books.WAIT)) {
        assertThatThrownBy(
                () ->
                    session.require(
                        BigDecimal.ONE, List.of(cap("0", Cap.Per.DAY)), Committed.NOTHING))
            .isInstanceOf(CapExceededException.class);
      }
    }
    ledger.save();
    assertThat(books.cache()).doesNotExist();
  }

  @Test
  void whatWasNotForcedIsReadAgain() {
    Ledger ledger = books.ledger();
    try (Session session = ledger.open(Books.WAIT)) {
      session.write(Samples.request(session.newId(), session.now(), "0.5"));
    }
    try (Session session = ledger.open(Books.WAIT)) {
      assertThat(books.standing(session.balance(), Cap.Per.DAY)).isEqualTo("0/0.5");
      session.append(Samples.request(session.newId(), session.now(), "0.25"));
    }
    everyWindowSays("0/0.75");
  }

  @Test
  void aCapPerCallBoundsAllAttemptsForOneInput() {
    try (Session session = books.ledger().open(Books.WAIT)) {
      Cap call = cap("1.00", Cap.Per.CALL);
      Committed gone = Committed.NOTHING.spending(new BigDecimal("0.25"));
      Committed more = gone.holding(new BigDecimal("0.5"));
      session.require(new BigDecimal("0.75"), List.of(call), gone);
      session.require(new BigDecimal("0.25"), List.of(call), more);
      assertThatThrownBy(() -> session.require(new BigDecimal("0.26"), List.of(call), more))
          .isInstanceOfSatisfying(
              CapExceededException.class,
              e -> assertThat(e.standing()).isEqualTo(new Standing(call, more, Optional.empty())));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3, 0.3/0", ", 0.1/0"})
  void anAnswerAfterASettlementCountsInItsPlaceIfItHasACost(String cost, String standing) {
    LogLine call = books.admit("0.5");
    books.clock.advance(Duration.ofDays(2));
    settle(call, "0.1");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.1/0");
    books.answer(call, cost);
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(standing);
    books.forgetCache();
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo(standing);
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
    assertThat(books.balance().open.values()).isEmpty();
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
    FutureTask<LogLine> waiting = new FutureTask<>(() -> books.admit("0.7", DAY));
    Thread thread = new Thread(waiting, "waiting");
    try (LockedLog locked = new AuditLog(folder, books.clock).lock(Books.WAIT)) {
      thread.start();
      while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      Samples.append(locked, Samples.request("first", locked.now(), "0.7"));
    }
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(CapExceededException.class);
    everyWindowSays("0/0.7");
    assertThat(books.lines()).hasSize(1);
  }

  @Test
  void oncePerDayIsContentWithAnAnswerToTheSameTexts() {
    OncePer once = new OncePer(books.ledger(), Cap.Per.DAY, ASKED);
    books.spend("0.1");
    Source moved = new Source("prompts/moved.md", Samples.PROMPT.sha256());
    Source other = new Source(Samples.PROMPT.path(), "1".repeat(64));
    assertThat(books.ask("0.1", moved, once)).isNull();
    assertThat(
            books.ask(
                "0.1",
                other,
                new OncePer(books.ledger(), Cap.Per.DAY, new Asked(other.sha256(), "", ""))))
        .isNotNull();
    books.clock.set("2026-11-22T00:00:00Z");
    assertThat(books.ask("0.1", moved, once)).isNotNull();
  }

  @Test
  void oncePerDayWaitsForACallThatMayStillBeRunning() {
    OncePer once = new OncePer(books.ledger(), Cap.Per.DAY, ASKED);
    LogLine running = books.admit("0.1");
    books.clock.advance(Samples.DEADLINE);
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNull();
    books.clock.advance(Duration.ofMillis(1));
    LogLine second = books.ask("0.1", Samples.PROMPT, once);
    assertThat(second).isNotNull();
    if (second != null) {
      books.end(second, null, "unknown");
    }
    books.end(running, "0.1", "incomplete");
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void oncePerMonthCountsFromTheRequestNotTheAnswer() {
    OncePer once = new OncePer(books.ledger(), Cap.Per.MONTH, ASKED);
    books.clock.set("2026-11-30T23:59:59Z");
    LogLine call = books.admit("0.1");
    books.clock.set("2026-12-01T00:00:01Z");
    books.answer(call, "0.1");
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void onceIsNotContentWithAReplay() {
    OncePer once = new OncePer(books.ledger(), Cap.Per.DAY, ASKED);
    books.answer(books.replay(), "0");
    assertThat(books.ask("0.1", Samples.PROMPT, once)).isNotNull();
  }

  @Test
  void onceSeesWhatWasWrittenSinceItReadTheLog() {
    Ledger ledger = books.ledger();
    OncePer once = new OncePer(books.ledger(), Cap.Per.DAY, ASKED);
    once.read(books.clock.instant());
    books.spend("0.1");
    try (Session session = ledger.open(Books.WAIT)) {
      assertThat(once.isDone(session)).isTrue();
    }
  }

  @Test
  void onceIsDecidedBeforeTheCap() {
    OncePer once = new OncePer(books.ledger(), Cap.Per.DAY, ASKED);
    books.spend("1");
    assertThat(books.ask("1", Samples.PROMPT, once, DAY)).isNull();
    assertThat(books.lines()).hasSize(2);
  }
}
