package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.export.Conversation.Answer;
import graduate.export.Conversation.Head;
import graduate.export.Family.Varies;
import graduate.export.Wording.Parts;
import graduate.text.Shown;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One prompt with its answers, as the export has them, as files of {@code prompts/}. */
public final class Capture {
  private static final Pattern LINK = Pattern.compile("https?://[^/]+/(?:.*/)?c/([^/?#]+).*");
  private static final Set<Varies> CUT = EnumSet.of(Varies.END, Varies.START, Varies.MIDDLE);
  private static final int NAME_BYTES = 80;

  /**
   * What is asked for.
   *
   * @param name the files' name, or an empty one for the name that {@code candidates} lists
   * @param whole whether to leave prompt and input in one
   * @param instructions whether the custom instructions go into the request file
   */
  public record Wish(String name, boolean whole, boolean instructions) {}

  private final Conversation conversation;
  private final Node prompt;
  private final String name;
  private final List<Answer> answers;
  private final String instructions;
  private final List<String> missing;
  private final @Nullable Parts parts;
  private final boolean uncut;
  private final Map<String, String> files = new LinkedHashMap<>();

  private Capture(Survey survey, Conversation conversation, Node prompt, Wish wish, String name) {
    this.conversation = conversation;
    this.prompt = prompt;
    this.name = wish.name().isEmpty() ? name : wish.name();
    this.answers = conversation.answers(prompt);
    if (answers.isEmpty()) {
      throw new UnusableException(place(prompt), "no answer with text, so nothing to compare");
    }
    Missing behind = new Missing(conversation, prompt, answers.get(0).end());
    this.instructions = wish.instructions() ? behind.instructions() : "";
    this.missing = behind.lines(wish.instructions(), answers.size() - 1);
    Optional<Family> family =
        survey.familyOf(prompt).filter(f -> !wish.whole() && CUT.contains(f.varies()));
    this.parts = family.map(f -> f.parts(prompt.text())).orElse(null);
    this.uncut = family.isPresent() && parts == null;
    addFiles(survey.export().path());
  }

  /** Whether files may have that name. */
  public static boolean isName(String name) {
    return name.matches("[\\p{L}\\p{M}\\p{Nd}_-]+") && name.getBytes(UTF_8).length <= NAME_BYTES;
  }

  /**
   * Captures the newest answered run of a recurring prompt, under its name.
   *
   * @throws UnusableException if there is none, none was answered, or what is to be captured is no
   *     Unicode
   */
  public static Capture newest(Survey survey, String nameOrRank, Wish wish) {
    Optional<Family> found = survey.family(nameOrRank);
    Stream<Run> runs = found.stream().flatMap(f -> f.runs().stream()).filter(Run::answered);
    String none =
        found.isPresent()
            ? "no run of it was answered"
            : "no such candidate. See: graduate candidates";
    Run run =
        runs.reduce((older, newer) -> newer)
            .orElseThrow(() -> new UnusableException(nameOrRank, none));
    Conversation conversation = survey.again(run.head().id());
    String name = found.map(Family::name).orElse("");
    return new Capture(survey, conversation, conversation.node(run.node()), wish, name);
  }

  /**
   * Captures one turn of a conversation, under its title.
   *
   * @param id its id, or its address at chatgpt.com
   * @param turn which of the user's messages that it shows, from 1; 0 for the last answered one
   */
  public static Capture turn(Survey survey, String id, int turn, Wish wish) {
    Matcher link = LINK.matcher(id);
    Conversation conversation = survey.again(link.matches() ? link.group(1) : id);
    List<Node> turns = conversation.path().stream().filter(Node::isUser).toList();
    if (turn > turns.size()) {
      throw new UnusableException(id, "no turn " + turn + ", the last one is " + turns.size());
    }
    Optional<Node> found =
        turn == 0 ? conversation.lastAnswered() : Optional.of(turns.get(turn - 1));
    Node prompt = found.orElseThrow(() -> new UnusableException(id, "nothing in it was answered"));
    String name = Wording.name(conversation.head().title(), prompt.text());
    return new Capture(survey, conversation, prompt, wish, name);
  }

  /** The files' name, without what their endings add to it. */
  public String name() {
    return name;
  }

  /** The title of the conversation, or an empty string. */
  public String title() {
    return conversation.head().title();
  }

  /** When the prompt was sent, where the export knows it. */
  public Optional<Instant> time() {
    long millis = Math.round(conversation.time(prompt) * 1000);
    return Optional.of(Instant.ofEpochMilli(millis)).filter(time -> millis > 0);
  }

  /** The names of the files, in their order. */
  public List<String> files() {
    return List.copyOf(files.keySet());
  }

  /** Whether the input was cut out of the prompt. */
  public boolean isCut() {
    return parts != null;
  }

  /** Whether the input would have been cut out, but nothing marks it off. */
  public boolean isUncut() {
    return uncut;
  }

  /** What the API run will lack that stood behind ChatGPT's answer, a line each. */
  public List<String> missing() {
    return missing;
  }

  /**
   * Writes the files, creating {@code folder} where it is missing.
   *
   * @param force whether files of that name give way
   * @return those that went without another in their place
   * @throws UnusableException if a file of that name is there, or can't be written
   */
  public List<Path> write(Path folder, boolean force) {
    try {
      Files.createDirectories(folder);
      List<Path> there = there(folder);
      for (Path old : there) {
        if (!force || Files.isDirectory(old)) {
          throw new UnusableException(
              old, "is there already. Give --name, or --force to replace it");
        }
      }
      for (Path old : there) {
        Files.delete(old);
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue(), CREATE_NEW, WRITE);
      }
      return there.stream().filter(old -> !files.containsKey(old.getFileName() + "")).toList();
    } catch (IOException e) {
      throw new UnusableException(folder, "can't be written: " + Shown.reason(e));
    }
  }

  /** What this capture would replace, or what would be taken for a part of it. */
  private List<Path> there(Path folder) throws IOException {
    String ends = "((\\.chatgpt(\\.\\d+)?|\\.input|\\.end)?\\.(md|txt)|\\.(request|source)\\.json)";
    Pattern ours = Pattern.compile(Pattern.quote(name) + ends);
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> ours.matcher(file.getFileName() + "").matches())
          .sorted(Comparator.comparing((Path file) -> file.toString().length()))
          .toList();
    }
  }

  private void addFiles(Path export) {
    add(".md", parts == null ? prompt.text() : parts.prompt(), prompt);
    if (parts != null) {
      add(".input.md", parts.input(), prompt);
    }
    if (parts != null && !parts.end().isEmpty()) {
      add(".end.md", parts.end(), prompt);
    }
    for (int i = 0; i < answers.size(); i++) {
      String end = i == 0 ? ".chatgpt.md" : ".chatgpt." + (i + 1) + ".md";
      add(end, answers.get(i).text(), answers.get(i).end());
    }
    if (!instructions.isEmpty()) {
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      ObjectNode message = request.putArray("messages").addObject().put("role", "system");
      message.put("content", instructions);
      add(".request.json", request.toPrettyString() + "\n", prompt);
    }
    Head head = conversation.head();
    Answer shown = answers.get(0);
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    source.put("export", export.getFileName() + "").put("file", head.file());
    source.put("conversation_id", head.id()).put("title", head.title());
    source.put("prompt_node", prompt.id());
    shown.nodes().forEach(node -> source.withArray("answer_nodes").add(node.id()));
    source.put("time", time().map(Instant::toString).orElse(null));
    source.put("model", shown.end().model());
    source.put("prompt_sha256", sha256(prompt.text())).put("answer_sha256", sha256(shown.text()));
    add(".source.json", source.toPrettyString() + "\n", prompt);
  }

  private void add(String end, String text, Node node) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new UnusableException(place(node), "holds half a character, which no file can hold");
    }
    files.put(name + end, text);
  }

  private String place(Node node) {
    Head head = conversation.head();
    return head.file() + " #" + head.index() + ", message " + node.id();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
