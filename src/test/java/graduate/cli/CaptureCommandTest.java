package graduate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** What {@code capture} picks, where it writes, and what it says. */
class CaptureCommandTest {
  private static final String STANDUP = "Turn the notes below into a standup report.\n\n";
  private static final String CANDIDATE = "standup";
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String typed = "graduate";
  private final List<Chat> chats = new ArrayList<>();
  private Path export = Path.of("");
  @TempDir private Path folder;

  @BeforeEach
  void writeExport() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      double time = Chat.MONDAY + chats.size() * Chat.DAY;
      chats.add(Chat.of(input, time, STANDUP + input, "about " + input));
      chats.get(chats.size() - 1).json.put("title", "Standup");
    }
    export = Chat.write(folder.resolve("export.json"), chats);
  }

  @Test
  void writesIntoThePromptsBesideTheLauncherAndSaysWhatComesNext() throws IOException {
    zone("Asia/Tokyo");
    assertThat(run("--candidate", CANDIDATE)).isEqualTo(Exit.OK);

    Path prompts = folder.resolve("prompts");
    assertThat(prompts.resolve("standup.md")).hasContent(STANDUP.substring(0, 44));
    assertThat(prompts.resolve("standup.input.md")).hasContent("blue");
    assertThat(prompts.resolve("standup.chatgpt.md")).hasContent("about blue");
    assertThat(text(out))
        .isEqualTo(
            """
            captured from "Standup", 2026-03-04 21:00
              %1$s/standup.md
              %1$s/standup.input.md
              %1$s/standup.chatgpt.md
              %1$s/standup.source.json

            Cut where the runs differ: -i sends another input in place of the saved one.

            Next:
              graduate run %1$s/standup.md -i %1$s/standup.input.md
              graduate compare %1$s/standup.md
            """
                .formatted(prompts));
    assertThat(text(err)).isEmpty();
  }

  @Test
  void beginsWhatIsToBeTypedAsItWasTyped() throws IOException {
    typed = "./graduate";
    run("--candidate", "1");

    assertThat(text(out)).contains("\n  ./graduate run /", "\n  ./graduate compare /");
  }

  @Test
  void takesACandidateByItsNumber() throws IOException {
    run("--candidate", "1");

    assertThat(folder.resolve("prompts/standup.md")).exists();
    assertThatThrownBy(() -> run("--candidate", "2"))
        .isInstanceOf(UnusableException.class)
        .hasMessage("2: no such candidate. See: graduate candidates EXPORT");
  }

  @Test
  void writesElsewhereUnderAnotherName() throws IOException {
    run("--id", "green", "--to", folder.resolve("mine").toString(), "--name", "x", "--whole");

    assertThat(folder.resolve("mine/x.md")).hasContent(STANDUP + "green");
    assertThat(text(out)).contains("graduate run " + folder.resolve("mine/x.md") + "\n");
  }

  @Test
  void namesWhatItTookAway() throws IOException {
    Path prompts = Files.createDirectories(folder.resolve("prompts"));
    Files.writeString(prompts.resolve("standup.request.json"), "{}");

    assertThatThrownBy(() -> run("--candidate", "1")).hasMessageContaining("is there already");
    run("--candidate", "1", "--force");

    assertThat(text(out))
        .contains("\n  removed: " + prompts.resolve("standup.request.json") + "\n");
    assertThat(prompts.resolve("standup.request.json")).doesNotExist();
  }

  @Test
  void saysThatNothingMarksWhereToCut() throws IOException {
    chats.clear();
    for (String input : List.of("red", "green", "blue")) {
      chats.add(Chat.of(input, Chat.MONDAY, STANDUP.strip() + "\n" + input, "So."));
    }
    export = Chat.write(export, chats);

    run("--candidate", "1");

    assertThat(text(out)).contains("\nSaved whole: no blank lines mark off what changes.");
  }

  @Test
  void takesTheTurnThatIsAskedFor() throws IOException {
    chats.get(0).user("And shorter?");
    chats.get(0).assistant("Short.");
    Chat.write(export, chats);

    run("--id", "red", "--turn", "1", "--name", "first");
    run("--id", "red", "--name", "last");

    assertThat(folder.resolve("prompts/first.chatgpt.md")).hasContent("about red");
    assertThat(folder.resolve("prompts/last.chatgpt.md")).hasContent("Short.");
  }

  @Test
  void refusesAWrongCommandLine() {
    for (String[] words :
        new String[][] {
          {},
          {"--id", "red", "--candidate", "red"},
          {"--candidate", "1", "--turn", "1"},
          {"--id", "red", "--name", "a.b"},
          {"--id", "red", "--turn", "0"}
        }) {
      assertThatThrownBy(() -> run(words)).isInstanceOf(UsageException.class);
    }
    assertThat(folder.resolve("prompts")).doesNotExist();
  }

  private void zone(String zone) throws IOException {
    Files.createDirectories(folder.resolve("prompts"));
    Files.writeString(folder.resolve("prompts/graduate.json"), "{\"zone\": \"" + zone + "\"}");
  }

  private int run(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(export.toString());
    Console console = new Console(InputStream.nullInputStream(), out, err, "", typed);
    Context context =
        new Context(
            folder,
            folder.resolve("logs"),
            Map.of(),
            console,
            Clock.systemUTC(),
            new Signals(),
            () -> {
              throw new AssertionError("nothing is to be logged");
            });
    return CaptureCommand.run(
        Arguments.parse(Commands.OPTIONS.getOrDefault("capture", ""), all), context);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(UTF_8);
  }
}
