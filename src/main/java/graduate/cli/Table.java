package graduate.cli;

import graduate.text.Visible;
import java.util.List;
import java.util.stream.Stream;

/** Rows in columns as wide as their widest cell, safe for a terminal. */
final class Table {
  private Table() {}

  static String of(List<String[]> given) {
    List<String[]> rows =
        given.stream()
            .map(row -> Stream.of(row).map(Visible::line).toArray(String[]::new))
            .toList();
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }
}
