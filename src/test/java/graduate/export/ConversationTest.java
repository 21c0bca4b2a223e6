package graduate.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way through a conversation's tree, and what of it ChatGPT shows. */
class ConversationTest {
  private final Chat chat = new Chat("c", "Title", Chat.MONDAY);
  @TempDir private Path folder;

  @Test
  void followsParentsFromTheCurrentNodeAndNotTheOrderOfTime() throws IOException {
    String question = chat.user("first wording");
    chat.assistant("first answer");
    String root = "root-c";
    chat.to(root);
    String edited = chat.user("second wording");
    String answer = chat.assistant("second answer");
    chat.message(question).put("create_time", Chat.MONDAY + Chat.DAY);

    assertThat(path()).containsExactly(root, edited, answer);
  }

  @Test
  void takesTheNewestLeafWhereTheCurrentNodeIsMissing() throws IOException {
    String question = chat.user("question");
    String newer = chat.assistant("newer");
    chat.to(question);
    chat.assistant("older, though later in the file");
    chat.message(newer).put("create_time", (Chat.MONDAY + Chat.DAY) * 1000);
    chat.json.put("current_node", "gone");

    assertThat(path()).containsExactly("root-c", question, newer);
    chat.json.remove("current_node");
    assertThat(path()).containsExactly("root-c", question, newer);
  }

  @Test
  void stopsWhereANodeRepeats() throws IOException {
    String question = chat.user("question");
    String answer = chat.assistant("answer");
    chat.node("root-c").put("parent", answer);

    assertThat(path()).containsExactly("root-c", question, answer);
    assertThat(read().answered()).extracting(Node::id).containsExactly(question);
  }

  @Test
  void survivesFieldsOfAnyOtherType() throws IOException {
    String question = chat.user("question");
    chat.assistant("answer");
    chat.json.put("title", 7).putObject("update_time");
    chat.message(question).put("create_time", "soon").putArray("recipient");
    chat.metadata(question).put("attachments", 3).putArray("finish_details").add(1);
    String odd = chat.add("user", "odd");
    chat.message(odd).put("content", "no object").putNull("author");
    String none = chat.add("user", "none");
    chat.node(none).put("message", 1);
    chat.node(none).putObject("more").put("x", 1);

    assertThat(users()).containsExactly(question);
    assertThat(read().head().title()).isEmpty();
  }

  @Test
  void showsOnlyWhatChatGptShows() throws IOException {
    String shown = chat.user("shown");
    chat.metadata(chat.user("hidden")).put("is_visually_hidden_from_conversation", true);
    chat.metadata(chat.user("system")).put("is_user_system_message", true);
    chat.message(chat.user("to a tool")).put("recipient", "python");
    chat.content(chat.user("code")).put("content_type", "code");
    chat.user(" \n ");
    chat.add("tool", "tool");
    String unaddressed = chat.user("unaddressed");
    chat.message(unaddressed).putNull("recipient");
    String photo = chat.user("");
    chat.content(photo).put("content_type", "multimodal_text").withArray("parts").addObject();

    assertThat(users()).containsExactly(shown, unaddressed, photo);
  }

  @Test
  void joinsTheTextPartsAndTheTranscripts() throws IOException {
    String question = chat.user("one");
    chat.content(question).put("content_type", "multimodal_text");
    var parts = chat.content(question).withArray("parts").add("").add("two ");
    parts.addObject().put("content_type", "audio_transcription").put("text", "three");
    parts.addObject().put("content_type", "audio_asset_pointer").put("text", "no");
    parts.add("\r\n four");

    Node message = read().node(question);

    assertThat(message.text()).isEqualTo("one\ntwo \nthree\n\r\n four");
    assertThat(message.files()).isZero();
  }

  @Test
  void findsTheLastPromptThatWasAnswered() throws IOException {
    chat.user("early");
    chat.assistant("early answer");
    String late = chat.user("late");
    chat.assistant("late answer");
    chat.user("never answered");

    assertThat(read().lastAnswered()).get().extracting(Node::id).isEqualTo(late);
  }

  @Test
  void takesTheFinalChannelsMessagesAsTheAnswer() throws IOException {
    String question = chat.user("question");
    chat.message(chat.assistant("I will look.")).put("channel", "commentary");
    chat.message(chat.assistant("Part one, ")).put("channel", "final");
    chat.message(chat.assistant("part two.")).put("channel", "final");
    chat.assistant("Anything else?");

    assertThat(answers(question)).containsExactly("Part one, part two.");
  }

  @Test
  void takesTheLastMessageAndTheCutOffOnesBeforeIt() throws IOException {
    String question = chat.user("question");
    chat.assistant("Let me see.");
    chat.metadata(chat.assistant("1, 2, ")).putObject("finish_details").put("type", "max_tokens");
    chat.message(chat.assistant("3, ")).put("status", "finished_partial_completion");
    chat.assistant("4.");
    chat.user("thanks");
    chat.assistant("You are welcome.");

    assertThat(answers(question)).containsExactly("1, 2, 3, 4.");
  }

  @Test
  void givesTheShownAnswerFirstAndThenTheRegeneratedOnes() throws IOException {
    String question = chat.user("question");
    String shown = chat.assistant("shown");
    chat.to(question);
    chat.assistant("other");
    chat.to(question);
    chat.assistant("newest");
    chat.to(question);
    chat.assistant(" ");
    chat.to(shown);

    assertThat(answers(question)).containsExactly("shown", "newest", "other");
  }

  @Test
  void findsTheAnswerOfAPromptThatWasEditedAway() throws IOException {
    String first = chat.user("first wording");
    chat.assistant("first answer");
    chat.user("more");
    chat.assistant("more answer");
    chat.to("root-c");
    chat.user("second wording");
    chat.assistant("second answer");

    assertThat(answers(first)).containsExactly("first answer");
  }

  @Test
  void readsTheTreeByParentsAlone() throws IOException {
    String question = chat.user("question");
    String answer = chat.assistant("answer");
    chat.node(question).putArray("children").add("wrong");

    assertThat(path()).containsExactly("root-c", question, answer);
  }

  private List<String> path() throws IOException {
    return read().path().stream().map(Node::id).toList();
  }

  private List<String> users() throws IOException {
    return read().nodes().stream().filter(Node::isUser).map(Node::id).toList();
  }

  private List<String> answers(String node) throws IOException {
    Conversation conversation = read();
    return conversation.answers(conversation.node(node)).stream()
        .map(Conversation.Answer::text)
        .toList();
  }

  private Conversation read() throws IOException {
    List<Conversation> read = new ArrayList<>();
    Path file = Chat.write(folder.resolve("conversations.json"), chat);
    Export.read(file, read::add);
    return read.get(0);
  }
}
