package graduate.compare;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.compare.Row.Kind;
import java.util.Random;
import java.util.stream.Collectors;
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
        .isEqualTo("{+g h i+}\na b c\n[-d e f\ng h i-]");
  }

  @Test
  void keepsAllOfBothTextsWhateverDiffers() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      String saved = text(random);
      String fresh = text(random);
      Difference difference = between(saved, fresh);
      assertThat(side(difference, Kind.INSERTED)).isEqualTo(saved);
      assertThat(side(difference, Kind.DELETED)).isEqualTo(fresh);
    }
  }

  @Test
  void marksLinesAboveTheLimitOfWords() {
    String saved = "first line\n" + "word ".repeat(Difference.MAX_WORDS) + "end\nlast";
    String fresh = saved.replace("first line", "first row");
    Difference difference = between(saved, fresh);
    assertThat(difference.notes()).containsExactly("above 20,000 words: lines are marked");
    assertThat(marked(difference)).startsWith("[-first line-]{+first row+}\nword word");
  }

  @Test
  void marksAPlaceAboveTheLimitOfEditsAsAWhole() {
    String saved = numbered(1, Difference.MAX_EDITS / 2 + 1);
    String fresh = numbered(10_000, Difference.MAX_EDITS / 2 + 1);
    Difference difference = between("a " + saved + " z", "a " + fresh + " z");
    assertThat(difference.notes())
        .containsExactly("one place with above 2,000 edits: marked as a whole");
    assertThat(marked(difference)).isEqualTo("a [-" + saved + "-]{+" + fresh + "+} z");
  }

  @Test
  void marksWordsUpToTheLimitOfEdits() {
    String saved = numbered(1, Difference.MAX_EDITS / 2);
    String fresh = numbered(10_000, Difference.MAX_EDITS / 2);
    assertThat(between(saved, fresh).notes()).isEmpty();
  }

  private static String numbered(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> "w" + i).collect(joining(" "));
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
    Vocabulary vocabulary = new Vocabulary();
    return Difference.between(new AnswerText(saved, vocabulary), new AnswerText(fresh, vocabulary));
  }

  private static String marked(String saved, String fresh) {
    return marked(between(saved, fresh));
  }

  private static String marked(Difference difference) {
    return difference.rows().stream()
        .map(row -> row.runs().stream().map(DifferenceTest::marked).collect(joining()))
        .collect(joining("\n"));
  }

  private static String marked(Row.Run run) {
    return switch (run.kind()) {
      case EQUAL -> run.text();
      case DELETED -> "[-" + run.text() + "-]";
      case INSERTED -> "{+" + run.text() + "+}";
    };
  }

  private static String side(Difference difference, Kind other) {
    return difference.rows().stream()
        .filter(row -> row.runs().stream().anyMatch(run -> run.kind() != other))
        .map(
            row ->
                row.runs().stream()
                    .filter(run -> run.kind() != other)
                    .map(Row.Run::text)
                    .collect(joining()))
        .collect(Collectors.joining("\n"));
  }
}
