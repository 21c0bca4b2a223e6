package graduate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's Batch API: files of requests in, files of responses out. What is posted is sent once, by
 * the rules of {@link ChatClient}; each request throws {@link ReplyException}.
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
  public static final class ReplyException extends BatchException {
    private static final long serialVersionUID = 1;
    private final transient Reply reply;

    ReplyException(String what, ChatResponse response) {
      super(what + ": " + String.join("; ", response.notes()), false);
      this.reply = response.reply();
    }

    /** What came. */
    public Reply reply() {
      return reply;
    }

    /** Whether the API refused it, so that nothing came of it. */
    public boolean isRefused() {
      return ChatResponse.saysNo(reply.status());
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
    return json("the upload", "id", request("/files").post(form), deadline).path("id").asText();
  }

  /** Makes a batch of an uploaded file, and says its id. */
  public String create(String fileId, String id, Instant deadline) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("input_file_id", fileId);
    body.put("endpoint", "/v1/chat/completions");
    body.put("completion_window", "24h");
    body.putObject("metadata").put(OURS, id);
    Request.Builder request = request("/batches").post(ChatClient.json(JsonTree.bytes(body)));
    return json("the batch's creation", "id", request, deadline).path("id").asText();
  }

  /** Looks through all batches for ours. */
  public Optional<String> find(String id, Instant deadline) throws IOException {
    String after = "";
    for (; ; ) {
      Request.Builder request = request("/batches?limit=100" + after);
      JsonNode page = json("the list of batches", "data", request, deadline);
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
    return json("batch " + apiId, "status", request("/batches/" + apiId), deadline);
  }

  /** Ends a batch; what is finished may still be collected. */
  public void cancel(String apiId, Instant deadline) throws IOException {
    RequestBody nothing = ChatClient.once(null, 0, sink -> {});
    Request.Builder request = request("/batches/" + apiId + "/cancel").post(nothing);
    send("the end of batch " + apiId, request, deadline, null);
  }

  /**
   * Saves what came of a batch's calls, those that were answered and those that were not.
   *
   * @param status the batch as {@link #status} has it
   * @return why some of it may be missing; empty where all is there
   */
  public String download(JsonNode status, Path to, Instant deadline) throws IOException {
    String broken = "";
    for (String field : List.of("output_file_id", "error_file_id")) {
      String id = status.path(field).asText("");
      try (OutputStream file = Files.newOutputStream(to, StandardOpenOption.APPEND)) {
        // The one before may have broken off in a line.
        file.write('\n');
        if (!id.isEmpty()) {
          send("file " + id, request("/files/" + id + "/content"), deadline, file);
        }
      } catch (ReplyException e) {
        broken = String.valueOf(e.getMessage());
      }
    }
    return broken;
  }

  private Request.Builder request(String path) {
    return client.request(client.endpoint().beside(path));
  }

  /** The JSON that came; without that field it is not what was asked for. */
  private JsonNode json(String what, String field, Request.Builder request, Instant deadline)
      throws ReplyException {
    ChatResponse response = send(what, request, deadline, null);
    JsonNode found = response.json().path(field);
    if (!found.isArray() && found.asText("").isEmpty()) {
      throw new ReplyException(what, response);
    }
    return response.json();
  }

  private ChatResponse send(
      String what, Request.Builder request, Instant deadline, @Nullable OutputStream file)
      throws ReplyException {
    ChatResponse response = ChatResponse.of(client.send(request, deadline, file), "");
    if (response.reply().status() / 100 != 2 || response.reply().problem() != null) {
      throw new ReplyException(what, response);
    }
    return response;
  }
}
