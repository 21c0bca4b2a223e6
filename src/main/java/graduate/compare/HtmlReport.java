package graduate.compare;

import static java.util.stream.Collectors.joining;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import graduate.compare.Difference.Row;
import graduate.compare.Difference.Run;
import graduate.compare.Difference.Side;
import graduate.compare.Facts.Fact;
import graduate.text.Visible;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The report as one page that needs nothing else: no script, and a policy under which none would
 * run and nothing would be loaded, whatever an answer holds.
 */
public final class HtmlReport {
  private static final Mustache.Compiler HTML =
      Mustache.compiler().withEscaper(text -> Escapers.HTML.escape(Visible.text(text)));

  private static final Pattern FENCE = Pattern.compile("[ \\t>]*+(?:[-*+] ++)?+(?:```|~~~).*");
  private static final Pattern TABLE_ROW = Pattern.compile("[ \\t>]*+\\|.*");

  /** A stretch of a line: how it is marked, and the id of that place, or nothing. */
  record Piece(String text, String mark, String id) {}

  /** A line of one answer; without pieces where that answer lacks it. */
  record Cell(boolean mono, List<Piece> pieces) {}

  record Pair(boolean same, Cell saved, Cell fresh) {}

  private HtmlReport() {}

  /** Renders a whole page. */
  public static String render(Comparison result) {
    Column saved = new Column(Side.SAVED, result.json.applies(), result.facts.missing());
    Column fresh = new Column(Side.NEW, result.json.applies(), result.facts.extra());
    List<Pair> pairs = new ArrayList<>();
    for (Row row : result.difference.rows()) {
      pairs.add(new Pair(row.same(), saved.cell(row), fresh.cell(row)));
    }
    return TextReport.fill("page.html", HTML, Map.of("result", result, "pairs", pairs));
  }

  /** One answer on its way into the page, line by line. */
  private static final class Column {
    private final Side side;
    private final boolean json;
    private final Map<String, String> ids = new HashMap<>();
    private boolean fenced;

    Column(Side side, boolean json, List<Fact> differing) {
      this.side = side;
      this.json = json;
      differing.forEach(fact -> ids.put(fact.key(), side + "-" + fact.start()));
    }

    Cell cell(Row row) {
      List<Run> runs = row.of(side);
      String line = runs.stream().map(Run::text).collect(joining());
      boolean fence = FENCE.matcher(line).matches();
      boolean mono = json || fenced || fence || TABLE_ROW.matcher(line).matches();
      fenced ^= fence;
      boolean blank = line.isEmpty() && !runs.isEmpty();
      String mark = row.same() ? "" : "word";
      return new Cell(
          mono, blank ? List.of(new Piece(row.same() ? "" : "¶", mark, "")) : pieces(line, runs));
    }

    /** The line, cut where the mark changes: a word that differs, or a fact. */
    private List<Piece> pieces(String line, List<Run> runs) {
      Piece[] marks = new Piece[line.length()];
      int at = 0;
      for (Run run : runs) {
        String mark = run.side() == Side.BOTH ? "" : "word";
        Arrays.fill(marks, at, at += run.text().length(), new Piece("", mark, ""));
      }
      for (Fact fact : FactFinder.find(line)) {
        if (ids.containsKey(fact.key())) {
          Piece mark = new Piece("", "fact", Objects.requireNonNull(ids.put(fact.key(), "")));
          Arrays.fill(marks, fact.start(), fact.start() + fact.text().length(), mark);
        }
      }
      List<Piece> pieces = new ArrayList<>();
      for (int from = 0, to = 0; from < line.length(); from = to) {
        while (to < line.length() && marks[to].equals(marks[from])) {
          to++;
        }
        pieces.add(new Piece(line.substring(from, to), marks[from].mark, marks[from].id));
      }
      return pieces;
    }
  }
}
