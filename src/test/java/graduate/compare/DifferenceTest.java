package graduate.compare;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.compare.Difference.Run;
import graduate.compare.Difference.Side;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void marksTheWordsThatDifferWithinALine() {
    assertThat(marked("Fix merged 11:40, deployed 14:05.", "Fix merged 11:40, deployed 14:15."))
        .isEqualTo("Fix merged 11:40, deployed [-14:05-]{+14:15+}.");
  }

  @Test
  void joinsReplacedWordsThatStandTogether() {
    assertThat(marked("we found the cause of it", "we have a reason of it"))
        .isEqualTo("we [-found the cause-]{+have a reason+} of it");
  }

  @Test
  void pairsEachLineWithTheOneMostLikeIt() {
    String saved = "- one two three four\n- five six seven eight\n- nine ten eleven";
    String fresh = "- brand new line\n- five six seven 8\n- nine ten 11";
    assertThat(marked(saved, fresh))
        .isEqualTo(
            """
            - [-one two three four-]{+brand new line+}
            - five six seven [-eight-]{+8+}
            - nine ten [-eleven-]{+11+}""");
  }

  @Test
  void showsLinesThatMovedOrWentAsBlocks() {
    assertThat(marked("a b c\nd e f\ng h i", "g h i\na b c"))
        .isEqualTo("{+g h i+}\na b c\n[-d e f-]\n[-g h i-]");
  }

  @Test
  void keepsAllOfBothTextsWhateverDiffers() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      String saved = text(random);
      String fresh = text(random);
      Difference difference = between(saved, fresh);
      assertThat(side(difference, Side.SAVED)).isEqualTo(saved);
      assertThat(side(difference, Side.NEW)).isEqualTo(fresh);
    }
  }

  @Test
  void marksAPlaceThatIsTooLongAsAWhole() {
    int lines = 20_001;
    Difference difference = between(numbered(1, lines), numbered(100_000, lines));
    assertThat(difference.note())
        .isEqualTo("What is too long to compare word by word is marked as a whole.");
    assertThat(difference.rows()).hasSize(lines);
    assertThat(between(numbered(1, 100), numbered(50, 100)).note()).isEmpty();
  }

  @Test
  void showsALoneBlankLine() {
    assertThat(marked("a\n\nb", "a\nb")).isEqualTo("a\n[--]\nb");
    assertThat(marked("a\nb", "a\n\n\nb")).isEqualTo("a\n{++}\n{++}\nb");
    assertThat(marked("a\n\nb", "a\nc\nb")).isEqualTo("a\n[--]\n{+c+}\nb");
    assertThat(marked("", "a")).isEqualTo("{+a+}");
  }

  private static String numbered(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> "w" + i).collect(joining("\n"));
  }

  private static String text(Random random) {
    return IntStream.range(0, random.nextInt(12))
        .mapToObj(
            line ->
                random
                    .ints(1 + random.nextInt(5), 0, 8)
                    .mapToObj(i -> "w" + i + ",")
                    .collect(joining(" ")))
        .collect(joining("\n"));
  }

  private static Difference between(String saved, String fresh) {
    return new Difference(saved, fresh);
  }

  private static String marked(String saved, String fresh) {
    return between(saved, fresh).rows().stream()
        .map(row -> row.runs().stream().map(DifferenceTest::marked).collect(joining()))
        .collect(joining("\n"));
  }

  private static String marked(Run run) {
    return switch (run.side()) {
      case BOTH -> run.text();
      case SAVED -> "[-" + run.text() + "-]";
      case NEW -> "{+" + run.text() + "+}";
    };
  }

  private static String side(Difference difference, Side side) {
    return difference.rows().stream()
        .map(row -> row.of(side))
        .filter(runs -> !runs.isEmpty())
        .map(runs -> runs.stream().map(Run::text).collect(joining()))
        .collect(joining("\n"));
  }
}
