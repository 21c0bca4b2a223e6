package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.audit.LogLine;
import graduate.harness.InMemory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After any number of calls the sums are what their outcomes say, to the last digit. */
class CyclesTest {
  @TempDir(factory = InMemory.class)
  Path folder;

  /** What should be: kept apart from the program's own sums. */
  private static final class Expected {
    final Map<String, BigDecimal> held = new LinkedHashMap<>();
    final Map<LocalDate, BigDecimal> spent = new HashMap<>();
    final Map<String, LocalDate> days = new HashMap<>();

    void settle(String id, BigDecimal usd) {
      held.remove(id);
      spent.merge(days.getOrDefault(id, LocalDate.MIN), usd, BigDecimal::add);
    }

    BigDecimal spentSince(LocalDate start) {
      return spent.entrySet().stream()
          .filter(day -> !day.getKey().isBefore(start))
          .map(Map.Entry::getValue)
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal heldSince(LocalDate start) {
      return held.entrySet().stream()
          .filter(call -> !days.getOrDefault(call.getKey(), LocalDate.MAX).isBefore(start))
          .map(Map.Entry::getValue)
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  @Test
  void tenThousandCallsOfEveryOutcomeAddUpToTheLastDigit() {
    Random random = new Random(7);
    ZoneId zone = ZoneId.of("Europe/Berlin");
    Books books = new Books(folder, "2026-01-20T08:00:00Z", zone.getId());
    Expected expected = new Expected();
    List<LogLine> late = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      BigDecimal worst = new BigDecimal(1 + random.nextInt(1_000_000)).movePointLeft(8);
      BigDecimal cost = worst.multiply(new BigDecimal(random.nextInt(1300))).movePointLeft(3);
      LogLine call = books.admit(worst.toString(), Books.TOTAL);
      expected.held.put(call.id(), worst);
      expected.days.put(call.id(), LocalDate.ofInstant(call.time(), zone));
      books.clock.advance(Duration.ofSeconds(random.nextInt(7200)));
      switch (random.nextInt(40)) {
        case 0 -> books.answer(call, null);
        case 1 -> books.end(call, null, "unknown");
        case 2, 3 -> late.add(call);
        case 4 -> {
          // Its process died: nothing more is heard of it.
        }
        case 5, 6, 7, 8 -> {
          books.end(call, "0", "refused");
          expected.settle(call.id(), BigDecimal.ZERO);
        }
        default -> {
          books.answer(call, cost.toString());
          expected.settle(call.id(), cost);
        }
      }
      if (late.size() > 10) {
        LogLine first = late.remove(0);
        BigDecimal billed = random.nextBoolean() ? cost : cost.add(BigDecimal.ONE);
        if (random.nextBoolean()) {
          books.settle(first.id(), cost.toPlainString());
        }
        books.answer(first, billed.toString());
        expected.settle(first.id(), billed);
      }
      if (expected.held.size() > 40) {
        String oldest = expected.held.keySet().iterator().next();
        late.removeIf(other -> other.id().equals(oldest));
        books.settle(oldest, cost.toPlainString());
        expected.settle(oldest, cost);
      }
    }
    check(books, expected);
    books.forgetCache();
    check(books, expected);
    books.verify();
  }

  private static void check(Books books, Expected expected) {
    Balance balance = books.balance();
    LocalDate today = LocalDate.ofInstant(books.clock.instant(), books.zone);
    Map<Cap.Per, LocalDate> starts =
        Map.of(
            Cap.Per.DAY,
            today,
            Cap.Per.MONTH,
            YearMonth.from(today).atDay(1),
            Cap.Per.TOTAL,
            LocalDate.MIN);
    starts.forEach(
        (per, start) -> {
          Standing now = balance.standing(Books.cap("1", per), books.clock.instant());
          assertThat(now.committed().spent()).isEqualByComparingTo(expected.spentSince(start));
          assertThat(now.committed().held()).isEqualByComparingTo(expected.heldSince(start));
        });
    assertThat(balance.open.values().stream().filter(OpenCall::held).map(OpenCall::id))
        .containsExactlyInAnyOrderElementsOf(expected.held.keySet());
  }

  @Test
  void eightThreadsAtOnceLeaveTheSumsOfTheirOutcomes() throws Exception {
    Books books = new Books(folder, "2026-11-21T08:00:00Z", "UTC");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      boolean answers = t % 2 == 0;
      done.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 20; i++) {
                  LogLine call = books.admit("0.003");
                  books.answer(call, answers ? "0.001" : null);
                }
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    threads.shutdown();
    assertThat(books.standing(Cap.Per.DAY)).isEqualTo("0.08/0.24");
    assertThat(books.verify().seq()).isEqualTo(320);
  }
}
