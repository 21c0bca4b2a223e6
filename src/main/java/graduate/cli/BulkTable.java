package graduate.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import graduate.audit.Asked;
import graduate.audit.Sha256;
import graduate.run.Answer;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The table of the inputs with columns for what came of them, written at the end. */
final class BulkTable implements BulkOutput {
  private static final List<String> COLUMNS = List.of("answer", "outcome", "cost_usd");

  private final BulkPlan plan;
  private final Path source;
  private final int index;
  private final Path target;
  private final Map<String, Fate> fates = new HashMap<>();

  /** What came of an input. */
  private record Fate(Asked asked, String outcome, String cost) {}

  /** Checks that the table can be read, and its new form written. */
  BulkTable(Path target, BulkPlan plan) throws IOException {
    List<Path> sources = plan.inputs.files();
    if (sources.size() != 1) {
      throw new UsageException(
          "--output: a table takes the answers of one table, not of " + sources.size());
    }
    this.plan = plan;
    this.source = sources.get(0);
    this.target = target;
    BulkOutput.requireOther("output", List.of(target), plan);
    try (CsvTable table = new CsvTable(source)) {
      index = table.index(Objects.requireNonNull(plan.inputs.column()));
      for (String column : COLUMNS) {
        if (table.header().contains(column)) {
          throw new UnusableException(source, "has a column " + column + " already");
        }
      }
    }
  }

  @Override
  public void prepare() throws IOException {
    Path unused = OutputFile.tried(target);
  }

  @Override
  public void put(BulkPlan.Item item, Answer found, boolean fromLog) {
    String cost = found.cost() == null ? "" : found.cost().stripTrailingZeros().toPlainString();
    fates.put(item.asked().input(), new Fate(item.asked(), found.outcome(), cost));
  }

  @Override
  public void finish() throws IOException {
    plan.past.read();
    OutputFile.write(OutputFile.tried(target), this::write);
  }

  private void write(OutputStream to) throws IOException {
    try (CsvTable table = new CsvTable(source)) {
      CsvWriter writer = table.writer(to);
      List<String> header = new ArrayList<>(table.header());
      header.addAll(COLUMNS);
      writer.writeRecord(header);
      for (List<String> row = table.next(); row != null; row = table.next()) {
        row.addAll(columns(row.get(index)));
        writer.writeRecord(row);
      }
      writer.flush();
    }
  }

  private List<String> columns(String cell) {
    Fate fate = fates.get(Sha256.of(cell.getBytes(StandardCharsets.UTF_8)));
    if (fate == null) {
      return List.of("", "", "");
    }
    Optional<Answer> logged = plan.past.answer(fate.asked());
    String answer = logged.map(found -> found.response().received()).orElse("");
    return List.of(answer, fate.outcome(), fate.cost());
  }
}
