package graduate.spend;

import static graduate.spend.Books.cap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.audit.LogLine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which calls a window counts, and what a balance forgets. */
class BalanceTest {
  private static final Cap DAY = cap("1", Cap.Per.DAY);

  @TempDir Path folder;

  private Books books(String now, String zone) {
    return new Books(folder, now, zone);
  }

  @Test
  void aCallThatCrossesMidnightBelongsToTheDayOfItsRequest() {
    Books books = books("2026-11-21T23:59:59.999Z", "UTC");
    LogLine call = books.admit("0.4");
    books.clock.set("2026-11-22T00:00:00Z");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0/0.4");
    books.answer(call, "0.3");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0.3/0");
    books.forgetCache();
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
  }

  @Test
  void aCallThatCrossesTheEndOfAMonthBelongsToTheMonthOfItsRequest() {
    Books books = books("2026-11-30T23:00:00Z", "UTC");
    LogLine call = books.admit("0.4");
    books.clock.set("2026-12-01T00:00:00Z");
    books.answer(call, "0.3");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0/0");
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.3/0");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T12:00:00Z, 2026-11-21T11:00:00Z",
    "2026-11-21T00:30:00Z, 2026-11-20T23:30:00Z",
    "2026-11-21T12:00:00Z, 2026-11-20T12:00:00Z",
    "2026-12-01T00:00:00Z, 2026-11-30T00:00:00Z",
    "2026-11-21T12:00:00Z, 1999-01-01T00:00:00Z",
  })
  void aClockSetBackMakesNoRoom(String before, String after) {
    Books books = books(before, "UTC");
    books.answer(books.admit("0.5", DAY), "0.5");
    books.admit("0.5", DAY);
    books.clock.set(after);
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.5/0.5");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0.5/0.5");
    assertThatThrownBy(() -> books.admit("0.00000001", DAY))
        .isInstanceOf(CapExceededException.class);
  }

  @Test
  void aClockSetFarBackMakesNoRoomForManyCallsEither() {
    Books books = books("2026-01-01T00:00:00Z", "UTC");
    for (int day = 0; day < 64; day++) {
      books.spend("0.001");
      books.clock.advance(Duration.ofDays(1));
    }
    books.clock.set("2025-01-01T00:00:00Z");
    books.answer(books.admit("0.5", DAY), "0.5");
    assertThatThrownBy(() -> books.admit("0.5", DAY)).isInstanceOf(CapExceededException.class);
    books.forgetCache();
    assertThatThrownBy(() -> books.admit("0.5", DAY)).isInstanceOf(CapExceededException.class);
  }

  /** Berlin: 2026-03-29 has 23 hours, 2026-10-25 has 25. */
  @ParameterizedTest
  @CsvSource({
    "2026-03-28T23:00:00Z, 2026-03-29T21:59:59Z, 2026-03-29T22:00:00Z",
    "2026-10-24T22:00:00Z, 2026-10-25T22:59:59Z, 2026-10-25T23:00:00Z",
    "2026-11-20T23:00:00Z, 2026-11-21T22:59:59Z, 2026-11-21T23:00:00Z",
  })
  void aDayEndsAtLocalMidnightWhateverItsLength(String first, String last, String next) {
    Books books = books(first, "Europe/Berlin");
    assertThat(books.balance().standing(DAY, Instant.parse(first)).ends().orElseThrow())
        .isEqualTo(next);
    books.spend("0.4");
    books.clock.set(last);
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.4/0");
    books.clock.set(next);
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
  }

  @Test
  void aMonthEndsAtLocalMidnight() {
    Books books = books("2026-11-30T22:59:59Z", "Europe/Berlin");
    books.spend("0.4");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0.4/0");
    Standing month = books.balance().standing(cap("1", Cap.Per.MONTH), books.clock.instant());
    assertThat(month.ends()).contains(Instant.parse("2026-11-30T23:00:00Z"));
    books.clock.set("2026-11-30T23:00:00Z");
    assertThat(books.standing(Cap.Per.MONTH)).isEqualTo("0/0");
  }

  @Test
  void aDayWithoutAMidnightBeginsAtItsFirstMoment() {
    // Cairo, 2026-04-24: the clock goes from 00:00 to 01:00.
    Books books = books("2026-04-23T21:59:59Z", "Africa/Cairo");
    Standing day = books.balance().standing(DAY, books.clock.instant());
    assertThat(day.ends()).contains(Instant.parse("2026-04-23T22:00:00Z"));
  }

  @Test
  void callAndTotalHaveNoEnd() {
    Books books = books("2026-11-21T08:00:00Z", "UTC");
    for (Cap.Per per : new Cap.Per[] {Cap.Per.CALL, Cap.Per.TOTAL}) {
      assertThat(books.balance().standing(cap("1", per), books.clock.instant()).ends())
          .isEqualTo(Optional.empty());
    }
  }

  @Test
  void anotherZoneCountsTheSameCallsByItsOwnDays() {
    Books books = books("2026-11-21T04:00:00Z", "UTC");
    books.spend("0.4");
    books.admit("0.1");
    books.zone = ZoneId.of("America/New_York");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.4/0.1");
    books.clock.set("2026-11-21T05:00:00Z");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0/0");
    books.spend("0.2");
    books.zone = ZoneId.of("UTC");
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.6/0.1");
  }

  @Test
  void capsComeAndGoBetweenRuns() {
    Books books = books("2026-11-21T08:00:00Z", "UTC");
    books.answer(books.admit("5"), "5");
    assertThatThrownBy(() -> books.admit("0.1", cap("5", Cap.Per.MONTH)))
        .isInstanceOf(CapExceededException.class);
    assertThat(books.admit("0.1", cap("5.1", Cap.Per.MONTH))).isNotNull();
    assertThat(books.admit("5", cap("5", Cap.Per.CALL))).isNotNull();
  }

  @Test
  void daysBeyondTwoMonthsAreSummedUpAndAnOldHeldCallStaysHeld() {
    Books books = books("2026-01-01T00:00:00Z", "UTC");
    LogLine lost = books.admit("0.7");
    for (int day = 0; day < 64; day++) {
      books.spend("0.5");
      books.clock.advance(Duration.ofDays(1));
    }
    for (int reading = 0; reading < 2; reading++) {
      Balance balance = books.balance();
      assertThat(BalanceJson.of(balance).path("days").size()).isEqualTo(62);
      assertThat(BalanceJson.of(balance).path("before_usd").decimalValue())
          .isEqualByComparingTo("1");
      assertThat(books.standing(balance, Cap.Per.TOTAL)).isEqualTo("32/0.7");
      assertThat(books.standing(balance, Cap.Per.MONTH)).isEqualTo("2.5/0");
      assertThat(balance.open.values()).extracting(OpenCall::id).containsExactly(lost.id());
      books.forgetCache();
    }
  }

  @Test
  void aCallSettledByHandIsForgottenAfterTwoMonthsAndItsCostIsNot() {
    Books books = books("2026-01-01T08:00:00Z", "UTC");
    LogLine lost = books.admit("0.7");
    LogLine held = books.admit("0.3");
    books.clock.advance(Duration.ofHours(1));
    books.settle(lost.id(), "0.5");
    assertThat(books.balance().open.values()).hasSize(2);
    books.clock.advance(Duration.ofDays(63));
    books.spend("0.1");
    assertThat(books.balance().open.values()).extracting(OpenCall::id).containsExactly(held.id());
    assertThat(books.standing(Cap.Per.TOTAL)).isEqualTo("0.6/0.3");
  }

  @Test
  void knowsWhereEachDatesLinesBegin() {
    Books books = books("2026-01-01T08:00:00Z", "UTC");
    long[] starts = new long[70];
    for (int day = 0; day < starts.length; day++) {
      starts[day] = books.bytes().length;
      books.spend("0.01");
      books.clock.advance(Duration.ofDays(1));
    }
    LocalDate first = LocalDate.parse("2026-01-01");
    for (int reading = 0; reading < 2; reading++) {
      Balance balance = books.balance();
      assertThat(balance.offset(first.plusDays(69))).isEqualTo(starts[69]);
      assertThat(balance.offset(first.plusDays(20))).isEqualTo(starts[20]);
      // Older than two months: at the start.
      assertThat(balance.offset(first.plusDays(3))).isZero();
      assertThat(balance.offset(first.plusDays(70))).isEqualTo(books.bytes().length);
      books.forgetCache();
    }
    // A clock that was set back has put lines of earlier days behind those of later ones.
    long back = books.bytes().length;
    books.spend("0.01", "2026-03-01T08:00:00Z");
    assertThat(books.balance().offset(first.plusDays(69))).isEqualTo(starts[69]);
    assertThat(books.balance().offset(LocalDate.parse("2026-03-01"))).isLessThan(back);
  }
}
