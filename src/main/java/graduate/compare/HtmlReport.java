package graduate.compare;

import static java.util.stream.Collectors.joining;

import graduate.compare.Row.Kind;
import graduate.compare.Row.Run;
import graduate.text.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The report as one page that needs nothing else: no script, and a policy under which none would
 * run and nothing would be loaded, whatever an answer holds. Several prompts have an index.
 */
public final class HtmlReport {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      <style>
      %s</style>
      </head>
      <body>
      <main>
      <h1>The API’s answer beside ChatGPT’s</h1>
      %s</main>
      </body>
      </html>
      """;

  private HtmlReport() {}

  /**
   * Renders a whole page.
   *
   * @param results at least one; several are shown worst first
   */
  public static String render(List<Comparison> results) {
    List<Comparison> sorted = results.stream().sorted(Comparison.WORST_FIRST).toList();
    boolean single = sorted.size() == 1;
    String title = single ? sorted.get(0).subject.prompt() : sorted.size() + " prompts";
    StringBuilder body = new StringBuilder(single ? "" : index(sorted));
    for (int i = 0; i < sorted.size(); i++) {
      body.append(section(i + 1, sorted.get(i)));
    }
    return PAGE.formatted(escape("Graduate: " + title), css(), body);
  }

  private static String index(List<Comparison> results) {
    List<List<String>> rows = Figures.overview(results);
    StringBuilder body = new StringBuilder();
    for (int i = 1; i < rows.size(); i++) {
      String link = text("a href=\"#prompt-" + i + "\"", rows.get(i).get(0));
      body.append(row(element("th scope=\"row\"", link), rows.get(i)));
    }
    return element(
        "div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Index\"",
        element(
            "table",
            element(
                "thead", element("tr", each(rows.get(0), name -> text("th scope=\"col\"", name)))),
            element("tbody", body.toString())));
  }

  private static String row(String head, List<String> cells) {
    return element("tr", head, each(cells.subList(1, cells.size()), cell -> text("td", cell)));
  }

  private static String table(String kind, List<List<String>> rows) {
    return rows.isEmpty()
        ? ""
        : element(
            "table class=\"" + kind + "\"",
            each(rows, row -> row(text("th scope=\"row\"", row.get(0)), row)));
  }

  private static String section(int number, Comparison result) {
    return element(
        "section id=\"prompt-" + number + "\"",
        text("h2", result.subject.prompt()),
        verdict(result),
        table("origin", Figures.origin(result)),
        text("h3", "Facts"),
        element(
            "div class=\"pair\"",
            facts("missing", "Missing: only in the saved answer", result.facts.missing()),
            facts("extra", "Extra: only in the new answer", result.facts.extra())),
        text("p", result.facts.kept() + " in both"),
        part("JSON", table("json", Figures.json(result.json))),
        element(
            "div class=\"pair\"",
            part("Likeness", table("likeness", Figures.likeness(result))),
            part("Shape (saved → new)", table("shape", Figures.shape(result)))),
        part("Side by side", sides(result)),
        part(
            "What was asked",
            asked("Prompt", result.subject.promptText())
                + asked("Input", result.subject.inputText())));
  }

  private static String part(String heading, String content) {
    return content.isEmpty() ? "" : element("div", text("h3", heading), content);
  }

  private static String verdict(Comparison result) {
    Verdict verdict = result.verdict();
    String headline = escape(Headline.of(result));
    if (verdict == null) {
      return element("p class=\"headline\"", headline);
    }
    String word = verdict.pass() ? "pass" : "fail";
    return element(
            "p class=\"headline\"", text("strong class=\"" + word + "\"", word), " ", headline)
        + element("ul class=\"failures\"", each(verdict.failures(), why -> text("li", why)));
  }

  private static String facts(String side, String name, List<Fact> facts) {
    return element(
        "div class=\"card\"",
        text("h4", name + " (" + facts.size() + ")"),
        element("ul class=\"" + side + "\"", each(facts, fact -> text("li", fact.text()))));
  }

  /** The roles keep it a table for screen readers where a phone's width makes blocks of it. */
  private static String sides(Comparison result) {
    StringBuilder body = new StringBuilder();
    List<Row> same = new ArrayList<>();
    for (Row row : result.difference.rows()) {
      if (row.same()) {
        same.add(row);
      } else {
        body.append(sides("same", same)).append(sides("changed", List.of(row)));
        same.clear();
      }
    }
    body.append(sides("same", same));
    String model = result.answer.model();
    String column = "th scope=\"col\" role=\"columnheader\"";
    String head =
        text(column, "Saved: " + result.saved.get(0).path())
            + text(column, model == null ? "New" : "New: " + model);
    return each(result.difference.notes(), note -> text("p", note))
        + element(
            "table class=\"sides\" role=\"table\"",
            element("thead role=\"rowgroup\"", element("tr role=\"row\"", head)),
            element("tbody role=\"rowgroup\"", body.toString()));
  }

  private static String sides(String kind, List<Row> rows) {
    String cell = "td role=\"cell\" dir=\"auto\" data-side=\"";
    return rows.isEmpty()
        ? ""
        : element(
            "tr role=\"row\" class=\"" + kind + "\"",
            element(cell + "saved\"", each(rows, "\n", row -> side(row, Kind.INSERTED))),
            element(cell + "new\"", each(rows, "\n", row -> side(row, Kind.DELETED))));
  }

  private static String side(Row row, Kind other) {
    return row.runs().stream()
        .filter(run -> run.kind() != other)
        .map(HtmlReport::run)
        .collect(joining());
  }

  private static String run(Run run) {
    return switch (run.kind()) {
      case EQUAL -> escape(run.text());
      case DELETED -> text("del", run.text());
      case INSERTED -> text("ins", run.text());
    };
  }

  private static String asked(String name, @Nullable String text) {
    return text == null
        ? ""
        : element(
            "details",
            text("summary", name),
            text("pre dir=\"auto\"", "\n" + text.replace("\r\n", "\n")));
  }

  private static <T> String each(List<T> list, Function<T, String> html) {
    return each(list, "", html);
  }

  private static <T> String each(List<T> list, String between, Function<T, String> html) {
    return list.stream().map(html).collect(joining(between));
  }

  private static String text(String start, String text) {
    return element(start, escape(text));
  }

  /** An element; {@code start} is its start tag without the angle brackets. */
  private static String element(String start, String... content) {
    int end = start.indexOf(' ');
    String name = end < 0 ? start : start.substring(0, end);
    return "<" + start + ">" + String.join("", content) + "</" + name + ">";
  }

  private static String escape(String text) {
    return Visible.text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String css() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("page.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
