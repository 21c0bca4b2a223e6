package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.export.Capture.Wish;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a capture makes of what stands in the export. */
class CaptureTest {
  private static final String PROMPT = "Turn the notes below into a standup report.";
  private static final Wish WISH = new Wish("p", false, false);
  private static final List<String> LEFT =
      List.of(
          ".md",
          ".txt",
          ".input.md",
          ".end.md",
          ".chatgpt.md",
          ".chatgpt.2.md",
          ".request.json",
          ".source.json");
  private final List<Chat> chats = new ArrayList<>();
  @TempDir private Path folder;

  @Test
  void writesPromptAndAnswerByteForByte() throws IOException {
    String question = "\uFEFF  line\r\n\ttab \u0000 é e\u0301 \uD83D\uDE00 {{x}} %s\n\n\n";
    String answer = "\n  **So** \uE200cite\uE202turn0\uE201.\r\n";
    chats.add(Chat.of("c", Chat.MONDAY, question, answer));

    capture("c", WISH);

    assertThat(Files.readAllBytes(file("p.md"))).isEqualTo(question.getBytes(UTF_8));
    assertThat(Files.readAllBytes(file("p.chatgpt.md"))).isEqualTo(answer.getBytes(UTF_8));
  }

  @Test
  void saysWhereTheyCameFrom() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "abc", "So."));

    capture("c", WISH);

    assertThat(source().toString())
        .isEqualTo(
            """
            {"export":"conversations.json","file":"conversations.json","conversation_id":"c",\
            "title":"Title of c","prompt_node":"c-0","answer_nodes":["c-1"],\
            "time":"2026-03-02T12:00:00Z","model":"gpt-5",\
            "prompt_sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",\
            "answer_sha256":"12984637383b7b9cafd5ff2b61cb567addb6b6a8123c85ec0000efeacebc0082"}""");
  }

  @Test
  void takesTheNewestAnsweredRunOfAFamily() throws IOException {
    runs("red", "green", "blue");
    Chat later = chats.get(2);
    later.user("Thanks, that will do for today.");
    later.assistant("You are welcome.");
    Chat unanswered = new Chat("unanswered", "Unanswered", Chat.MONDAY + 9 * Chat.DAY);
    unanswered.user(PROMPT + "\n\nblack");
    chats.add(unanswered);

    candidate(WISH);

    assertThat(file("p.input.md")).hasContent("blue");
    assertThat(file("p.chatgpt.md")).hasContent("about blue");
  }

  @Test
  void cutsTheInputFromTheEnd() throws IOException {
    runs("red\n\nrose", "green\n\ngrass", "blue\n\nsky\n");

    assertThat(candidate(WISH).isCut()).isTrue();
    assertThat(file("p.md")).hasBinaryContent((PROMPT + "\n").getBytes(UTF_8));
    assertThat(file("p.input.md")).hasBinaryContent("blue\n\nsky\n".getBytes(UTF_8));
    assertThat(file("p.end.md")).doesNotExist();
  }

  @Test
  void cutsTheInputFromTheStart() throws IOException {
    for (String input : List.of("red", "green", "blue\n\nsky")) {
      add(input, input + "\n\n" + PROMPT);
    }

    assertThat(candidate(WISH).isCut()).isTrue();
    assertThat(file("p.md")).isEmptyFile();
    assertThat(file("p.input.md")).hasBinaryContent("blue\n\nsky\n".getBytes(UTF_8));
    assertThat(file("p.end.md")).hasBinaryContent(PROMPT.getBytes(UTF_8));
  }

  @Test
  void cutsTheInputFromTheMiddle() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      add(input, PROMPT + "\n\n" + input + "\n\nUse no emoji.\n");
    }

    assertThat(candidate(WISH).isCut()).isTrue();
    assertThat(file("p.md")).hasBinaryContent((PROMPT + "\n").getBytes(UTF_8));
    assertThat(file("p.input.md")).hasBinaryContent("blue\n".getBytes(UTF_8));
    assertThat(file("p.end.md")).hasBinaryContent("Use no emoji.\n".getBytes(UTF_8));
  }

  @Test
  void leavesWholeWhatTheJoinWouldNotMakeAgain() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      add(input, PROMPT + "\r\n\r\n" + input);
    }

    Capture capture = candidate(WISH);

    assertThat(capture.isCut()).isFalse();
    assertThat(capture.isUncut()).isTrue();
    assertThat(file("p.md")).hasBinaryContent((PROMPT + "\r\n\r\nblue").getBytes(UTF_8));
    assertThat(file("p.input.md")).doesNotExist();
  }

  @Test
  void cutsARunThatIsPickedByItsConversationToo() throws IOException {
    runs("red", "green", "blue");

    assertThat(capture("chat1", WISH).isCut()).isTrue();
    assertThat(file("p.input.md")).hasContent("green");
    Capture whole = capture("chat1", new Wish("whole", true, false));
    assertThat(whole.isCut()).isFalse();
    assertThat(whole.isUncut()).isFalse();
    assertThat(file("whole.md")).hasContent(PROMPT + "\n\ngreen");
  }

  @Test
  void takesTheTurnThatIsAskedFor() throws IOException {
    Chat chat = Chat.of("c", Chat.MONDAY, "early", "early answer");
    chat.user("late");
    chat.assistant("late answer");
    chat.user("never answered");
    chats.add(chat);

    capture("c", 1, WISH);

    assertThat(file("p.md")).hasContent("early");
    assertThat(file("p.chatgpt.md")).hasContent("early answer");
    assertThatThrownBy(() -> capture("c", 3, WISH)).hasMessageContaining("no answer with text");
    assertThatThrownBy(() -> capture("c", 4, WISH)).hasMessage("c: no turn 4, the last one is 3");
  }

  @Test
  void datesByTheConversationWhereTheMessageHasNoTime() throws IOException {
    Chat chat = Chat.of("c", Chat.MONDAY, "question", "answer");
    chat.message("c-0").putNull("create_time");
    chats.add(chat);

    assertThat(capture("c", WISH).time()).contains(Instant.parse("2026-03-02T12:00:00Z"));
    assertThat(source().get("time").asText()).isEqualTo("2026-03-02T12:00:00Z");
    chat.json.putNull("create_time").putNull("update_time");
    assertThat(capture("c", new Wish("q", false, false)).time()).isEmpty();
    assertThat(file("q.source.json")).content().contains("\"time\" : null");
  }

  @Test
  void takesTheLastAnsweredTurnByIdOrLink() throws IOException {
    Chat chat = Chat.of("c-1f", Chat.MONDAY, "early", "early answer");
    chat.user("late");
    chat.assistant("late answer");
    chat.user("never answered");
    chats.add(chat);

    capture("https://chatgpt.com/g/g-abc-helper/c/c-1f?model=gpt-5", WISH);

    assertThat(file("p.md")).hasContent("late");
    assertThat(file("p.chatgpt.md")).hasContent("late answer");
    assertThatThrownBy(() -> capture("c-1", WISH))
        .hasMessage("c-1: no such conversation in the export");
  }

  @Test
  void savesEveryAnswerToThatMessageAndNoOther() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    String question = chat.user("Write a haiku about the sea and the wind.");
    String shown = chat.assistant("shown");
    chat.to(question);
    chat.assistant("older");
    chat.to(question);
    chat.assistant("newest");
    chat.to(shown);
    chats.add(chat);
    chats.add(Chat.of("d", Chat.MONDAY, "Write a haiku about the sea and the wind.", "another"));

    capture("c", WISH);

    assertThat(file("p.chatgpt.md")).hasContent("shown");
    assertThat(file("p.chatgpt.2.md")).hasContent("newest");
    assertThat(file("p.chatgpt.3.md")).hasContent("older");
    assertThat(file("p.chatgpt.4.md")).doesNotExist();
  }

  @Test
  void putsTheInstructionsIntoTheRequestWhereAskedTo() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    String context = chat.user("");
    chat.content(context).put("content_type", "user_editable_context").put("user_profile", "I am.");
    chat.content(context).put("user_instructions", "Be brief.");
    chat.metadata(context).put("is_visually_hidden_from_conversation", true);
    chat.user("early");
    chat.assistant("early answer");
    chat.user("late");
    chat.assistant("late answer");
    chats.add(chat);

    Capture plain = capture("c", WISH);
    assertThat(plain.files()).containsOnlyKeys(".md", ".chatgpt.md", ".source.json");
    assertThat(plain.missing())
        .containsExactly(
            "custom instructions (16 characters); --instructions takes them",
            "1 earlier turn of the conversation");

    Capture full = capture("c", new Wish("full", false, true));
    assertThat(full.missing()).containsExactly("1 earlier turn of the conversation");
    assertThat(new ObjectMapper().readTree(file("full.request.json").toFile()).toString())
        .isEqualTo("{\"messages\":[{\"role\":\"system\",\"content\":\"I am.\\n\\nBe brief.\"}]}");
  }

  @Test
  void saysWhatTheApiRunWillLack() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    chat.json.put("gizmo_id", "g-abc");
    String memory = chat.assistant("");
    chat.content(memory).put("content_type", "model_editable_context");
    chat.content(memory).put("model_set_context", "The user likes tea.");
    String question = chat.user("question");
    chat.metadata(question).putArray("attachments").addObject();
    chat.content(chat.assistant("thinking")).put("content_type", "thoughts");
    chat.message(chat.assistant("code")).put("recipient", "python");
    chat.message(chat.assistant("query")).put("recipient", "web.run");
    String answer = chat.assistant("answer");
    chat.metadata(answer).put("model_slug", "gpt-5-mini").put("default_model_slug", "gpt-5");
    chat.to(question);
    chat.assistant("other");
    chat.to(answer);
    chats.add(chat);

    assertThat(capture("c", WISH).missing())
        .containsExactly(
            "memory: what ChatGPT knew of you from other conversations",
            "the instructions of the custom GPT g-abc, which no export holds",
            "1 attachment: files and images are not sent",
            "tools: python",
            "web search",
            "thinking before the answer; with the API, reasoning_effort sets how much",
            "a smaller model: gpt-5-mini answered, where gpt-5 was chosen",
            "regenerated once: all are saved");
  }

  @Test
  void refusesHalfACharacterWithItsPlace() throws IOException {
    chats.add(Chat.of("x", Chat.MONDAY, "fine", "fine"));
    chats.add(Chat.of("c", Chat.MONDAY, "half \uD83D of it", "So."));
    chats.add(Chat.of("d", Chat.MONDAY, "fine", "So \uDE00"));

    assertThatThrownBy(() -> capture("c", WISH))
        .hasMessage(
            "conversations.json #1, message c-0: holds half a character, which no file can hold");
    assertThatThrownBy(() -> capture("d", WISH)).hasMessageContaining("message d-1: holds half");
    assertThat(file("p.md")).doesNotExist();
  }

  @Test
  void overwritesNothing() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));
    Files.createDirectories(file("p.md").getParent());
    for (String end : LEFT) {
      Files.writeString(file("p" + end), "mine");

      assertThatThrownBy(() -> capture("c", WISH))
          .isInstanceOf(UnusableException.class)
          .hasMessage(
              file("p" + end) + ": is there already. Give --name, or --force to replace it");
      assertThat(names()).containsExactly("p" + end);
      Files.delete(file("p" + end));
    }
  }

  @Test
  void takesAwayWhatAnEarlierCaptureLeftWhereForced() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));
    Files.createDirectories(file("p.md").getParent());
    for (String end : LEFT) {
      Files.writeString(file("p" + end), "mine");
    }
    Files.writeString(file("p2.md"), "another prompt");

    List<Path> gone = survey("c", WISH).write(folder.resolve("prompts"), true);

    assertThat(gone)
        .containsExactlyInAnyOrder(
            file("p.txt"),
            file("p.input.md"),
            file("p.end.md"),
            file("p.chatgpt.2.md"),
            file("p.request.json"));
    assertThat(names()).containsExactly("p.chatgpt.md", "p.md", "p.source.json", "p2.md");
    assertThat(file("p.md")).hasContent("question");
  }

  @Test
  void takesAwayNothingWhereAFolderIsInTheWay() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));
    Files.createDirectories(file("p.source.json"));
    Files.writeString(file("p.md"), "mine");

    assertThatThrownBy(() -> survey("c", WISH).write(folder.resolve("prompts"), true))
        .isInstanceOf(UnusableException.class);
    assertThat(file("p.md")).hasContent("mine");
    Path taken = file("p.md");
    assertThatThrownBy(() -> survey("c", WISH).write(taken, false))
        .hasMessage(taken + ": can't be written: is a file, not a folder");
  }

  @Test
  void namesTheFilesByTheTitle() throws IOException {
    Wish unnamed = new Wish("", false, false);
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));

    assertThat(capture("c", unnamed).name()).isEqualTo("title-of-c");
    chats.get(0).json.put("title", "…");
    assertThat(capture("c", unnamed).name()).isEqualTo("question");
  }

  @Test
  void namesTheFilesOfACandidateAsItIsCalled() throws IOException {
    runs("red", "green", "blue");
    chats.forEach(chat -> chat.json.put("title", "Team notes"));
    chats.get(2).json.put("title", "Another");

    assertThat(candidate(new Wish("", false, false)).name()).isEqualTo("team-notes");
  }

  @Test
  void knowsWhatIsNoName() {
    for (String name : List.of("a.b", "../a", "a b", "", "a".repeat(81), "é".repeat(41))) {
      assertThat(Capture.isName(name)).as(name).isFalse();
    }
    assertThat(Capture.isName("Büro_2-x")).isTrue();
    assertThat(Capture.isName("साप्ताहिक")).isTrue();
  }

  @Test
  void refusesWhatHasNoAnswer() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    chat.user("question");
    chats.add(chat);

    assertThatThrownBy(() -> capture("c", WISH)).hasMessage("c: nothing in it was answered");
    String image = chat.assistant("");
    chat.content(image).put("content_type", "multimodal_text").withArray("parts").addObject();
    assertThatThrownBy(() -> capture("c", WISH)).hasMessageContaining("no answer with text");
  }

  private void runs(String... inputs) {
    for (String input : inputs) {
      add(input.lines().findFirst().orElse(""), PROMPT + "\n\n" + input);
    }
  }

  private void add(String about, String text) {
    double time = Chat.MONDAY + chats.size() * Chat.DAY;
    chats.add(Chat.of("chat" + chats.size(), time, text, "about " + about));
  }

  private Survey survey() throws IOException {
    Path file = Chat.write(folder.resolve("conversations.json"), chats);
    return new Survey(file, ZoneOffset.UTC);
  }

  private Capture survey(String id, Wish wish) throws IOException {
    return Capture.turn(survey(), id, 0, wish);
  }

  private Capture candidate(Wish wish) throws IOException {
    return written(Capture.newest(survey(), "1", wish));
  }

  private Capture capture(String id, Wish wish) throws IOException {
    return capture(id, 0, wish);
  }

  private Capture capture(String id, int turn, Wish wish) throws IOException {
    return written(Capture.turn(survey(), id, turn, wish));
  }

  private Capture written(Capture capture) {
    assertThat(capture.write(folder.resolve("prompts"), false)).isEmpty();
    return capture;
  }

  private JsonNode source() throws IOException {
    return new ObjectMapper().readTree(file("p.source.json").toFile());
  }

  private Path file(String name) {
    return folder.resolve("prompts").resolve(name);
  }

  private List<@Nullable String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("prompts"))) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    }
  }
}
