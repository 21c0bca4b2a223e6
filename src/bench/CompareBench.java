import graduate.compare.Checks;
import graduate.compare.Comparison;
import graduate.compare.Comparison.NewAnswer;
import graduate.compare.Comparison.SavedAnswer;
import graduate.compare.Comparison.Subject;
import graduate.compare.HtmlReport;
import graduate.compare.TextReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Compares two answers of the same words in another order, and prints one report. */
final class CompareBench {
  private CompareBench() {}

  /** Takes the report, the number of words, how many differ, and how many stand in a line. */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[1]);
    int different = Integer.parseInt(args[2]);
    int perLine = Integer.parseInt(args[3]);
    Random random = new Random(1);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("word" + (i < different ? i : random.nextInt(different)));
    }
    String saved = text(words, perLine);
    Collections.shuffle(words, random);
    Comparison result =
        new Comparison(
            new Subject("bench", "Shuffle.", null, null),
            new NewAnswer(text(words, perLine), null, null, false, "bench"),
            List.of(new SavedAnswer("bench.chatgpt.md", saved)),
            Checks.NONE);
    System.out.print(
        switch (args[0]) {
          case "json" -> TextReport.json(result);
          case "text" -> TextReport.text(result, true);
          default -> HtmlReport.render(result);
        });
  }

  private static String text(List<String> words, int perLine) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      text.append(words.get(i)).append((i + 1) % perLine == 0 ? '\n' : ' ');
    }
    return text.toString();
  }
}
