package graduate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Batch API as {@code BATCH.md} has it: it reads what is handed in strictly, counts it, and lets
 * a test say what goes wrong at which step. A batch runs until the test ends it.
 */
final class BatchServer implements Closeable {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern PART =
      Pattern.compile("(?s)--([^\r]+)\r\n(.+?)\r\n\r\n(.*?)\r\n(?=--\\1)");
  private static final Pattern NAME =
      Pattern.compile("name=\"file\"; filename=\"graduate-([^\"]+)\\.jsonl\"");

  /** What a request is for. */
  enum Step {
    UPLOAD,
    CREATE,
    LIST,
    STATUS,
    CANCEL,
    DOWNLOAD
  }

  /** What is done with a request; null closes the connection without an answer. */
  @FunctionalInterface
  interface Way {
    @Nullable String response(Usual usual) throws Exception;
  }

  /** Does what was asked for. */
  @FunctionalInterface
  interface Usual {
    String response() throws Exception;
  }

  /** It has its effect, and the answer is lost. */
  static final Way LOST =
      usual -> {
        String unused = usual.response();
        return null;
      };

  /** The connection ends before anything was done. */
  static final Way CLOSED = usual -> null;

  /** It has its effect, and the answer is a 502. */
  static final Way DONE_BUT_502 =
      usual -> {
        String unused = usual.response();
        return RawServer.response("502 Oops", "", "<html>");
      };

  /** Half of the answer comes. */
  static final Way HALF =
      usual -> {
        String all = usual.response();
        int body = all.indexOf("\r\n\r\n") + 4;
        return all.substring(0, (body + all.length()) / 2);
      };

  static Way saying(int status, String body) {
    return usual -> RawServer.response(status + " X", "", body);
  }

  /** A line that was handed in. */
  record Line(String id, JsonNode body) {
    /** The message behind the prompt's first line. */
    String input() {
      String message = body.at("/messages/0/content").asText();
      return message.substring(message.indexOf("\n\n") + 2);
    }
  }

  private record Upload(String ours, List<Line> lines) {}

  private final List<Upload> uploads = new ArrayList<>();
  private final Map<String, ObjectNode> batches = new LinkedHashMap<>();
  private final Map<String, String> results = new HashMap<>();
  private final Map<Step, Queue<Way>> ways = new HashMap<>();
  private final List<String> cancelled = new ArrayList<>();
  private final RawServer server;
  private int page = 100;

  BatchServer() throws IOException {
    this.server = new RawServer(this::serve);
  }

  int port() {
    return server.port();
  }

  /** The next requests of that kind go these ways, and those behind them the usual one. */
  synchronized BatchServer next(Step step, Way... next) {
    ways.computeIfAbsent(step, s -> new ArrayDeque<>()).addAll(List.of(next));
    return this;
  }

  /** A page of the list has so many batches. */
  void pages(int size) {
    page = size;
  }

  /** A batch of somebody else's. */
  synchronized void another() {
    begin("file-x", JsonNodeFactory.instance.objectNode().put("graduate", "01OTHER"));
  }

  /** How often our batches were created, by our id. */
  synchronized Map<String, Integer> creations() {
    Map<String, Integer> made = new HashMap<>();
    for (ObjectNode batch : batches.values()) {
      made.merge(batch.at("/metadata/graduate").asText(), 1, Integer::sum);
    }
    made.remove("01OTHER");
    return made;
  }

  /** How many files came. */
  synchronized int uploads() {
    return uploads.size();
  }

  /** The inputs that batches were created of, one for each time. */
  synchronized List<String> handedIn() {
    List<String> inputs = new ArrayList<>();
    for (ObjectNode batch : batches.values()) {
      lines(batch).forEach(line -> inputs.add(line.input()));
    }
    return inputs;
  }

  synchronized List<String> cancelled() {
    return List.copyOf(cancelled);
  }

  /** The API's id of the newest batch. */
  synchronized String newest() {
    return List.copyOf(batches.keySet()).get(batches.size() - 1);
  }

  /** The newest batch's lines. */
  synchronized List<Line> lines() {
    return lines(batch());
  }

  private ObjectNode batch() {
    return known(batches, newest());
  }

  private List<Line> lines(ObjectNode batch) {
    String file = batch.path("input_file_id").asText();
    return file.equals("file-x")
        ? List.of()
        : uploads.get(Integer.parseInt(file.substring("file-".length()))).lines();
  }

  /** Sets a field of the newest batch. */
  synchronized void set(String field, Object value) {
    ObjectNode unused = batch().set(field, STRICT.valueToTree(value));
  }

  /** Says why the newest batch failed. */
  synchronized void fail(String code, String message) {
    set("status", "failed");
    ObjectNode error = batch().putObject("errors").putArray("data").addObject();
    error.put("code", code).put("message", message).put("line", 1);
  }

  /**
   * Ends the newest batch.
   *
   * @param result what comes of a line, in no order: any number of lines
   */
  synchronized void end(String status, Function<Line, List<String>> result) {
    List<String> out = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (Line line : lines()) {
      for (String each : result.apply(line)) {
        (each.contains("\"status_code\":200") ? out : failed).add(each);
      }
    }
    set("status", status);
    put("output_file_id", out);
    put("error_file_id", failed);
  }

  private void put(String field, List<String> lines) {
    Collections.reverse(lines);
    if (lines.isEmpty()) {
      ObjectNode unused = batch().putNull(field);
      return;
    }
    // Some gateways' ids are longer than a file's name may be.
    String file = "result-" + results.size() + "-" + "x".repeat(280);
    results.put(file, String.join("\n", lines) + "\n");
    set(field, file);
  }

  /** The line of a call that was answered, a token for each letter. */
  static String answered(Line line) {
    String input = line.input();
    return result(line.id(), 200, CountingServer.body("Re: " + input, "stop", input.length()));
  }

  /** A line of the results; {@code body} is JSON. */
  static String result(String id, int status, String body) {
    return """
        {"id":"batch_req_1","custom_id":"%s","response":{"status_code":%d,"request_id":"req_1","body":%s},"error":null}"""
        .formatted(id, status, body.replace("\n", " "));
  }

  /** A line that failed before it had a response. */
  static String failed(String id, String code) {
    return """
        {"id":"batch_req_1","custom_id":"%s","response":null,"error":{"code":"%s","message":"no"}}"""
        .formatted(id, code);
  }

  private void serve(String request, RawServer.Connection connection) throws Exception {
    assertThat(RawServer.headers(request, "authorization"))
        .containsExactly("Authorization: Bearer " + Program.KEY);
    for (String length : RawServer.headers(request, "content-length:")) {
      if (body(request).getBytes(UTF_8).length < Integer.parseInt(length.replaceAll("\\D", ""))) {
        return; // Whoever sent it was killed.
      }
    }
    String[] words = request.substring(0, request.indexOf('\r')).split(" ", -1);
    Step step = step(words[0] + " " + words[1]);
    Way way;
    synchronized (this) {
      Queue<Way> queue = ways.get(step);
      way = queue == null || queue.isEmpty() ? Usual::response : queue.remove();
    }
    String response = way.response(() -> usual(step, words[1], request));
    if (response != null) {
      connection.send(response);
    }
  }

  private static Step step(String line) {
    Map<String, Step> steps =
        Map.of(
            "POST /v1/files",
            Step.UPLOAD,
            "POST /v1/batches",
            Step.CREATE,
            "GET /v1/batches\\?.*",
            Step.LIST,
            "GET /v1/batches/\\w+",
            Step.STATUS,
            "POST /v1/batches/\\w+/cancel",
            Step.CANCEL,
            "GET /v1/files/[\\w-]+/content",
            Step.DOWNLOAD);
    return steps.entrySet().stream()
        .filter(each -> line.matches(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody asks for " + line));
  }

  private synchronized String usual(Step step, String path, String request) throws IOException {
    String[] parts = path.split("/", -1);
    return switch (step) {
      case UPLOAD -> ok(upload(request));
      case CREATE -> ok(create(STRICT.readTree(body(request))));
      case LIST -> ok(list(path));
      case STATUS -> ok(known(batches, parts[3]));
      case CANCEL -> {
        cancelled.add(parts[3]);
        set("status", "cancelling");
        yield ok(known(batches, parts[3]));
      }
      case DOWNLOAD -> RawServer.response("200 OK", "", known(results, parts[3]));
    };
  }

  private static <T> T known(Map<String, T> map, String id) {
    T found = map.get(id);
    if (found == null) {
      throw new AssertionError("nobody asks for " + id);
    }
    return found;
  }

  private static String ok(JsonNode json) {
    return RawServer.response("200 OK", "", json.toString());
  }

  private static String body(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }

  private JsonNode upload(String request) throws IOException {
    assertThat(RawServer.headers(request, "content-length")).hasSize(1);
    Matcher part = PART.matcher(body(request));
    assertThat(part.find()).isTrue();
    assertThat(part.group(2)).isEqualTo("Content-Disposition: form-data; name=\"purpose\"");
    assertThat(part.group(3)).isEqualTo("batch");
    assertThat(part.find()).isTrue();
    assertThat(part.group(2)).endsWith("\r\nContent-Type: application/jsonl");
    Matcher name = NAME.matcher(part.group(2));
    assertThat(name.find()).isTrue();
    uploads.add(new Upload(name.group(1), read(part.group(3))));
    assertThat(part.find()).isFalse();
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", "file-" + (uploads.size() - 1))
        .put("purpose", "batch");
  }

  /** Reads a file of requests as strictly as anybody does. */
  static List<Line> read(String file) throws IOException {
    assertThat(file).endsWith("\n").doesNotContain("\n\n", "\r");
    List<Line> lines = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String each : file.substring(0, file.length() - 1).split("\n", -1)) {
      JsonNode line = STRICT.readTree(each);
      assertThat(line.properties().stream().map(Map.Entry::getKey))
          .containsExactlyInAnyOrder("custom_id", "method", "url", "body");
      assertThat(line.path("method").textValue()).isEqualTo("POST");
      assertThat(line.path("url").textValue()).isEqualTo("/v1/chat/completions");
      assertThat(line.path("custom_id").textValue()).hasSizeBetween(1, 64);
      assertThat(line.at("/body/model").textValue()).isEqualTo("gpt-5.6-luna");
      assertThat(ids.add(line.path("custom_id").textValue())).isTrue();
      lines.add(new Line(line.path("custom_id").textValue(), line.path("body")));
    }
    return lines;
  }

  private JsonNode create(JsonNode json) {
    assertThat(json.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("input_file_id", "endpoint", "completion_window", "metadata");
    assertThat(json.path("endpoint").asText()).isEqualTo("/v1/chat/completions");
    assertThat(json.path("completion_window").asText()).isEqualTo("24h");
    String file = json.path("input_file_id").asText();
    Upload upload = uploads.get(Integer.parseInt(file.substring("file-".length())));
    assertThat(json.at("/metadata/graduate").asText()).isEqualTo(upload.ours());
    return begin(file, json.path("metadata"));
  }

  private ObjectNode begin(String file, JsonNode metadata) {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    batch.put("id", "batch_" + (batches.size() + 1)).put("object", "batch");
    batch.put("status", "validating").put("input_file_id", file);
    batch.putNull("output_file_id").putNull("error_file_id").putNull("errors");
    batch.set("metadata", metadata);
    batch.putObject("request_counts").put("total", 0).put("completed", 0).put("failed", 0);
    batches.put(batch.path("id").asText(), batch);
    return batch;
  }

  /** The newest first. */
  private JsonNode list(String path) {
    Matcher query = Pattern.compile("\\?limit=100(&after=(\\w+))?").matcher(path);
    assertThat(query.find()).isTrue();
    List<String> ids = new ArrayList<>(batches.keySet());
    Collections.reverse(ids);
    int from = ids.indexOf(query.group(2)) + 1;
    int to = Math.min(ids.size(), from + page);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = json.putArray("data");
    ids.subList(from, to).forEach(id -> data.add(batches.get(id)));
    return json.put("has_more", to < ids.size());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
