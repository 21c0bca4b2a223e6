package graduate.compare;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.compare.Comparison.NewAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: what it shows, runs and asks for. */
@Tag("machine")
class PageInChromiumTest {
  private static final String HOSTILE =
      """
      <script>document.title = 'owned'; console.log('owned')</script>
      <img src="%1$simg.png" onerror="document.title='owned'"><link rel=stylesheet href=%1$sa.css>
      <style>@import url(%1$sb.css); body { background: url(%1$sc.png) }</style>
      <iframe src=%1$sframe></iframe><meta http-equiv=refresh content="0;url=%1$sgo">
      ![picture](%1$sd.png) "quoted' & &amp; </td></table></main></pre>
      """;

  private final MockWebServer server = new MockWebServer();
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder().code(404).build();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A browser's document, after it has run what it would run, and what it wrote. */
  private record Visit(String document, String errors) {
    List<String> marked() {
      return Pattern.compile("<mark[^>]*>(.*?)</mark>", Pattern.DOTALL)
          .matcher(document)
          .results()
          .map(match -> match.group(1))
          .toList();
    }
  }

  @Test
  void showsHostileAnswersAsTextAndAsksForNothing() throws Exception {
    String hostile = HOSTILE.formatted(server.url("/"));
    String saved = "The fix went live at 14:05, retries fell.\n" + hostile + "saved end";
    String fresh = "The fix went live at 14:15, retries fell.\n" + hostile + "new end";
    NewAnswer answer = Examples.answer(fresh, false);
    Comparison result = Examples.compare(hostile, answer, new Checks("1", true, true), saved);

    Visit visit = visit(HtmlReport.render(result));

    assertThat(visit.errors()).doesNotContain("CONSOLE");
    assertThat(server.getRequestCount()).isZero();
    assertThat(visit.document()).contains("<title>Graduate: ");
    assertThat(visit.document()).doesNotContain("<script", "<img", "<iframe", "<link");
    String escaped =
        hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip();
    assertThat(visit.document().split(Pattern.quote(escaped), -1)).hasSizeGreaterThan(1);
    assertThat(visit.marked()).containsExactly("14:05", "14:15", "saved", "new");
  }

  /** Were this to fail, the other test would prove nothing. */
  @Test
  void wouldSeeAScriptAndARequest() throws Exception {
    String script = "<script>document.title = 'owned'; console.log('owned')</script>";
    Visit visit = visit(script + "<img src=" + server.url("/img.png") + ">");
    assertThat(visit.errors()).contains("CONSOLE").contains("owned");
    assertThat(visit.document()).contains("<title>owned</title>");
    assertThat(server.getRequestCount()).isPositive();
  }

  private Visit visit(String page) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("page.html"), page);
    Path document = folder.resolve("document.html");
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--dump-dom",
                file.toUri().toString())
            .redirectOutput(document.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("TMPDIR", folder.toString());
    Process chromium = builder.start();
    try {
      assertThat(chromium.waitFor(120, TimeUnit.SECONDS)).as("Chromium ended").isTrue();
    } finally {
      chromium.descendants().forEach(ProcessHandle::destroyForcibly);
      chromium.destroyForcibly();
    }
    assertThat(chromium.exitValue()).as(Files.readString(errors)).isZero();
    return new Visit(Files.readString(document), Files.readString(errors));
  }
}
