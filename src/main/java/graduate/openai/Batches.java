package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import graduate.json.JsonTree.Fractions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's Batch API: files of requests in, files of responses out. Each request is sent once, by
 * the rules of {@link ChatClient}.
 */
public final class Batches {
  /** What a file may hold. */
  public static final int MOST_CALLS = 50_000;

  public static final long MOST_BYTES = 200_000_000;

  /** The metadata key that holds our own id. */
  private static final String OURS = "graduate";

  private final ChatClient client;

  /** The batches that {@code client} reaches. */
  public Batches(ChatClient client) {
    this.client = client;
  }

  /** A request that did not bring what was asked for. */
  public static final class BatchException extends IOException {
    private static final long serialVersionUID = 1;
    private final transient Reply reply;

    BatchException(String what, Reply reply) {
      super(what + ": " + String.join("; ", ChatResponse.of(reply, "").notes()));
      this.reply = reply;
    }

    /** What came. */
    public Reply reply() {
      return reply;
    }

    /** Whether the API refused it, so that nothing came of it. */
    public boolean isRefused() {
      int status = reply.status();
      return status / 100 == 4 && status != 408 && status != 409;
    }
  }

  /**
   * Uploads a file of requests.
   *
   * @return the API's id of it
   */
  public String upload(String id, long bytes, ChatClient.Content lines, Instant deadline)
      throws IOException {
    RequestBody file = ChatClient.once(MediaType.get("application/jsonl"), bytes, lines);
    RequestBody form =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart("purpose", "batch")
            .addFormDataPart("file", OURS + "-" + id + ".jsonl", file)
            .build();
    return id("the upload", client.request(url("/files")).post(form), deadline);
  }

  /** Makes a batch of an uploaded file, and says its id. */
  public String create(String fileId, String id, Instant deadline) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("input_file_id", fileId);
    body.put("endpoint", "/v1/chat/completions");
    body.put("completion_window", "24h");
    body.putObject("metadata").put(OURS, id);
    RequestBody json = ChatClient.json(JsonTree.bytes(body));
    return id("the batch's creation", client.request(url("/batches")).post(json), deadline);
  }

  /** Looks through all batches for ours. */
  public Optional<String> find(String id, Instant deadline) throws IOException {
    String after = "";
    for (; ; ) {
      JsonNode page = json("the list of batches", get("/batches?limit=100" + after), deadline);
      String last = "";
      for (JsonNode batch : page.path("data")) {
        last = batch.path("id").asText();
        if (batch.path("metadata").path(OURS).asText().equals(id)) {
          return Optional.of(last);
        }
      }
      if (last.isEmpty() || !page.path("has_more").asBoolean()) {
        return Optional.empty();
      }
      after = "&after=" + last;
    }
  }

  /** A batch as the API has it. */
  public JsonNode status(String apiId, Instant deadline) throws IOException {
    return json("batch " + apiId, get("/batches/" + apiId), deadline);
  }

  /** Ends a batch; what is finished may still be collected. */
  public void cancel(String apiId, Instant deadline) throws IOException {
    RequestBody nothing = ChatClient.once(null, 0, sink -> {});
    Request.Builder request = client.request(url("/batches/" + apiId + "/cancel")).post(nothing);
    json("the end of batch " + apiId, request, deadline);
  }

  /** Saves a file of responses; what of it came is there where this throws, too. */
  public void download(String fileId, Path to, Instant deadline) throws IOException {
    try (OutputStream file = Files.newOutputStream(to)) {
      require("file " + fileId, get("/files/" + fileId + "/content"), deadline, file);
    }
  }

  private Request.Builder get(String path) {
    return client.request(url(path)).get();
  }

  private String url(String path) {
    return client.endpoint().beside(path);
  }

  private String id(String what, Request.Builder request, Instant deadline) throws IOException {
    Reply reply = require(what, request, deadline, null);
    JsonNode id = json(what, reply).path("id");
    if (!id.isTextual()) {
      throw new BatchException(what, reply);
    }
    return id.textValue();
  }

  private JsonNode json(String what, Request.Builder request, Instant deadline) throws IOException {
    return json(what, require(what, request, deadline, null));
  }

  private static JsonNode json(String what, Reply reply) throws BatchException {
    try {
      byte[] body = reply.body();
      return JsonTree.read(body == null ? new byte[0] : body, Fractions.EXACT);
    } catch (IOException e) {
      throw new BatchException(what, reply);
    }
  }

  private Reply require(
      String what, Request.Builder request, Instant deadline, @Nullable OutputStream file)
      throws IOException {
    Reply reply = client.send(request, deadline, file);
    if (reply.status() / 100 != 2 || reply.problem() != null) {
      throw new BatchException(what, reply);
    }
    return reply;
  }
}
