package graduate.compare;

import graduate.compare.Comparison.NewAnswer;
import graduate.compare.Comparison.SavedAnswer;
import graduate.compare.Comparison.Subject;
import java.util.ArrayList;
import java.util.List;

/** Comparisons for the tests of the reports. */
final class Examples {
  private Examples() {}

  static Comparison compare(String fresh, String... saved) {
    return compare(Checks.NONE, fresh, saved);
  }

  static Comparison compare(Checks checks, String fresh, String... saved) {
    return compare("standup", answer(fresh, false), checks, saved);
  }

  static Comparison compare(String name, NewAnswer answer, Checks checks, String... saved) {
    List<SavedAnswer> answers = new ArrayList<>();
    for (String text : saved) {
      answers.add(new SavedAnswer("prompts/" + name + "." + (answers.size() + 1) + ".md", text));
    }
    Subject subject = new Subject(name, "Write <b>it</b>.", "notes", "gpt-5");
    return new Comparison(subject, answer, answers, checks);
  }

  static NewAnswer answer(String text, boolean replay) {
    String origin = "gpt-5.6-luna, 2026-11-20 08:02 CET, $0.00184, 3.2 s, call call-1";
    return new NewAnswer(text, "call-1", "gpt-5.6-luna", replay, origin);
  }
}
