package graduate.compare;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import graduate.compare.Row.Kind;
import graduate.compare.Row.Run;
import graduate.text.Words;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * Both answers with what differs marked. Lines are compared first; in a place where they differ
 * each is paired with the one most like it, and its words are marked. Above {@value #MAX_WORDS}
 * words lines are marked, above {@value #MAX_EDITS} edits the place as a whole: java-diff-utils
 * takes time in the order of tokens × edits, so edits are counted first, which {@link Lcs} does
 * fast.
 */
final class Difference {
  static final int MAX_WORDS = 20_000;
  static final int MAX_EDITS = 2_000;

  /** Lines of one place × lines of the other above which none are paired. */
  private static final int MAX_PAIRS = 40_000;

  private final boolean byWord;
  private final List<Row> rows = new ArrayList<>();
  private int coarse;

  private Difference(boolean byWord) {
    this.byWord = byWord;
  }

  /** Compares the clean texts. */
  static Difference between(AnswerText saved, AnswerText fresh) {
    int words = Math.max(saved.words.length, fresh.words.length);
    Difference difference = new Difference(words <= MAX_WORDS);
    difference.compare(saved.lines(), fresh.lines());
    return difference;
  }

  /** All of both texts, in order. */
  List<Row> rows() {
    return rows;
  }

  /** What was marked more coarsely than by word, and why. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!byWord) {
      notes.add(String.format(Locale.ROOT, "above %,d words: lines are marked", MAX_WORDS));
    }
    if (coarse > 0) {
      String places = coarse == 1 ? "one place" : coarse + " places";
      notes.add(
          String.format(
              Locale.ROOT, "%s with above %,d edits: marked as a whole", places, MAX_EDITS));
    }
    return notes;
  }

  /** Tokens from here to there of the saved answer become those of the new one. */
  private record Change(int from, int to, int newFrom, int newTo) {
    boolean replaces() {
      return from < to && newFrom < newTo;
    }
  }

  private void compare(List<String> before, List<String> after) {
    int done = 0;
    for (Change change : changes(before, after)) {
      before.subList(done, change.from).forEach(this::same);
      List<String> old = before.subList(change.from, change.to);
      List<String> fresh = after.subList(change.newFrom, change.newTo);
      if (byWord && old.size() * (long) fresh.size() <= MAX_PAIRS) {
        pair(old, fresh);
      } else {
        block(old, fresh);
      }
      done = change.to;
    }
    before.subList(done, before.size()).forEach(this::same);
  }

  private void same(String line) {
    rows.add(new Row(List.of(new Run(Kind.EQUAL, line))));
  }

  /** Pairs lines in order so that the pairs have as many words in common as can be. */
  private void pair(List<String> before, List<String> after) {
    int[][] common = commonWords(before, after);
    int[][] best = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        int paired = best[i + 1][j + 1] + common[i][j];
        best[i][j] = Math.max(paired, Math.max(best[i + 1][j], best[i][j + 1]));
      }
    }
    int from = 0;
    int newFrom = 0;
    int i = 0;
    int j = 0;
    while (i < before.size() && j < after.size()) {
      if (best[i][j] == best[i + 1][j]) {
        i++;
      } else if (best[i][j] == best[i][j + 1]) {
        j++;
      } else {
        block(before.subList(from, i), after.subList(newFrom, j));
        line(before.get(i++), after.get(j++));
        from = i;
        newFrom = j;
      }
    }
    block(before.subList(from, before.size()), after.subList(newFrom, after.size()));
  }

  /** For each pair of lines the words in common, or 0 where that is less than half of them. */
  private static int[][] commonWords(List<String> before, List<String> after) {
    Vocabulary vocabulary = new Vocabulary();
    List<int[]> old = before.stream().map(line -> vocabulary.numbers(Words.of(line))).toList();
    List<int[]> fresh = after.stream().map(line -> vocabulary.numbers(Words.of(line))).toList();
    int[][] common = new int[old.size()][fresh.size()];
    for (int i = 0; i < old.size(); i++) {
      for (int j = 0; j < fresh.size(); j++) {
        int length = Lcs.length(old.get(i), fresh.get(j));
        common[i][j] = 4 * length < old.get(i).length + fresh.get(j).length ? 0 : length;
      }
    }
    return common;
  }

  private void block(List<String> before, List<String> after) {
    if (byWord && before.size() == 1 && after.size() == 1) {
      line(before.get(0), after.get(0));
    } else if (before.size() + after.size() > 0) {
      List<Run> runs = new ArrayList<>();
      add(runs, Kind.DELETED, before, "\n");
      add(runs, Kind.INSERTED, after, "\n");
      rows.add(new Row(runs));
    }
  }

  private void line(String old, String fresh) {
    List<String> before = Words.tokens(old);
    List<String> after = Words.tokens(fresh);
    List<Run> runs = new ArrayList<>();
    int done = 0;
    for (Change change : changes(before, after)) {
      add(runs, Kind.EQUAL, before.subList(done, change.from), "");
      add(runs, Kind.DELETED, before.subList(change.from, change.to), "");
      add(runs, Kind.INSERTED, after.subList(change.newFrom, change.newTo), "");
      done = change.to;
    }
    add(runs, Kind.EQUAL, before.subList(done, before.size()), "");
    rows.add(new Row(runs));
  }

  private static void add(List<Run> runs, Kind kind, List<String> tokens, String between) {
    if (!tokens.isEmpty()) {
      runs.add(new Run(kind, String.join(between, tokens)));
    }
  }

  /** The changes in order, or a single one between the equal ends where there are too many. */
  private List<Change> changes(List<String> before, List<String> after) {
    int shorter = Math.min(before.size(), after.size());
    int head = 0;
    while (head < shorter && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && before.get(before.size() - tail - 1).equals(after.get(after.size() - tail - 1))) {
      tail++;
    }
    List<String> source = before.subList(head, before.size() - tail);
    List<String> target = after.subList(head, after.size() - tail);
    if (edits(source, target) > MAX_EDITS) {
      coarse++;
      return List.of(new Change(head, before.size() - tail, head, after.size() - tail));
    }
    List<Change> changes = new ArrayList<>();
    for (AbstractDelta<String> delta :
        DiffUtils.diff(source, target, new MyersDiffWithLinearSpace<String>()).getDeltas()) {
      int from = head + delta.getSource().getPosition();
      int newFrom = head + delta.getTarget().getPosition();
      int to = from + delta.getSource().size();
      changes.add(new Change(from, to, newFrom, newFrom + delta.getTarget().size()));
    }
    List<Change> whole = joined(changes, (last, next) -> last.to == next.from);
    return joined(
        whole,
        (last, next) ->
            last.replaces()
                && next.replaces()
                && last.to + 1 == next.from
                && before.get(last.to).equals(" "));
  }

  private static int edits(List<String> before, List<String> after) {
    Vocabulary vocabulary = new Vocabulary();
    int common = Lcs.length(vocabulary.numbers(before), vocabulary.numbers(after));
    return before.size() + after.size() - 2 * common;
  }

  /** Changes made one with the next where they belong together. */
  private static List<Change> joined(List<Change> changes, BiPredicate<Change, Change> together) {
    Deque<Change> joined = new ArrayDeque<>();
    for (Change next : changes) {
      Change last = joined.peekLast();
      if (last != null && together.test(last, next)) {
        joined.removeLast();
        joined.addLast(new Change(last.from, next.to, last.newFrom, next.newTo));
      } else {
        joined.addLast(next);
      }
    }
    return List.copyOf(joined);
  }
}
