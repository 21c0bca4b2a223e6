package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The facts of pairs of sentences that someone judged before there was code for it. */
class PairsTest {
  /** What is the same and not seen as the same: a list that may only become shorter. */
  private static final List<String> WRONG = List.of("range = 10");

  private record Pair(String name, boolean same, Facts facts) {
    static Pair of(String line) {
      String[] parts = line.split(" \\| ", -1);
      assertThat(parts).as(line).hasSize(3);
      return new Pair(parts[0], parts[0].contains("="), Facts.between(parts[1], parts[2]));
    }

    boolean differs() {
      return !facts.missing().isEmpty() || !facts.extra().isEmpty();
    }
  }

  @Test
  void holdsTenPairsThatAreTheSameAndTenThatDifferOfEachClass() throws IOException {
    List<Pair> pairs = pairs();
    for (String kind : List.of("link", "day", "cjk", "figures", "range", "phone", "language")) {
      for (String sign : List.of(" = ", " / ")) {
        assertThat(pairs).filteredOn(p -> p.name.startsWith(kind + sign)).hasSize(10);
      }
    }
    assertThat(pairs).extracting(Pair::name).doesNotHaveDuplicates();
  }

  @Test
  void seesEveryDifference() throws IOException {
    assertThat(pairs()).filteredOn(p -> !p.same).allMatch(Pair::differs);
  }

  @Test
  void takesForTheSameWhatIsTheSameButForTheOnesListed() throws IOException {
    List<Pair> same = pairs().stream().filter(Pair::same).toList();
    assertThat(same).filteredOn(Pair::differs).extracting(Pair::name).isEqualTo(WRONG);
    assertThat(WRONG).hasSizeLessThanOrEqualTo(same.size() / 20);
  }

  private static List<Pair> pairs() throws IOException {
    try (InputStream file = PairsTest.class.getResourceAsStream("pairs.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.isEmpty() && !l.startsWith("#")).map(Pair::of).toList();
    }
  }
}
