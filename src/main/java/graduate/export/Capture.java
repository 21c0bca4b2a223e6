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
import graduate.text.Failures;
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

/**
 * One prompt with its answers, as the export has them, as files of {@code prompts/}.
 *
 * @param name the files' name, without what their endings add to it
 * @param title the title of the conversation, or an empty string
 * @param time when the prompt was sent, where the export knows it
 * @param files the files' texts, by their endings, in their order
 * @param isCut whether the input was cut out of the prompt
 * @param isUncut whether the input would have been cut out, but nothing marks it off
 * @param missing what the API run will lack that stood behind ChatGPT's answer, a line each
 */
public record Capture(
    String name,
    String title,
    Optional<Instant> time,
    Map<String, String> files,
    boolean isCut,
    boolean isUncut,
    List<String> missing) {
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
    String none = "no such candidate. See: graduate candidates EXPORT";
    Optional<Family> found = survey.family(nameOrRank);
    Family family = found.orElseThrow(() -> new UnusableException(nameOrRank, none));
    Run run =
        family.runs().stream()
            .filter(Run::answered)
            .reduce((older, newer) -> newer)
            .orElseThrow(() -> new UnusableException(nameOrRank, "no run of it was answered"));
    Conversation conversation = survey.again(run.head().id());
    return of(survey, conversation, conversation.node(run.node()), wish, family.name());
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
    return of(survey, conversation, prompt, wish, name);
  }

  private static Capture of(Survey survey, Conversation from, Node prompt, Wish wish, String name) {
    List<Answer> answers = from.answers(prompt);
    if (answers.isEmpty()) {
      throw new UnusableException(
          place(from, prompt), "no answer with text, so nothing to compare");
    }
    String text = unicode(prompt.text(), from, prompt);
    Optional<Family> family =
        survey.familyOf(prompt).filter(f -> !wish.whole() && CUT.contains(f.varies()));
    Optional<Parts> cut = family.map(f -> f.parts(text));
    Parts parts = cut.orElse(new Parts(text, "", ""));
    List<String> missing =
        Missing.lines(from, prompt, answers.get(0).end(), wish.instructions(), answers.size() - 1);
    String instructions = wish.instructions() ? from.instructions(prompt) : "";
    long millis = Math.round(from.time(prompt) * 1000);
    Optional<Instant> time = Optional.of(Instant.ofEpochMilli(millis)).filter(t -> millis > 0);

    Map<String, String> files = new LinkedHashMap<>(Map.of(".md", parts.prompt()));
    files.put(".input.md", parts.input());
    files.put(".end.md", parts.end());
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      String end = i == 0 ? ".chatgpt.md" : ".chatgpt." + (i + 1) + ".md";
      files.put(end, unicode(answer.text(), from, answer.end()));
    }
    files.put(".request.json", unicode(request(instructions), from, prompt));
    files.entrySet().removeIf(file -> file.getValue().isEmpty() && !file.getKey().equals(".md"));
    Path export = survey.export();
    String source = source(export, from, prompt, answers.get(0), time);
    files.put(".source.json", unicode(source, from, prompt));
    String title = from.head().title();
    String own = wish.name().isEmpty() ? name : wish.name();
    boolean uncut = family.isPresent() && cut.isEmpty();
    return new Capture(own, title, time, files, cut.isPresent(), uncut, missing);
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
        Files.writeString(folder.resolve(name + file.getKey()), file.getValue(), CREATE_NEW, WRITE);
      }
      return there.stream().filter(old -> Files.notExists(old)).toList();
    } catch (IOException e) {
      throw new UnusableException(folder, "can't be written: " + Failures.reason(e));
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

  private static String request(String instructions) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode message = request.putArray("messages").addObject().put("role", "system");
    message.put("content", instructions);
    return instructions.isEmpty() ? "" : request.toPrettyString() + "\n";
  }

  private static String source(
      Path export, Conversation from, Node prompt, Answer shown, Optional<Instant> time) {
    Head head = from.head();
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    source.put("export", export.getFileName() + "").put("file", head.file());
    source.put("conversation_id", head.id()).put("title", head.title());
    source.put("prompt_node", prompt.id());
    shown.nodes().forEach(node -> source.withArray("answer_nodes").add(node.id()));
    source.put("time", time.map(Instant::toString).orElse(null));
    source.put("model", shown.end().model());
    source.put("prompt_sha256", sha256(prompt.text())).put("answer_sha256", sha256(shown.text()));
    return source.toPrettyString() + "\n";
  }

  private static String unicode(String text, Conversation from, Node node) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new UnusableException(
          place(from, node), "holds half a character, which no file can hold");
    }
    return text;
  }

  private static String place(Conversation from, Node node) {
    Head head = from.head();
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
