package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One prompt with its answers, as the export has them, in the form of files of {@code prompts/}.
 */
public final class Capture {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int NAME_BYTES = 80;
  private static final int TITLE_WORDS = 20;

  /** Whether to cut the prompt from its input. */
  public enum Split {
    WHERE_RUNS_SHOW_IT,
    NEVER,
    ALWAYS
  }

  /**
   * What is asked for.
   *
   * @param name the files' name; without it, the conversation's title makes one
   * @param answers how many answers to save at most, the shown one included
   * @param history whether the earlier turns go into the request file
   * @param instructions whether the custom instructions go there
   */
  public record Wish(
      @Nullable String name, Split split, int answers, boolean history, boolean instructions) {
    /** Refuses a name that is no file name by our rule. */
    public Wish {
      if (name != null && (!name.matches("[\\p{L}\\p{Nd}_-]+") || size(name) > NAME_BYTES)) {
        throw new IllegalArgumentException(
            name + ": a name is letters, digits, - and _, at most " + NAME_BYTES + " bytes");
      }
    }
  }

  private final Picked picked;
  private final Wish wish;
  private final Missing missing;
  private final String name;
  private final int cut;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private Capture(Survey survey, Picked picked, Wish wish) {
    this.picked = picked;
    this.wish = wish;
    this.missing = new Missing(picked.conversation(), picked.prompt(), picked.answers().get(0));
    this.name = name(picked, wish);
    this.cut = cut(survey);
    addFiles(survey.export().path());
  }

  /**
   * Captures the newest answered run of a recurring prompt.
   *
   * @param family the name that {@link Family#name} gives
   * @throws UnusableException if there is no such family, or what is to be captured is no Unicode
   */
  public static Capture candidate(Survey survey, String family, Wish wish) {
    return new Capture(survey, Picked.candidate(survey, family, wish.answers()), wish);
  }

  /**
   * Captures the last answered turn of a conversation.
   *
   * @param id its id, or its address at chatgpt.com
   * @throws UnusableException if it is not there, has no answer, or is no Unicode
   */
  public static Capture conversation(Survey survey, String id, Wish wish) {
    return new Capture(survey, Picked.conversation(survey, id, wish.answers()), wish);
  }

  public String name() {
    return name;
  }

  /** The title of the conversation, or an empty string. */
  public String title() {
    return picked.conversation().head().titleOr("");
  }

  /** When the prompt was sent. */
  public Instant time() {
    return instant(picked.prompt().said().created());
  }

  /** The names of the files, in the order in which they are written. */
  public List<String> files() {
    return List.copyOf(files.keySet());
  }

  /** Whether the prompt was cut from its input. */
  public boolean isSplit() {
    return cut >= 0;
  }

  /** What changes from run to run, where that is known. */
  public @Nullable Varies varies() {
    return picked.family() == null ? null : picked.family().varies();
  }

  /** What the API run will lack that stood behind ChatGPT's answer, a line each. */
  public List<String> missing() {
    return missing.lines(picked.regenerated(), wish);
  }

  /**
   * Writes the files, creating {@code folder} where it is missing.
   *
   * @param force whether files of the same name give way; those of an older capture that would not
   *     belong to this one are removed
   * @throws UnusableException if a file of this name is there, or can't be written
   */
  public void write(Path folder, boolean force) {
    try {
      List<Path> there = companions(folder);
      if (!force && !there.isEmpty()) {
        throw new UnusableException(
            there.get(0) + ": is there already. Give --name, or --force to replace it");
      }
      List<Path> stale =
          there.stream().filter(f -> !files.containsKey(f.getFileName() + "")).toList();
      NewFiles.write(folder, files, stale);
    } catch (IOException e) {
      throw new UnusableException(folder + ": cannot be written: " + e);
    }
  }

  /** The files that this capture would replace, or that would be taken for parts of it. */
  private List<Path> companions(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    Pattern ours =
        Pattern.compile(
            Pattern.quote(name)
                + "(\\.chatgpt(\\.\\d+)?|\\.input)?\\.md|"
                + Pattern.quote(name)
                + "\\.source\\.json");
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(
              f -> {
                String file = f.getFileName() + "";
                return ours.matcher(file).matches() || files.containsKey(file);
              })
          .sorted(Comparator.comparing((Path f) -> f.toString().length()))
          .toList();
    }
  }

  private static String name(Picked picked, Wish wish) {
    if (wish.name() != null) {
      return wish.name();
    }
    Head head = picked.conversation().head();
    String title = Wording.slug(head.titleOr(""), TITLE_WORDS, NAME_BYTES);
    if (!title.isEmpty()) {
      return title;
    }
    if (picked.family() != null) {
      return picked.family().name();
    }
    throw new UnusableException(head.id() + ": its title makes no file name. Give --name");
  }

  private int cut(Survey survey) {
    Family family = picked.family();
    String text = picked.prompt().said().text();
    boolean shown = family != null && family.varies() == Varies.END;
    int first = Wording.blankLine(text, 0);
    if (first < 0 || wish.split() == Split.NEVER || !(shown || wish.split() == Split.ALWAYS)) {
      if (wish.split() == Split.ALWAYS) {
        throw new UnusableException(name + ": no blank line to split this prompt at");
      }
      return -1;
    }
    String start = text.substring(0, first);
    List<Run> runs = family == null ? survey.runs() : family.runs();
    List<String> alike = runs.stream().map(Run::text).filter(t -> t.startsWith(start)).toList();
    int cut = Wording.cut(text, alike);
    return cut < 0 && wish.split() == Split.ALWAYS ? first : cut;
  }

  private void addFiles(Path export) {
    Head head = picked.conversation().head();
    String text = picked.prompt().said().text();
    byte[] whole = bytes(text, picked.prompt());
    if (cut >= 0) {
      files.put(name + ".md", text.substring(0, cut).getBytes(UTF_8));
      files.put(name + ".input.md", text.substring(cut + 1).getBytes(UTF_8));
    } else {
      files.put(name + ".md", whole);
    }
    for (int i = 0; i < picked.answers().size(); i++) {
      Answer answer = picked.answers().get(i);
      String number = i == 0 ? "" : "." + (i + 1);
      files.put(name + ".chatgpt" + number + ".md", bytes(answer.text(), answer.end()));
    }
    ArrayNode messages = messages();
    if (!messages.isEmpty()) {
      files.put(name + ".request.json", json(JSON.createObjectNode().set("messages", messages)));
    }
    Answer shown = picked.answers().get(0);
    ObjectNode source = JSON.createObjectNode();
    source.put("export", export.getFileName() + "").put("file", head.file());
    source.put("conversation_id", head.id()).put("title", head.title());
    source.put("prompt_node", picked.prompt().id());
    shown.nodes().forEach(n -> source.withArray("answer_nodes").add(n.id()));
    source.put("time", time().toString()).put("model", shown.end().said().model());
    source.put("prompt_sha256", sha256(whole));
    source.put("answer_sha256", sha256(bytes(shown.text(), shown.end())));
    files.put(name + ".source.json", json(source));
  }

  /** What stands before the prompt in the request, as far as it was asked for. */
  private ArrayNode messages() {
    ArrayNode messages = JSON.createArrayNode();
    if (wish.instructions() && !missing.instructions().isEmpty()) {
      add(messages, "system", missing.instructions(), picked.prompt());
    }
    if (wish.history()) {
      for (Missing.Turn turn : missing.turns()) {
        add(messages, "user", turn.prompt().said().text(), turn.prompt());
        add(messages, "assistant", turn.answer().text(), turn.prompt());
      }
    }
    return messages;
  }

  private void add(ArrayNode messages, String role, String text, Node node) {
    if (!text.isBlank()) {
      bytes(text, node);
      messages.addObject().put("role", role).put("content", text);
    }
  }

  /** UTF-8, which has no form for half a surrogate pair. */
  private byte[] bytes(String text, Node node) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
        throw new UnusableException(
            "%s: character %d is half a surrogate pair (U+%04X), which UTF-8 can't hold"
                .formatted(
                    Picked.place(picked.conversation().head(), node), i, (int) text.charAt(i)));
      }
    }
    return text.getBytes(UTF_8);
  }

  private static byte[] json(Object value) {
    try {
      return (JSON.writeValueAsString(value) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Instant instant(double seconds) {
    return Instant.ofEpochMilli(Math.round(seconds * 1000));
  }

  private static int size(String text) {
    return text.getBytes(UTF_8).length;
  }
}
