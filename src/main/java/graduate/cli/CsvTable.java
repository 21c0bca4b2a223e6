package graduate.cli;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import graduate.text.UnusableException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file, row after row. A byte-order mark, the separator ({@code ;} where the header has no
 * comma) and the ends of lines are as they are found, and are written so again.
 */
final class CsvTable implements Closeable {
  private static final int HEAD = 1 << 16;
  private static final String MARK = "\u00EF\u00BB\u00BF";

  private final Path file;
  private final boolean mark;
  private final boolean crlf;
  private final char separator;
  private final CloseableIterator<CsvRecord> rows;
  private final List<String> header;
  private long row;

  /** Opens a table and reads its header, which is empty where the file is. */
  CsvTable(Path file) throws IOException {
    this.file = file;
    InputStream in = new BufferedInputStream(Files.newInputStream(file), HEAD);
    in.mark(HEAD);
    String start = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    in.reset();
    String first = start.replaceFirst("(?s)\n.*", "");
    mark = start.startsWith(MARK);
    crlf = first.endsWith("\r");
    String bare = first.replaceAll("\"[^\"]*\"", "");
    separator = bare.contains(",") || !bare.contains(";") ? ',' : ';';
    in.skipNBytes(mark ? MARK.length() : 0);
    rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .skipEmptyLines(false)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))
            .iterator();
    List<String> names = read();
    header = names == null ? List.of() : names;
    row = 0;
  }

  List<String> header() {
    return header;
  }

  /**
   * Where a column stands.
   *
   * @throws UnusableException where there is none of that name
   */
  int index(String column) {
    int index = header.indexOf(column);
    if (index < 0) {
      throw new UnusableException(
          file, "no column " + column + "; its columns: " + String.join(", ", header));
    }
    return index;
  }

  /** The number of the last row read, from 1. */
  long row() {
    return row;
  }

  /** The next row, as wide as the header at least; null at the end. */
  @Nullable List<String> next() {
    List<String> fields = read();
    if (fields == null) {
      return null;
    }
    List<String> padded = new ArrayList<>(fields);
    padded.addAll(Collections.nCopies(Math.max(0, header.size() - fields.size()), ""));
    return padded;
  }

  private @Nullable List<String> read() {
    row++;
    try {
      return rows.hasNext() ? rows.next().getFields() : null;
    } catch (CsvParseException e) {
      throw new UnusableException(file, "row " + row + " is no CSV: " + reason(e));
    } catch (UncheckedIOException e) {
      throw new UnusableException(
          file, "not UTF-8 in row " + row + " or soon after it. Save the table as UTF-8");
    }
  }

  private static String reason(CsvParseException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  /** A writer of a table of the same form. */
  CsvWriter writer(OutputStream to) throws IOException {
    if (mark) {
      to.write(MARK.getBytes(StandardCharsets.ISO_8859_1));
    }
    return CsvWriter.builder()
        .fieldSeparator(separator)
        .lineDelimiter(crlf ? LineDelimiter.CRLF : LineDelimiter.LF)
        .build(to);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
