package graduate.compare;

import static java.util.stream.Collectors.joining;

import graduate.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report for a terminal: one prompt in full, several as a table. */
public final class TextReport {
  /** Equal lines shown before and after a difference. */
  private static final int CONTEXT = 2;

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String BOLD = "\u001b[1m";
  private static final String OFF = "\u001b[0m";

  private final boolean colour;
  private final StringBuilder out = new StringBuilder();

  private TextReport(boolean colour) {
    this.colour = colour;
  }

  /**
   * Renders, ending in a newline. The first line of one prompt's report is its verdict; the table
   * of several has the worst first, and what failed below it.
   *
   * @param results at least one
   * @param colour whether to write the escape sequences of a terminal
   */
  public static String render(List<Comparison> results, boolean colour) {
    TextReport report = new TextReport(colour);
    if (results.size() == 1) {
      report.one(results.get(0));
    } else {
      report.several(results.stream().sorted(Comparison.WORST_FIRST).toList());
    }
    return report.out.toString();
  }

  private void one(Comparison result) {
    line(painted(BOLD, Visible.line(result.subject.prompt())) + ": " + Headline.of(result));
    failures(result, "failed");
    table(Figures.origin(result));
    section("Facts", Figures.facts(result.facts));
    if (result.json.applies()) {
      section("JSON", Figures.json(result.json));
    }
    section("Shape (saved → new)", Figures.shape(result));
    section("Likeness", Figures.likeness(result));
    section("Difference ([-saved-] {+new+})", List.of());
    difference(result.difference);
  }

  private void several(List<Comparison> results) {
    table(Figures.overview(results));
    results.forEach(result -> failures(result, Visible.line(result.subject.prompt()) + " failed"));
  }

  private void failures(Comparison result, String who) {
    Verdict verdict = result.verdict();
    if (verdict != null) {
      verdict.failures().forEach(why -> line(painted(RED, who) + " " + Visible.line(why)));
    }
  }

  private void difference(Difference difference) {
    difference.notes().forEach(note -> line("  " + note));
    List<Row> rows = difference.rows();
    int equal = 0;
    for (int i = 0; i < rows.size(); i++) {
      int from = Math.max(0, i - CONTEXT);
      int to = Math.min(rows.size(), i + CONTEXT + 1);
      if (rows.subList(from, to).stream().allMatch(Row::same)) {
        equal++;
      } else {
        skipped(equal);
        equal = 0;
        row(rows.get(i));
      }
    }
    skipped(equal);
  }

  private void skipped(int lines) {
    if (lines > 0) {
      line(String.format(Locale.ROOT, "  (%,d equal line%s)", lines, lines == 1 ? "" : "s"));
    }
  }

  /** Marks line by line, so that a pager may cut anywhere between two lines. */
  private void row(Row row) {
    if (row.block()) {
      for (Row.Run run : row.runs()) {
        run.text()
            .lines()
            .forEach(text -> line("  " + marked(run.kind(), text.isEmpty() ? "¶" : text)));
      }
    } else {
      line("  " + row.runs().stream().map(r -> marked(r.kind(), r.text())).collect(joining()));
    }
  }

  private String marked(Row.Kind kind, String line) {
    String text = Visible.text(line);
    return switch (kind) {
      case EQUAL -> text;
      case DELETED -> painted(RED, "[-" + text + "-]");
      case INSERTED -> painted(GREEN, "{+" + text + "+}");
    };
  }

  private void section(String heading, List<List<String>> rows) {
    line("");
    line(painted(BOLD, heading));
    table(rows);
  }

  private void table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < (rows.isEmpty() ? 0 : rows.get(0).size()); i++) {
      int column = i;
      widths.add(rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append("  ")
            .append(row.get(i))
            .append(" ".repeat(widths.get(i) - row.get(i).length()));
      }
      line(line.toString().stripTrailing());
    }
  }

  private String painted(String paint, String text) {
    return colour ? paint + text + OFF : text;
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
