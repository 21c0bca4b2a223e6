package graduate.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.harness.SetClock;
import graduate.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server sends is kept, and the log that holds it is read back. */
class BodyTest {
  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-11-21T08:00:00Z");

  /** The line that holds {@code body}, as a reader of the whole log finds it. */
  private Read log(byte @Nullable [] body) throws IOException {
    return logged(request -> Samples.response(request, "0.25", "answered", body));
  }

  private Read logged(Function<LogLine, Entry> response) throws IOException {
    AuditLog log = new AuditLog(folder, clock);
    LogLine request = Samples.append(log, Samples.request("a", clock.instant(), "0.5"));
    Samples.append(log, response.apply(request));
    Samples.append(log, Samples.request("b", clock.instant(), "0.5"));
    try (LogReader reader = log.reader()) {
      reader.next();
      LogLine line = Objects.requireNonNull(reader.next());
      Read read = new Read(line.bytes(), line.received().orElse(null));
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next()).isNull();
      assertThat(reader.pieces()).isEmpty();
      return read;
    }
  }

  private record Read(byte[] line, byte @Nullable [] body) {
    JsonNode field(String name) throws IOException {
      return new ObjectMapper(JsonTree.FACTORY).readTree(line).path(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1e400,\"b\":1.00,\"c\":-0.0,\"d\":1E+2,\"e\":123456789012345678901234567890.10}",
        "{\"a\":1e99999999999}",
        "{\"a\":1,\"a\":2,\"b\":{\"c\":[],\"c\":{}}}",
        "[]",
        "1",
        "\"text\"",
        "null",
        "{\"response\":1,\"seq\":99,\"cost_usd\":7}",
        "{\"a\":\"\\u0000\\u001f\\u007f\\\\ \\\" \\u2028\\uffff\"}",
      })
  void keepsEveryTokenOfJsonAsItIsSpelt(String body) throws IOException {
    Read read = log(body.getBytes(UTF_8));
    assertThat(new String(read.line(), UTF_8)).contains("\"response\":");
    assertThat(tokens(read.body())).isEqualTo(tokens(body.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"x\\ud83d\\ud83d\\ude00y\\ude00\"}",
        "{\"a\":\"\\udfff\\ud800\"}",
        "[\"\\ud83d\\ude00\",\"\\ud83d\"]",
      })
  void keepsLoneSurrogates(String body) throws IOException {
    assertThat(tokens(log(body.getBytes(UTF_8)).body())).isEqualTo(tokens(body.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void keepsEmojiAndLoneSurrogatesAcrossEveryBufferBorder(int shift) throws IOException {
    String text = "a".repeat(shift) + "😀".repeat(10_000) + "é€";
    byte[] plain = ("{\"k\":\"" + text + "\",\"" + text + "\":1}").getBytes(UTF_8);
    byte[] lone =
        ("{\"k\":\"" + text + "\",\"l\":\"" + "\\ud83d".repeat(9000) + "\"}").getBytes(UTF_8);
    assertThat(tokens(log(plain).body())).isEqualTo(tokens(plain));
    Files.delete(folder.resolve("audit.jsonl"));
    assertThat(tokens(log(lone).body())).isEqualTo(tokens(lone));
  }

  @Test
  void keepsAThousandLevelsAsText() throws IOException {
    String body = "[".repeat(1000) + "]".repeat(1000);
    Read read = log(body.getBytes(UTF_8));
    assertThat(read.field("response_text").asText()).isEqualTo(body);
    assertThat(read.body()).isEqualTo(body.getBytes(UTF_8));
  }

  @Test
  void keepsTheDeepestThatFitsAsJson() throws IOException {
    byte[] body = ("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH)).getBytes(UTF_8);
    Read read = log(body);
    assertThat(read.body()).isEqualTo(body);
    assertThat(read.field("response").isArray()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1",
        "{\"a\":1} x",
        "{} {}",
        "01",
        "NaN",
        "{\"a\":01}",
        "<p>\r\n\0</p>"
      })
  void keepsWhatIsNoJsonAsText(String body) throws IOException {
    Read read = log(body.getBytes(UTF_8));
    assertThat(read.field("response_text").asText()).isEqualTo(body);
    assertThat(read.body()).isEqualTo(body.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff\u00fe",
        "{\"a\":\"\u00ff\"}",
        "{\"a\":\"\u00c0\u0080\"}",
        "{\"a\":\"\u00ed\u00a0\u0080\"}",
        "{\"a\":\"\u00f4\u0090\u0080\u0080\"}",
        "{\"a\":\"\u00e2\u0082\"}",
      })
  void keepsWhatIsNoUtf8AsBytes(String latin1) throws IOException {
    byte[] body = latin1.getBytes(ISO_8859_1);
    Read read = log(body);
    assertThat(read.field("response_base64").isTextual()).isTrue();
    assertThat(read.body()).isEqualTo(body);
  }

  @Test
  void keepsThirtyMegabytesOfHtml() throws IOException {
    byte[] body = "<p class=\"é\">\t&nbsp;</p>\n".repeat(1_200_000).getBytes(UTF_8);
    assertThat(body.length).isGreaterThan(30_000_000);
    assertThat(log(body).body()).isEqualTo(body);
    assertThat(Files.size(folder.resolve("audit.jsonl"))).isGreaterThan(body.length);
  }

  @Test
  void keepsAUsageAsDeepAsTheApisReaderGoes() throws IOException {
    String deep = "[".repeat(998) + "]".repeat(998);
    JsonNode usage = new JsonMapper().readTree("{\"x\":" + deep + "}");
    byte[] body = ("{\"usage\":" + usage + "}").getBytes(UTF_8);
    Read read = logged(r -> Samples.response(r, null, "answered", body).put("usage", usage));
    assertThat(read.field("usage")).isEqualTo(usage);
    assertThat(read.body()).isEqualTo(body);
  }

  @Test
  void aResponseWithoutABodyHasNone() throws IOException {
    Read read = log(null);
    assertThat(read.body()).isNull();
    assertThat(new String(read.line(), UTF_8)).doesNotContain("response_");
  }

  /** Kind and spelling of each token; strings by their characters. */
  private static List<String> tokens(byte @Nullable [] json) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = JsonTree.FACTORY.createParser(json == null ? new byte[0] : json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(token + " " + parser.getText());
      }
    }
    return tokens;
  }
}
