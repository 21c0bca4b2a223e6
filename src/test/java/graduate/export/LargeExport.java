package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * For the benchmark: {@code write FILE MB} makes up an export of so many megabytes of JSON, a zip,
 * with one conversation of 20 MB in it; {@code read FILE} reads the trees of one with Jackson and
 * drops them, to compare with.
 */
final class LargeExport {
  private static final int MEGA = 1_000_000;
  private static final int BIG = 20;
  private static final String[] PROMPTS = {
    "Rewrite my raw notes below as a standup update with three headings. Keep every number.\n\n",
    "Classify the customer review between the lines of dashes. Answer with one CSV line.\n---\n",
    "次の英文を丁寧なビジネス日本語に訳してください。訳文だけを返してください。\n\n",
  };

  private final Random random = new Random(7);
  private int conversations;

  private LargeExport() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    if (args[0].equals("write")) {
      new LargeExport().write(file, Integer.parseInt(args[2]));
    } else {
      read(file);
    }
  }

  private void write(Path file, int megabytes) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("conversations.json"));
      long written = 0;
      boolean big = false;
      while (written < (long) megabytes * MEGA) {
        boolean now = !big && written > (long) megabytes * MEGA / 2;
        big |= now;
        byte[] chat = conversation(now ? BIG * MEGA : 0);
        zip.write(written == 0 ? '[' : ',');
        zip.write(chat, 1, chat.length - 2);
        written += chat.length - 1;
      }
      zip.write(']');
    }
  }

  /** A few turns; or, up to a size, many. */
  private byte[] conversation(int bytes) {
    String id = "%08x-0000-4000-8000-%012x".formatted(random.nextInt(), conversations++);
    Chat chat = new Chat(id, "Chat " + conversations, Chat.MONDAY + conversations * 600.0);
    int turns = 1 + random.nextInt(3);
    for (int i = 0, size = 0; i < turns || size < bytes; i++) {
      boolean recurs = random.nextInt(3) == 0;
      String question = recurs ? PROMPTS[random.nextInt(PROMPTS.length)] + words(60) : words(40);
      String answer = words(120);
      chat.user(question);
      metadata(chat, chat.assistant(answer));
      size += question.length() + answer.length();
    }
    return Chat.array(chat);
  }

  private void metadata(Chat chat, String node) {
    chat.metadata(node)
        .put("default_model_slug", "gpt-5")
        .put("request_id", Long.toHexString(random.nextLong()))
        .put("timestamp_", "absolute")
        .putNull("message_type")
        .put("is_complete", true)
        .putArray("citations");
    chat.metadata(node).putObject("finish_details").put("type", "stop").putArray("stop_tokens");
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(Integer.toString(50_000 + random.nextInt(40_000), 36));
      words.append(random.nextInt(9) == 0 ? ".\n" : " ");
    }
    return words.toString();
  }

  private static void read(Path file) throws IOException {
    int trees = 0;
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry("conversations.json"));
        Reader reader = new BufferedReader(new InputStreamReader(in, UTF_8), 1 << 16);
        JsonParser parser = new ObjectMapper().createParser(reader)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        trees += parser.<JsonNode>readValueAsTree().isObject() ? 1 : 0;
      }
    }
    System.out.println(trees + " trees");
  }
}
