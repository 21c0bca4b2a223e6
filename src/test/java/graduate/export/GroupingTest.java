package graduate.export;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.export.Family.Varies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which messages are runs of the same prompt, what it is called, and what of it changes. */
class GroupingTest {
  private static final String STANDUP =
      "Rewrite my raw notes below as a standup update with three headings.\n\nNotes:\n";
  private static final String REVIEW =
      "Classify the customer review between the lines of dashes. Answer with one CSV line.\n---\n";
  private static final String[] WORDS =
      ("amber brook cedar delta ember fjord grove haven inlet jetty knoll ledge mesa north oasis"
              + " plain quay ridge shore tarn upland vale weald yonder zephyr")
          .split(" ");
  private final List<Chat> chats = new ArrayList<>();
  private final Random random = new Random(1);
  @TempDir private Path folder;

  @BeforeEach
  void addWhatIsNoPrompt() {
    for (int i = 0; i < 40; i++) {
      chat("Tell me about " + words(12) + "?");
      chat("thanks!");
      chat("continue");
    }
  }

  @Test
  void groupsRunsWhateverIsPastedIn() throws IOException {
    for (int i = 0; i < 9; i++) {
      chat(STANDUP + words(30));
      chat(REVIEW + words(40) + "\n---");
    }

    assertThat(names())
        .containsExactlyInAnyOrder(
            "9 rewrite-my-raw-notes-below-as", "9 classify-the-customer-review-between-the");
  }

  @Test
  void followsAWordingThatDrifts() throws IOException {
    String first =
        "Turn the mail below into one ticket. Keep every number. Max 120 words. Plain text only, no intro.\n\n";
    String second = first.replace("Keep every number.", "Keep every number and do not invent any.");
    for (int i = 0; i < 6; i++) {
      chat(first + words(25));
      chat(second + words(25));
      chat(second.replace("120", "80").replace("no intro", "without an intro line") + words(25));
    }

    assertThat(names()).containsExactly("18 turn-the-mail-below-into-one");
  }

  @Test
  void keepsPromptsApartThatDifferByAWord() throws IOException {
    for (int i = 0; i < 6; i++) {
      chat("List the strengths of this candidate in three bullets.\n\n" + words(30));
      chat("List the weaknesses of this candidate in three bullets.\n\n" + words(30));
    }

    assertThat(names())
        .containsExactlyInAnyOrder(
            "6 list-the-strengths-of-this-candidate", "6 list-the-weaknesses-of-this-candidate");
  }

  @Test
  void findsPromptsInScriptsWithoutSpaces() throws IOException {
    for (int i = 0; i < 6; i++) {
      chat("次の英文を丁寧な日本語に訳してください。訳文だけを返してください。\n\n" + words(20));
    }

    assertThat(names()).containsExactly("6 次の英文を丁寧な日本語に訳してください");
  }

  @Test
  void maskesDigitsAndCase() throws IOException {
    for (int i = 0; i < 6; i++) {
      String text = "Write the weekly KPI note. Revenue " + (i * 7919) + ", returns " + i + ".";
      chat(i % 2 == 0 ? text : text.toUpperCase(java.util.Locale.ROOT));
    }

    assertThat(names()).hasSize(1).first().asString().startsWith("6 ");
  }

  @Test
  void needsALineOrSentenceThatStaysTheSame() throws IOException {
    for (int i = 0; i < 12; i++) {
      chat("My sister asked me about fixing the " + words(1) + " at sea " + words(14) + ".");
    }

    assertThat(names()).isEmpty();
  }

  @Test
  void groupsTheFirstMessagesToACustomGpt() throws IOException {
    for (int i = 0; i < 5; i++) {
      chat(words(20)).json.put("gizmo_id", "g-abc");
      chat(words(20)).json.put("gizmo_id", "g-p-project");
    }

    List<Family> families = families();

    assertThat(families).hasSize(1);
    assertThat(families.get(0).runs()).hasSize(5);
    assertThat(families.get(0).varies()).isEqualTo(Varies.ALL);
  }

  @Test
  void countsRunsOnEveryBranch() throws IOException {
    Chat edited = new Chat("edited", "Edited", Chat.MONDAY);
    for (int i = 0; i < 6; i++) {
      edited.to("root-edited");
      edited.user(STANDUP + words(30));
      edited.assistant("So.");
    }
    chats.add(edited);

    Family family = families().get(0);

    assertThat(family.size()).isEqualTo(6);
    assertThat(family.conversationIds()).containsExactly("edited");
  }

  @Test
  void countsAConversationThatIsThereTwiceOnce() throws IOException {
    for (int i = 0; i < 6; i++) {
      chat(STANDUP + words(30));
    }
    Chat last = chats.get(chats.size() - 1);
    String id = last.json.get("conversation_id").asText();
    Chat older = Chat.of(id, Chat.MONDAY - Chat.DAY, STANDUP + words(30), "older");
    Chat newer = Chat.of(id, Chat.MONDAY + Chat.DAY * 900, STANDUP + "the newest", "newer");
    chats.add(0, older);
    chats.add(newer);

    Family family = families().get(0);

    assertThat(family.size()).isEqualTo(6);
    assertThat(family.newestText()).isEqualTo(STANDUP + "the newest");
  }

  @Test
  void findsTheSameWhateverTheOrder() throws IOException {
    for (int i = 0; i < 7; i++) {
      chat(words(9) + "\n\n---\nFrom the mail above return JSON with the keys date and total.");
      chat(words(9) + "\n\n---\nfrom the mail above, return json with keys date and total please");
      chat(STANDUP + words(30));
    }
    List<String> names = names();
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(chats, random);
      assertThat(names()).isEqualTo(names);
    }
  }

  @Test
  void tellsFamiliesOfTheSameNameApart() throws IOException {
    for (int i = 0; i < 5; i++) {
      chat("Say in two short lines of text what this alert means and what to check first.");
      chat("Say in two short lines of text who is on call; then how long the shift still lasts.");
    }

    assertThat(names())
        .containsExactlyInAnyOrder("5 say-in-two-short-lines-of", "5 say-in-two-short-lines-of-2");
  }

  @Test
  void keepsALongTextWhole() throws IOException {
    String text = STANDUP + words(6_000);
    for (int i = 0; i < 5; i++) {
      chat(text);
    }

    Family family = families().get(0);

    assertThat(family.size()).isEqualTo(5);
    assertThat(family.newestText()).isEqualTo(text);
    assertThat(family.varies()).isEqualTo(Varies.NOTHING);
  }

  @Test
  void namesByTheTitleThatMostConversationsHave() throws IOException {
    for (String title : List.of("Standup", "Team notes", "Team notes", "Daily standup", "2026")) {
      chat(STANDUP + words(30)).json.put("title", title);
    }

    assertThat(names()).containsExactly("5 team-notes");
  }

  @Test
  void namesByTheWordingWhereEveryTitleIsAnother() throws IOException {
    for (int i = 0; i < 4; i++) {
      chat(STANDUP + words(30)).json.put("title", "Standup about " + WORDS[i]);
    }

    assertThat(names()).containsExactly("4 rewrite-my-raw-notes-below-as");
  }

  @Test
  void namesByTheWordingWhereTheTitleIsNotItsOwn() throws IOException {
    for (int i = 0; i < 4; i++) {
      Chat chat = chat(STANDUP + words(30));
      chat.json.put("title", "Standup");
      chat.user("Log this one too, please, as compliance wants it.");
      chat(REVIEW + words(30)).json.put("title", "Notes");
      chat("List the strengths of this candidate in three bullets.\n\n" + words(30))
          .json
          .put("title", "Notes");
    }

    assertThat(names())
        .containsExactlyInAnyOrder(
            "4 standup",
            "4 log-this-one-too-please-as",
            "4 classify-the-customer-review-between-the",
            "4 list-the-strengths-of-this-candidate");
  }

  @Test
  void findsByNameOrRank() throws IOException {
    for (int i = 0; i < 5; i++) {
      chat(STANDUP + words(30)).json.put("title", "Résumé du jour");
      chat(REVIEW + words(30));
    }
    chat(REVIEW + words(30));
    Survey survey = survey();

    assertThat(survey.family("1")).contains(survey.families().get(0));
    assertThat(survey.family("2")).contains(survey.families().get(1));
    assertThat(survey.family("Re\u0301sume\u0301-du-jour")).contains(survey.families().get(1));
    assertThat(survey.family("3")).isEmpty();
    assertThat(survey.family("0")).isEmpty();
  }

  @Test
  void quotesWhatSpeaksForASymptom() throws IOException {
    for (int i = 0; i < 4; i++) {
      chat(STANDUP + "the audit of whatever, whenever " + words(30))
          .user("Sure. Log this one too!");
      chat(REVIEW + words(30));
    }
    Survey survey = survey();
    Family standup =
        survey.families().stream()
            .filter(f -> f.name().startsWith("rew"))
            .findFirst()
            .orElseThrow();
    Family review =
        survey.families().stream()
            .filter(f -> f.name().startsWith("cla"))
            .findFirst()
            .orElseThrow();

    assertThat(survey.hint(standup, Symptom.LOG)).isEqualTo("Log this one too!");
    assertThat(survey.hint(standup, Symptom.EVENTS)).isEmpty();
    assertThat(survey.hint(standup, Symptom.PASTED)).isEmpty();
    assertThat(survey.hint(review, Symptom.PASTED)).isEqualTo("Answer with one CSV line.");
    assertThat(survey.hint(review, Symptom.LOG)).isEmpty();
  }

  @Test
  void ranksWhatIsMeasuredBeforeWhatIsFrequent() throws IOException {
    for (int i = 0; i < 40; i++) {
      chat(REVIEW + words(30)).json.put("title", "Review");
      chat("Summarise these minutes for the whole team, please.\n\n" + words(30))
          .json
          .put("title", "Minutes");
    }
    for (int i = 0; i < 25; i++) {
      double time = Chat.MONDAY + i * Chat.DAY;
      chats.add(Chat.of("daily" + i, time, STANDUP + words(30), "So."));
      chats.get(chats.size() - 1).json.put("title", "Standup");
    }

    assertThat(names()).containsExactly("25 standup", "40 minutes", "40 review");
  }

  private Chat chat(String question) {
    String id = "chat" + chats.size();
    Chat chat = Chat.of(id, Chat.MONDAY + chats.size() * Chat.DAY, question, "So.");
    chat.json.putNull("title");
    chats.add(chat);
    return chat;
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }

  private Path write() throws IOException {
    return Chat.write(folder.resolve("conversations.json"), chats);
  }

  private Survey survey() throws IOException {
    return new Survey(write(), ZoneOffset.UTC);
  }

  private List<Family> families() throws IOException {
    return survey().families();
  }

  private List<String> names() throws IOException {
    return families().stream().map(f -> f.size() + " " + f.name()).toList();
  }
}
