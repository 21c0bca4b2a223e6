package graduate.compare;

import graduate.text.Words;
import java.util.List;

/** One answer, read: its raw text, its clean one, and the numbers of its words. */
final class AnswerText {
  final String raw;
  final String clean;
  final int[] words;

  AnswerText(String raw, Vocabulary vocabulary) {
    this.raw = raw;
    this.clean = CleanText.of(raw);
    this.words = vocabulary.numbers(Words.of(clean));
  }

  Shape shape() {
    return Shape.of(clean, words.length);
  }

  List<String> lines() {
    return clean.isEmpty() ? List.of() : List.of(clean.split("\n", -1));
  }
}
