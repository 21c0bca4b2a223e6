package graduate.cli;

import graduate.prompt.Text;
import graduate.text.UnusableException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a bulk, in order: files, lines or cells. Each pass reads the files anew, and has
 * one text at a time.
 *
 * @param files that hold them
 * @param lines whether each line is one
 * @param column whose cells are; null where none is named
 */
record BulkInputs(List<Path> files, boolean lines, @Nullable String column) {
  private static final byte[] MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

  /**
   * One input; its text's path is what it is called.
   *
   * @param stem what a file for its answer is called, without an ending
   */
  record Input(String stem, Text text) {}

  /** Takes in one input after the other. */
  @FunctionalInterface
  interface Taker {
    /** Returns whether to go on. */
    boolean take(Input input) throws IOException;
  }

  /**
   * Finds the files.
   *
   * @param words as typed
   * @throws UsageException where one is no INPUT
   */
  static BulkInputs of(List<String> words, boolean lines, @Nullable String column)
      throws IOException {
    if (lines && column != null) {
      throw new UsageException("--lines, --column: only one of them");
    }
    List<Path> files = new ArrayList<>();
    for (String word : words) {
      if (word.equals("-")) {
        throw new UsageException("bulk: - is no INPUT: name files or folders");
      }
      Path path = Workspace.path(word);
      boolean folder = Files.isDirectory(path);
      if (folder && (lines || column != null)) {
        throw new UsageException("bulk: " + word + " is a folder; name the files in it");
      }
      if (!folder && Files.exists(path) && !Files.isRegularFile(path)) {
        throw new UsageException("bulk: " + word + " is no file that can be read twice");
      }
      files.addAll(folder ? in(path) : List.of(path));
    }
    return new BulkInputs(files, lines, column);
  }

  /** A folder's files that are not hidden, by code point. */
  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !name(file).startsWith(".") && Files.isRegularFile(file))
          .sorted(
              Comparator.comparing(
                  (Path file) -> name(file).getBytes(StandardCharsets.UTF_8),
                  Arrays::compareUnsigned))
          .toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Input input(Path file, String number, Text text) {
    return new Input(name(file).replaceFirst("(?<=.)\\.[^.]*$", "") + number, text);
  }

  /**
   * Hands on all that are not empty.
   *
   * @throws UnusableException where one cannot be read or is not UTF-8
   */
  void each(Taker to) throws IOException {
    boolean more = true;
    for (int i = 0; more && i < files.size(); i++) {
      Path file = files.get(i);
      if (lines) {
        more = eachLine(file, to);
      } else if (column != null) {
        more = eachCell(file, column, to);
      } else if (!Files.isRegularFile(file) || Files.size(file) > 0) {
        more = to.take(input(file, "", Text.read(file)));
      }
    }
  }

  private static boolean eachLine(Path file, Taker to) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      boolean more = true;
      int next = 0;
      for (int number = 1; more && next >= 0; number++) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
          line.write(next);
        }
        byte[] bytes = line.toByteArray();
        boolean mark = number == 1 && Arrays.mismatch(bytes, MARK) == MARK.length;
        boolean cr = next == '\n' && bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        bytes = Arrays.copyOfRange(bytes, mark ? MARK.length : 0, bytes.length - (cr ? 1 : 0));
        Text text = Text.of(file + ":" + number, bytes);
        more = text.text().isBlank() || to.take(input(file, "-" + number, text));
      }
      return more;
    }
  }

  private static boolean eachCell(Path file, String column, Taker to) throws IOException {
    try (CsvTable table = new CsvTable(file)) {
      int index = table.index(column);
      boolean more = true;
      for (List<String> row = table.next(); more && row != null; row = table.next()) {
        String cell = row.get(index);
        byte[] bytes = cell.getBytes(StandardCharsets.UTF_8);
        Text text = new Text(file + ":" + table.row(), bytes, cell);
        more = cell.isBlank() || to.take(input(file, "-" + table.row(), text));
      }
      return more;
    }
  }
}
