package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final String MIXED =
      """
      # One
      ## Two
      #hashtag
      - a
        * b
      3) c
      - - -
      **bold**

      | a | b |
      |---|:-:|
      | 1 | 2 |

      > - quoted
      ---
      ```md
      # no heading
      - no item
      ~~~
      ```
      ~~~~
      open
      """;

  @Test
  void countsMarksOutsideOfCodeBlocks() {
    assertThat(Shape.of(MIXED, 7)).isEqualTo(new Shape(2, 4, 1, 2, 7, true));
  }

  @Test
  void knowsTextWithoutAnyMarkdown() {
    assertThat(Shape.of("Plain - text, 2 * 3 * 4, snake__case | pipe\n1.5 kg\n", 9).markdown())
        .isFalse();
  }

  @Test
  void knowsMarkdownWithinALine() {
    for (String text : new String[] {"a **b** c", "run `ls`", "[a](https://b.example)"}) {
      assertThat(Shape.of(text, 1).markdown()).as(text).isTrue();
    }
  }
}
