package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import graduate.export.Family.Varies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A made-up export of half a year, the same each time, and what is known to be in it. */
public final class SampleExport {
  private static final double HOUR = 3600;
  private static final double WEEK = 7 * Chat.DAY;
  private static final String LOG =
      "Turn the log of the day below into a report with two headings. Keep every number.\n\n";
  private static final String RATE =
      "Rate the letter below with one CSV line: mood,subject,urgency from one to five.\n\n";
  private static final String REPLY = "次のメールに丁寧な返信を書いてください。返信だけを返してください。\n\n";
  private static final String HINDI =
      "नीचे दिए गए पाठ का तीन बिंदुओं में छोटा सार लिखो और संख्याएँ वैसी ही रखो।\n\n";
  private static final String BOARD =
      "Write down what stands on the board in this photo, as Markdown.";
  private static final String SELDOM =
      "Check the invoice below against our price list and name every line that is wrong.\n\n";
  private static final String STRENGTHS =
      "List the strengths that this letter of application shows.\n\n";
  private static final String GAPS = "List the gaps that this letter of application shows.\n\n";
  private static final String[] WORDS =
      ("anchor barge crane dock eel ferry gull hull isle jib keel lock mast net oar pier rope sail"
              + " tide urn vane wharf yard zinc amber brook cedar delta ember fjord grove haven")
          .split(" ");

  private final Random random = new Random(3);
  private final List<Chat> chats = new ArrayList<>();
  private final List<Planted> planted = new ArrayList<>();

  /**
   * A recurring prompt.
   *
   * @param measured what its times show
   * @param ends what a capture writes beside prompt, answer and source
   * @param prompt its newest run
   * @param answer what was answered to that
   */
  public record Planted(
      String name,
      int runs,
      Varies varies,
      Set<Symptom> measured,
      List<String> ends,
      String prompt,
      String answer) {}

  /** Makes it up. */
  public SampleExport() {
    List<String> cut = List.of(".input.md");
    plant("Harbour log", "harbour-log", 28, Chat.DAY, Varies.END, cut, i -> LOG + words(40));
    bulk();
    plant("Orders", "orders", 18, WEEK, Varies.START, List.of(".input.md", ".end.md"), this::order);
    plant("丁寧な返信", "丁寧な返信", 12, WEEK, Varies.END, cut, i -> REPLY + words(20));
    plant("साप्ताहिक सार", "साप्ताहिक-सार", 7, WEEK, Varies.END, cut, i -> HINDI + words(30));
    for (Chat chat : plant("Lines", "lines", 9, WEEK, Varies.ALL, List.of(), i -> words(15))) {
      chat.json.put("gizmo_id", "g-lines");
    }
    for (Chat chat : plant("Board", "board", 5, WEEK, Varies.ATTACHMENT, List.of(), i -> BOARD)) {
      chat.metadata(chat.first()).putArray("attachments").addObject();
    }
    String lease = IntStream.range(0, 9).mapToObj(i -> words(20) + ".\n").collect(joining());
    plant("Lease", "lease", 6, WEEK, Varies.END, cut, i -> lease + "\n" + words(9) + "?");
    plant("Seldom", "seldom", 3, 5 * WEEK, Varies.END, cut, i -> SELDOM + words(30));
    // Of two prompts with one title neither is named by it.
    plant(
        "Letter",
        "list-the-strengths-that-this-letter",
        5,
        WEEK,
        Varies.END,
        cut,
        i -> STRENGTHS + words(30));
    plant(
        "Letter",
        "list-the-gaps-that-this-letter",
        5,
        WEEK,
        Varies.END,
        cut,
        i -> GAPS + words(30));
    edited();
    noise();
    Collections.shuffle(chats, random);
  }

  /** The prompts that recur, and there are no others. */
  public List<Planted> planted() {
    return planted;
  }

  /** Writes it as a zip in two parts, with what else stands in one. */
  public Path write(Path file) throws IOException {
    int half = chats.size() / 2;
    return Chat.zip(
        file,
        Map.of(
            "conversations-000.json",
            Chat.array(chats.subList(0, half).toArray(Chat[]::new)),
            "conversations-001.json",
            Chat.array(chats.subList(half, chats.size()).toArray(Chat[]::new)),
            "chat.html",
            "<html>".getBytes(UTF_8),
            "user.json",
            "{}".getBytes(UTF_8)));
  }

  /** So many conversations that each open with a run, and often go on. */
  private List<Chat> plant(
      String title,
      String name,
      int runs,
      double every,
      Varies varies,
      List<String> ends,
      IntFunction<String> text) {
    List<Chat> own = new ArrayList<>();
    String prompt = "";
    String answer = "";
    for (int i = 0; i < runs; i++) {
      Chat chat = new Chat("chat-" + chats.size(), title, Chat.MONDAY + i * every + 3 * HOUR);
      prompt = text.apply(i);
      answer = "Answer: " + words(12);
      chat.user(prompt);
      chat.assistant(answer);
      if (i % 4 == 1) {
        chat.user("thanks!");
        chat.assistant("You are welcome.");
      }
      chats.add(chat);
      own.add(chat);
    }
    Set<Symptom> daily = every == Chat.DAY ? Set.of(Symptom.DAILY) : Set.of();
    planted.add(new Planted(name, runs, varies, daily, ends, prompt, answer));
    return own;
  }

  /** Four Mondays, each with 22 runs within the hour, in two conversations. */
  private void bulk() {
    String prompt = "";
    String answer = "";
    for (int i = 0; i < 8; i++) {
      int week = i / 2;
      double time = Chat.MONDAY + week * WEEK + i % 2 * HOUR / 2;
      Chat chat = new Chat("bulk-" + i, "Ratings", time);
      for (int run = 0; run < 11; run++) {
        prompt = RATE + words(12 + run) + "\n\nNo header, no code block, nothing else.";
        answer = "fine," + run;
        chat.user(prompt);
        chat.assistant(answer);
      }
      chats.add(chat);
    }
    Set<Symptom> bulk = Set.of(Symptom.BULK);
    List<String> ends = List.of(".input.md", ".end.md");
    planted.add(new Planted("ratings", 88, Varies.MIDDLE, bulk, ends, prompt, answer));
  }

  /** One conversation whose first message was edited each week. */
  private void edited() {
    Chat chat = new Chat("edited", "Figures", Chat.MONDAY);
    String prompt = "";
    for (int i = 0; i < 6; i++) {
      chat.to("root-edited");
      prompt =
          "Write four sentences on the week for the board: berths %d, tons %d."
              .formatted(random.nextInt(99), random.nextInt(999));
      chat.message(chat.user(prompt)).put("create_time", Chat.MONDAY + i * WEEK);
      chat.assistant("Four sentences on week " + i);
    }
    chats.add(chat);
    planted.add(
        new Planted(
            "figures", 6, Varies.ALL, Set.of(), List.of(), prompt, "Four sentences on week 5"));
  }

  /** What comes back without being a prompt, and what looks like one. */
  private void noise() {
    for (int i = 0; i < 120; i++) {
      Chat chat = new Chat("noise-" + i, i % 9 == 0 ? "" : words(3), Chat.MONDAY + i * Chat.DAY);
      if (i % 5 == 0) {
        chat.user("hi");
        chat.assistant("Hello! How can I help?");
      }
      chat.user(i % 7 == 0 ? "My sister asked me about the " + words(9) + "." : words(5 + i) + "?");
      chat.assistant("So: " + words(30));
      chat.user(List.of("continue", "shorter, please", "thanks!").get(i % 3));
      chats.add(chat);
    }
  }

  private String order(int i) {
    String drift = i < 9 ? "JSON only." : "JSON only, and no code block around it.";
    return "From: %s@example.org\n\nDear %s,\n\n%s\n\n".formatted(words(1), words(2), words(25))
        + "From the order mail above return JSON with the keys item, count and price. "
        + drift;
  }

  private String words(int count) {
    return random.ints(count, 0, WORDS.length).mapToObj(i -> WORDS[i]).collect(joining(" "));
  }
}
