package graduate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.export.Chat;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code candidates} prints, and what it does not. */
class CandidatesCommandTest {
  private static final String STANDUP =
      "Turn the notes below into a \u001b[31m standup report, ready to paste.\n\n";
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String tty = "";
  private String typed = "graduate";
  private Path export = Path.of("");
  @TempDir private Path folder;

  @BeforeEach
  void writeExport() throws IOException {
    List<Chat> chats = new ArrayList<>();
    for (int i = 0; i < 26; i++) {
      double time = Chat.MONDAY + i * Chat.DAY;
      chats.add(Chat.of("standup" + i, time, STANDUP + "red " + i, "So."));
    }
    for (int i = 0; i < 6; i++) {
      String text = "Write a haiku about the wind and the sea.";
      chats.add(Chat.of("haiku" + i, Chat.MONDAY + i, text, "So."));
    }
    export = Chat.write(folder.resolve("my export.json"), chats);
  }

  @Test
  void listsTheStrongestFirstWithTheCommandToType() throws IOException {
    zone("UTC");
    assertThat(run()).isEqualTo(Exit.OK);

    assertThat(text(out))
        .isEqualTo(
            """
            32 conversations, 32 messages of yours
            2 prompts came back 3 times or more

            1. turn-the-notes-below-into-a
               "Turn the notes below into a \\x1b[31m standup report, ready to paste."
               26 runs in 26 conversations, 2026-03-02 to 2026-03-27
               on 26 of its best 30 days; what changes: end
               [x] 1 daily   [?] 2 pasted on   [ ] 3 bulk   [?] 4 on record   [?] 5 events
               1 point so far; 2, 4 and 5 are for you to answer
               2? "Turn the notes below into a \\x1b[31m standup report, ready to paste."
               graduate capture '%1$s' --candidate turn-the-notes-below-into-a

            2. write-a-haiku-about-the-wind
               "Write a haiku about the wind and the sea."
               6 runs in 6 conversations, 2026-03-02 to 2026-03-02
               on 1 of its best 30 days, at most 6 in an hour; what changes: nothing
               [ ] 1 daily   [?] 2 pasted on   [ ] 3 bulk   [?] 4 on record   [?] 5 events
               0 points so far; 2, 4 and 5 are for you to answer
               graduate capture '%1$s' --candidate write-a-haiku-about-the-wind

            Three points: graduate it. 1 and 3 are measured; only you know 2, 4 and 5 (see
            graduate candidates --help). Say which hold:
              graduate candidates '%1$s' --yes turn-the-notes-below-into-a=2,4
            """
                .formatted(export));
    assertThat(text(out).lines().filter(l -> !l.contains(folder.toString())))
        .allMatch(l -> l.length() <= 80);
    assertThat(text(err)).isEmpty();
  }

  @Test
  void beginsWhatIsToBeTypedAsItWasTyped() throws IOException {
    typed = "/opt/my tools/graduate";
    run();

    assertThat(text(out).lines().filter(l -> l.contains("graduate' ca")))
        .hasSize(4)
        .allMatch(l -> l.strip().startsWith("'/opt/my tools/graduate' ca"));
    out.reset();
    run("--json");
    assertThat(json().get(0).get("capture").asText())
        .startsWith("'/opt/my tools/graduate' capture ");
  }

  @Test
  void judgesOnlyWhereNothingIsLeftToAnswer() throws IOException {
    run("--yes", "turn-the-notes-below-into-a=2,5");

    assertThat(text(out))
        .contains("[x] 1 daily   [x] 2 pasted on   [ ] 3 bulk   [ ] 4 on record   [x] 5 events")
        .contains("   3 points: graduate it\n", "   0 points so far; 2, 4")
        .doesNotContain("2? ", "stays in ChatGPT")
        .endsWith(
            "graduate candidates '%s' --yes turn-the-notes-below-into-a=2,5 --yes write-a-haiku-about-the-wind=2,4\n"
                .formatted(export));
    out.reset();
    run("--yes", "1=4", "--yes", "2=");
    assertThat(text(out))
        .contains("   2 points: your call\n", "   0 points: stays in ChatGPT\n")
        .doesNotContain("Say which hold");
  }

  @Test
  void ordersByWhatIsSaidButKeepsTheNumbers() throws IOException {
    run("--yes", "2=2,4,5");

    assertThat(text(out))
        .containsSubsequence(
            "2. write-a-haiku", "3 points: graduate it", "1. turn-the-notes", "1 point so far");
    out.reset();
    run("--yes", "2=2,4,5", "--json");
    assertThat(json().get(0).get("name").asText()).isEqualTo("write-a-haiku-about-the-wind");
  }

  @Test
  void showsNoDaysWhereTheExportHasNoTimes() throws IOException {
    List<Chat> chats = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Chat chat = Chat.of("c" + i, Chat.MONDAY, STANDUP + i, "So.");
      chat.message(chat.first()).putNull("create_time");
      chat.json.putNull("create_time").putNull("update_time");
      chats.add(chat);
    }
    Chat.write(export, chats);

    run();
    assertThat(text(out)).contains("3 runs in 3 conversations\n").doesNotContain("1970");
    out.reset();
    run("--json");
    assertThat(json().get(0).get("first").isNull()).isTrue();
    assertThat(json().get(0).get("last").isNull()).isTrue();
  }

  @Test
  void printsAllOfItAsJson() throws IOException {
    zone("Europe/Berlin");
    run("--json", "--yes", "turn-the-notes-below-into-a=2");

    JsonNode all = json();
    assertThat(all).hasSize(2);
    JsonNode first = all.get(0);
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "name",
            "runs",
            "conversations",
            "first",
            "last",
            "active_days_in_30",
            "most_runs_in_60_minutes",
            "prompt",
            "varies",
            "symptoms",
            "score",
            "capture",
            "conversation_ids");
    assertThat(first.get("first").asText()).isEqualTo("2026-03-02T13:00:00+01:00");
    assertThat(first.get("prompt").asText()).isEqualTo(STANDUP + "red 25");
    assertThat(first.get("varies").asText()).isEqualTo("end");
    assertThat(first.get("symptoms"))
        .hasToString(
            "{\"daily\":true,\"pasted\":true,\"bulk\":false,\"log\":false,\"events\":false}");
    assertThat(first.get("score").asInt()).isEqualTo(2);
    assertThat(first.get("conversation_ids")).hasSize(26);
    assertThat(all.get(1).get("symptoms"))
        .hasToString(
            "{\"daily\":false,\"pasted\":null,\"bulk\":false,\"log\":null,\"events\":null}");
    assertThat(all.get(1).get("capture").asText())
        .isEqualTo("graduate capture '" + export + "' --candidate write-a-haiku-about-the-wind");
  }

  @Test
  void listsNoMoreThanAskedFor() throws IOException {
    run("--top", "1");
    assertThat(text(out)).contains("2 prompts", "the first 1 (--top N):").doesNotContain("2. ");
    out.reset();
    run("--min-runs", "7", "--json");
    assertThat(json()).hasSize(1);
    out.reset();
    run("--min-runs", "99");
    assertThat(text(out))
        .isEqualTo(
            "32 conversations, 32 messages of yours\n0 prompts came back 99 times or more\n");
  }

  @Test
  void saysOnATerminalThatItReads() throws IOException {
    tty = "12";
    run();
    assertThat(text(err)).isEqualTo("graduate: reading " + export + "\n");
  }

  @Test
  void listsNothingFromHalfOfAnExport() throws IOException {
    String text = Files.readString(export);
    Files.writeString(export, text.substring(0, text.length() - 9));

    assertThatThrownBy(this::run)
        .isInstanceOf(UnusableException.class)
        .hasMessage(export + " #31: the file is cut off here. Download it again");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void saysWhatWasSkippedAndGoesOn() throws IOException {
    String text = Files.readString(export);
    Files.writeString(export, "[{}, " + text.substring(1));

    assertThat(run()).isEqualTo(Exit.OK);
    assertThat(text(err))
        .isEqualTo(
            "graduate: " + export + ": 32 read, 1 skipped: my export.json #0 has no mapping\n");
  }

  @Test
  void refusesAWrongCommandLine() {
    for (String[] words :
        new String[][] {
          {"--yes", "x"},
          {"--yes", "x=1"},
          {"--yes", "x=2;4"},
          {"--yes", "nobody=2"},
          {"--yes", "3=2"},
          {"--top", "0"},
          {"--min-runs", "many"},
          {"another.zip"}
        }) {
      assertThatThrownBy(() -> run(words)).isInstanceOf(UsageException.class);
    }
    assertThatThrownBy(() -> CandidatesCommand.run(line(), context()))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void refusesAnExportThatIsNotThere() {
    assertThatThrownBy(() -> CandidatesCommand.run(line("missing.zip"), context()))
        .isInstanceOf(UnusableException.class)
        .hasMessage("missing.zip: no such file or folder");
  }

  private void zone(String zone) throws IOException {
    Files.createDirectories(folder.resolve("prompts"));
    Files.writeString(folder.resolve("prompts/graduate.json"), "{\"zone\": \"" + zone + "\"}");
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(text(out));
  }

  private int run(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(export.toString());
    return CandidatesCommand.run(line(all.toArray(String[]::new)), context());
  }

  private static Arguments line(String... words) throws IOException {
    return Arguments.parse(Commands.OPTIONS.getOrDefault("candidates", ""), List.of(words));
  }

  private Context context() {
    Console console = new Console(InputStream.nullInputStream(), out, err, tty, typed);
    return new Context(
        folder,
        folder.resolve("logs"),
        Map.of(),
        console,
        Clock.systemUTC(),
        new Signals(),
        () -> {
          throw new AssertionError("nothing is to be logged");
        });
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(UTF_8);
  }
}
