package graduate.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How like the saved answers are to one another: ROUGE-L F1 of their least and most like pair. */
record Spread(double low, double high) {
  /** Null where no pair has words. */
  static @Nullable Spread of(List<AnswerText> saved) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < saved.size(); i++) {
      for (int j = 0; j < i; j++) {
        Double score = Rouge.l(saved.get(i).words, saved.get(j).words);
        if (score != null) {
          scores.add(score);
        }
      }
    }
    return scores.isEmpty() ? null : new Spread(Collections.min(scores), Collections.max(scores));
  }

  String inWords() {
    String from = Score.inWords(low);
    String to = Score.inWords(high);
    return from.equals(to) ? from : from + " to " + to;
  }
}
