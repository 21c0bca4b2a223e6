package graduate.compare;

import graduate.compare.Lcs.Match;
import graduate.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Both answers with what differs marked. Lines are compared first; in a place where they differ a
 * line is paired with the next that has half its words, else with the one at the same position, and
 * their words are marked. A place above {@value #MAX_CELLS} lines × lines, and a pair of lines
 * above as many words × words, is marked as a whole.
 */
final class Difference {
  /** Which answer a stretch of text stands in. */
  enum Side {
    BOTH,
    SAVED,
    NEW
  }

  /** A stretch of text. */
  record Run(Side side, String text) {}

  /** A line of both answers, with what differs in it, or of one; blank lines have one empty run. */
  record Row(List<Run> runs) {
    boolean same() {
      return runs.stream().allMatch(run -> run.side == Side.BOTH);
    }

    /** What the saved or the new answer has of it; nothing where it lacks the line. */
    List<Run> of(Side side) {
      return runs.stream().filter(run -> run.side == Side.BOTH || run.side == side).toList();
    }
  }

  static final long MAX_CELLS = 400_000_000;

  /** Lines of one place × lines of the other above which none are paired by their words. */
  private static final long MAX_PAIRS = 40_000;

  private final List<Row> rows = new ArrayList<>();
  private boolean coarse;

  Difference(String saved, String fresh) {
    align(
        saved.lines().toList(), fresh.lines().toList(), this::place, line -> add(Side.BOTH, line));
  }

  /** All of both texts, in order. */
  List<Row> rows() {
    return rows;
  }

  /** What the reader has to know of the marks; mostly nothing. */
  String note() {
    return coarse ? "What is too long to compare word by word is marked as a whole." : "";
  }

  private void add(Side side, String line) {
    rows.add(new Row(List.of(new Run(side, line))));
  }

  /**
   * Goes through two lists in step: what lies between two matches, then the match. A blank alone
   * between replaced words is none.
   */
  private void align(
      List<String> before,
      List<String> after,
      BiConsumer<List<String>, List<String>> gap,
      Consumer<String> both) {
    boolean fits = (long) before.size() * after.size() <= MAX_CELLS;
    coarse |= !fits;
    List<Match> matches = fits ? Lcs.matches(before, after) : new ArrayList<>();
    Set<Match> all = Set.copyOf(matches);
    matches.removeIf(m -> before.get(m.first()).equals(" ") && m.isLone(all));
    int from = 0;
    int newFrom = 0;
    for (Match match : matches) {
      gap.accept(before.subList(from, match.first()), after.subList(newFrom, match.second()));
      both.accept(before.get(match.first()));
      from = match.first() + 1;
      newFrom = match.second() + 1;
    }
    gap.accept(before.subList(from, before.size()), after.subList(newFrom, after.size()));
  }

  /** Lines that differ: each beside the next that is like it, the others by position. */
  private void place(List<String> before, List<String> after) {
    boolean fits = (long) before.size() * after.size() <= MAX_PAIRS;
    List<List<String>> words = before.stream().map(Words::of).toList();
    List<List<String>> newWords = after.stream().map(Words::of).toList();
    int from = 0;
    int newFrom = 0;
    for (int i = 0; fits && i < before.size(); i++) {
      for (int j = newFrom; j < after.size(); j++) {
        Double likeness = Lcs.f1(words.get(i), newWords.get(j));
        if (likeness != null && likeness >= 0.5) {
          byPosition(before.subList(from, i), after.subList(newFrom, j));
          line(before.get(i), after.get(j));
          from = i + 1;
          newFrom = j + 1;
          break;
        }
      }
    }
    byPosition(before.subList(from, before.size()), after.subList(newFrom, after.size()));
  }

  private void byPosition(List<String> before, List<String> after) {
    int both = Math.min(before.size(), after.size());
    for (int i = 0; i < both; i++) {
      line(before.get(i), after.get(i));
    }
    before.subList(both, before.size()).forEach(line -> add(Side.SAVED, line));
    after.subList(both, after.size()).forEach(line -> add(Side.NEW, line));
  }

  private void line(String saved, String fresh) {
    if (saved.isEmpty() || fresh.isEmpty()) {
      add(Side.SAVED, saved);
      add(Side.NEW, fresh);
      return;
    }
    List<Run> runs = new ArrayList<>();
    align(
        Words.tokens(saved),
        Words.tokens(fresh),
        (old, young) -> {
          add(runs, Side.SAVED, String.join("", old));
          add(runs, Side.NEW, String.join("", young));
        },
        token -> add(runs, Side.BOTH, token));
    rows.add(new Row(runs));
  }

  private static void add(List<Run> runs, Side side, String text) {
    int last = runs.size() - 1;
    if (last >= 0 && runs.get(last).side == side) {
      runs.set(last, new Run(side, runs.get(last).text + text));
    } else if (!text.isEmpty()) {
      runs.add(new Run(side, text));
    }
  }
}
