package graduate.compare;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import graduate.compare.Comparison.NewAnswer;
import graduate.compare.Comparison.Spread;
import graduate.compare.Difference.Row;
import graduate.compare.Difference.Run;
import graduate.text.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A comparison for a terminal, and for programs. */
public final class TextReport {
  /** Equal lines shown before and after a difference. */
  private static final int CONTEXT = 2;

  private static final JsonMapper JSON = new JsonMapper();
  private static final Mustache.Compiler TEXT = Mustache.compiler().withEscaper(Visible::line);

  private TextReport() {}

  /**
   * The report for a terminal, ending in a newline. Its first line says what came out.
   *
   * @param colour whether to write the escape sequences of a terminal
   */
  public static String text(Comparison result, boolean colour) {
    Map<String, Object> form = new HashMap<>(Map.of("result", result));
    form.put("bold", colour ? "\u001b[1m" : "");
    form.put("red", colour ? "\u001b[31m" : "");
    form.put("green", colour ? "\u001b[32m" : "");
    form.put("off", colour ? "\u001b[0m" : "");
    form.put("lines", lines(result.difference.rows(), form));
    return fill("report.txt", TEXT, form);
  }

  /** A form from this package's resources, filled in. */
  static String fill(String name, Mustache.Compiler compiler, Map<String, Object> form) {
    try (InputStream in = Objects.requireNonNull(TextReport.class.getResourceAsStream(name))) {
      String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return compiler.emptyStringIsFalse(true).compile(template).execute(form);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What differs, with equal lines before and after it. */
  private static List<String> lines(List<Row> rows, Map<String, Object> paint) {
    List<String> lines = new ArrayList<>();
    int equal = 0;
    for (int i = 0; i <= rows.size(); i++) {
      List<Row> near =
          rows.subList(Math.max(0, i - CONTEXT), Math.min(rows.size(), i + CONTEXT + 1));
      if (i < rows.size() && near.stream().allMatch(Row::same)) {
        equal++;
        continue;
      }
      if (equal > 0) {
        lines.add(String.format(Locale.ROOT, "(%,d equal line%s)", equal, equal == 1 ? "" : "s"));
        equal = 0;
      }
      if (i < rows.size()) {
        lines.add(rows.get(i).runs().stream().map(run -> marked(run, paint)).collect(joining()));
      }
    }
    return lines;
  }

  private static String marked(Run run, Map<String, Object> paint) {
    String text = Visible.line(run.text());
    String seen = text.isEmpty() ? "¶" : text;
    return switch (run.side()) {
      case BOTH -> text;
      case SAVED -> paint.get("red") + "[-" + seen + "-]" + paint.get("off");
      case NEW -> paint.get("green") + "{+" + seen + "+}" + paint.get("off");
    };
  }

  /** The report for programs: one object, ending in a newline. */
  public static String json(Comparison result) {
    ObjectNode object = JSON.createObjectNode();
    NewAnswer answer = result.answer;
    object.put("prompt", result.subject.prompt());
    object.put("answer", answer.call()).put("replay", answer.replay()).put("model", answer.model());
    object.set("saved", JSON.valueToTree(result.saved));
    Spread spread = result.spread;
    object.set(
        "spread", spread == null ? null : JSON.valueToTree(List.of(spread.low(), spread.high())));
    object.set("measures", JSON.valueToTree(result.measures));
    object.set("facts", JSON.valueToTree(result.facts));
    if (result.json.applies()) {
      object.set("json", JSON.valueToTree(result.json));
    }
    object.put("verdict", result.verdict());
    return Visible.json(object.toPrettyString()) + "\n";
  }
}
