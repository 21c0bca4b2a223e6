package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.export.Capture.Split;
import graduate.export.Capture.Wish;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a capture makes of what stands in the export. */
class CaptureTest {
  private static final String PROMPT = "Turn the notes below into a standup report.";
  private static final String NAME = "turn-the-notes-below-into";
  private static final Wish WISH = new Wish("p", Split.WHERE_RUNS_SHOW_IT, 1, false, false);
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

    JsonNode source = new ObjectMapper().readTree(file("p.source.json").toFile());
    assertThat(source.toString())
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
  void splitsWhereTheRunsShareABeginning() throws IOException {
    runs("red\n\nrose", "green\n\ngrass", "blue\n\nsky\n");

    Capture capture = candidate(WISH);

    assertThat(capture.isSplit()).isTrue();
    assertThat(file("p.md")).hasBinaryContent((PROMPT + "\n").getBytes(UTF_8));
    assertThat(file("p.input.md")).hasBinaryContent("blue\n\nsky\n".getBytes(UTF_8));
  }

  @Test
  void leavesWholeWhatTheJoinWouldNotMakeAgain() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      chats.add(Chat.of(input, Chat.MONDAY, PROMPT + "\r\n\r\n" + input, "So."));
    }

    assertThat(candidate(WISH).isSplit()).isFalse();
    assertThat(file("p.input.md")).doesNotExist();
  }

  @Test
  void leavesWholeWhatChangesInTheMiddle() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      chats.add(Chat.of(input, Chat.MONDAY, PROMPT + "\n\n" + input + "\n\nUse no emoji.", "So."));
    }

    Capture capture = candidate(WISH);

    assertThat(capture.isSplit()).isFalse();
    assertThat(capture.varies()).isEqualTo(Varies.MIDDLE);
  }

  @Test
  void splitsOnlyAsItIsTold() throws IOException {
    runs("red", "green", "blue");

    assertThat(candidate(new Wish("whole", Split.NEVER, 1, false, false)).isSplit()).isFalse();
    assertThat(
            capture("chat2", new Wish("id", Split.WHERE_RUNS_SHOW_IT, 1, false, false)).isSplit())
        .isFalse();
    assertThat(capture("chat2", new Wish("cut", Split.ALWAYS, 1, false, false)).isSplit()).isTrue();
    assertThat(file("cut.input.md")).hasContent("blue");
    chats.add(Chat.of("one", Chat.MONDAY, "One line.", "So."));
    assertThatThrownBy(() -> capture("one", new Wish("one", Split.ALWAYS, 1, false, false)))
        .hasMessage("one: no blank line to split this prompt at");
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
  void savesTheRegeneratedAnswersThenThoseToTheSameBytes() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    String question = chat.user("Write a haiku about the sea and the wind.");
    String shown = chat.assistant("shown");
    chat.to(question);
    chat.assistant("regenerated");
    chat.to(shown);
    chats.add(chat);
    String same = "Write a haiku about the sea and the wind.";
    chats.add(Chat.of("other", Chat.MONDAY + Chat.DAY, same, "same bytes"));
    chats.add(Chat.of("newer", Chat.MONDAY + 2 * Chat.DAY, same, "same bytes, newer"));
    chats.add(Chat.of("drift", Chat.MONDAY, same + " ", "other wording"));
    Chat attached = Chat.of("attached", Chat.MONDAY, same, "with a file");
    attached.metadata("attached-0").putArray("attachments").addObject();
    chats.add(attached);

    capture("c", new Wish("p", Split.WHERE_RUNS_SHOW_IT, 9, false, false));

    assertThat(file("p.chatgpt.md")).hasContent("shown");
    assertThat(file("p.chatgpt.2.md")).hasContent("regenerated");
    assertThat(file("p.chatgpt.3.md")).hasContent("same bytes, newer");
    assertThat(file("p.chatgpt.4.md")).hasContent("same bytes");
    assertThat(file("p.chatgpt.5.md")).doesNotExist();
  }

  @Test
  void putsHistoryAndInstructionsIntoTheRequestWhereAskedTo() throws IOException {
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
    assertThat(plain.files()).containsExactly("p.md", "p.chatgpt.md", "p.source.json");
    assertThat(plain.missing())
        .containsExactly(
            "custom instructions (16 characters); --instructions takes them",
            "1 earlier turn of the conversation; --history takes them");

    Capture full = capture("c", new Wish("full", Split.NEVER, 1, true, true));
    assertThat(full.missing()).isEmpty();
    assertThat(new ObjectMapper().readTree(file("full.request.json").toFile()).toString())
        .isEqualTo(
            """
            {"messages":[{"role":"system","content":"I am.\\n\\nBe brief."},\
            {"role":"user","content":"early"},{"role":"assistant","content":"early answer"}]}""");
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
            "regenerated once; --answers 2 saves all to this message");
  }

  @Test
  void refusesHalfASurrogatePairWithItsPlace() throws IOException {
    chats.add(Chat.of("x", Chat.MONDAY, "fine", "fine"));
    chats.add(Chat.of("c", Chat.MONDAY, "half \uD83D of it", "So."));
    chats.add(Chat.of("d", Chat.MONDAY, "fine", "So \uDE00"));

    assertThatThrownBy(() -> capture("c", WISH))
        .hasMessage(
            "conversations.json #1, message c-0: character 5 is half a surrogate pair (U+D83D),"
                + " which UTF-8 can't hold");
    assertThatThrownBy(() -> capture("d", WISH)).hasMessageContaining("character 3 is half");
    assertThat(file("p.md")).doesNotExist();
  }

  @Test
  void overwritesNothingUnlessForced() throws IOException {
    runs("red", "green", "blue");
    candidate(new Wish("p", Split.WHERE_RUNS_SHOW_IT, 1, false, false));
    Files.writeString(file("p.chatgpt.2.md"), "mine");
    Files.writeString(file("p.request.json"), "{}");
    Files.writeString(file("p2.md"), "another prompt");
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));

    assertThatThrownBy(() -> capture("c", WISH))
        .hasMessage(file("p.md") + ": is there already. Give --name, or --force to replace it");
    assertThat(file("p.md")).hasContent(PROMPT + "\n");

    Capture.conversation(survey(), "c", WISH).write(folder.resolve("prompts"), true);
    assertThat(names())
        .containsExactly("p.chatgpt.md", "p.md", "p.request.json", "p.source.json", "p2.md");
    assertThat(file("p.md")).hasContent("question");
  }

  @Test
  void writesAllFilesOrNone() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));
    Files.createDirectories(file("p.source.json").resolve("full"));
    Files.createDirectories(file("q.chatgpt.md").resolve("full"));

    assertThatThrownBy(() -> capture("c", WISH)).hasMessageContaining("is there already");
    Capture capture =
        Capture.conversation(survey(), "c", new Wish("q", Split.NEVER, 1, false, false));
    assertThatThrownBy(() -> capture.write(folder.resolve("prompts"), true))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(folder.resolve("prompts") + ": cannot be written");
    assertThat(names()).containsExactly("p.source.json", "q.chatgpt.md");
  }

  @Test
  void namesTheFilesByTheTitle() throws IOException {
    chats.add(Chat.of("c", Chat.MONDAY, "question", "answer"));
    Wish unnamed = new Wish(null, Split.NEVER, 1, false, false);

    assertThat(capture("c", unnamed).name()).isEqualTo("title-of-c");
    chats.get(0).json.put("title", "…");
    assertThatThrownBy(() -> capture("c", unnamed))
        .hasMessage("c: its title makes no file name. Give --name");
    runs("red", "green", "blue");
    chats.forEach(c -> c.json.putNull("title"));
    assertThat(candidate(unnamed).name()).isEqualTo(NAME);
  }

  @Test
  void refusesNamesThatAreNoFileNames() {
    for (String name : List.of("a.b", "../a", "a b", "", "a".repeat(81), "é".repeat(41))) {
      assertThatThrownBy(() -> new Wish(name, Split.NEVER, 1, false, false))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new Wish("Büro_2-x", Split.NEVER, 1, false, false).name()).isEqualTo("Büro_2-x");
  }

  @Test
  void refusesWhatHasNoAnswer() throws IOException {
    Chat chat = new Chat("c", "Title", Chat.MONDAY);
    chat.user("question");
    chats.add(chat);

    assertThatThrownBy(() -> capture("c", WISH))
        .hasMessage("c: nothing in this conversation was answered");
    String image = chat.assistant("");
    chat.content(image).put("content_type", "multimodal_text").withArray("parts").addObject();
    assertThatThrownBy(() -> capture("c", WISH)).hasMessageContaining("the answer has no text");
    assertThatThrownBy(() -> Capture.candidate(survey(), "none", WISH))
        .hasMessageStartingWith("none: no such candidate");
  }

  private void runs(String... inputs) {
    for (String input : inputs) {
      double time = Chat.MONDAY + chats.size() * Chat.DAY;
      String answer = "about " + input.lines().findFirst().orElse("");
      chats.add(Chat.of("chat" + chats.size(), time, PROMPT + "\n\n" + input, answer));
    }
  }

  private Survey survey() throws IOException {
    Path file = Chat.write(folder.resolve("conversations.json"), chats);
    return new Survey(new Export(file, percent -> {}));
  }

  private Capture candidate(Wish wish) throws IOException {
    return written(Capture.candidate(survey(), NAME, wish));
  }

  private Capture capture(String id, Wish wish) throws IOException {
    return written(Capture.conversation(survey(), id, wish));
  }

  private Capture written(Capture capture) {
    capture.write(folder.resolve("prompts"), false);
    return capture;
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
