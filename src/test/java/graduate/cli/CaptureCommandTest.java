package graduate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.export.Chat;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String CANDIDATE = "turn-the-notes-below-into";
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Chat> chats = new ArrayList<>();
  private Path export = Path.of("");
  @TempDir private Path folder;

  @BeforeEach
  void writeExport() throws IOException {
    for (String input : List.of("red", "green", "blue")) {
      double time = Chat.MONDAY + chats.size() * Chat.DAY;
      chats.add(Chat.of(input, time, STANDUP + input, "about " + input));
    }
    export = Chat.write(folder.resolve("export.json"), chats);
  }

  @Test
  void writesIntoThePromptsBesideTheLauncherAndSaysWhatComesNext() throws IOException {
    assertThat(run("--candidate", CANDIDATE)).isEqualTo(Exit.OK);

    Path prompts = folder.resolve("prompts");
    assertThat(prompts.resolve("title-of-blue.md")).hasContent(STANDUP.substring(0, 44));
    assertThat(prompts.resolve("title-of-blue.input.md")).hasContent("blue");
    assertThat(prompts.resolve("title-of-blue.chatgpt.md")).hasContent("about blue");
    assertThat(text(out))
        .startsWith("captured from \"Title of blue\", 2026-03-04 ")
        .contains("  " + prompts.resolve("title-of-blue.source.json") + "\n", "\nCut in two: ")
        .endsWith(
            """

            Next:
              graduate run %1$s/title-of-blue.md -i %1$s/title-of-blue.input.md
              graduate compare %1$s/title-of-blue.md
            """
                .formatted(prompts));
    assertThat(text(err)).isEmpty();
  }

  @Test
  void writesElsewhereUnderAnotherName() throws IOException {
    run("--id", "green", "--to", folder.resolve("mine").toString(), "--name", "x", "--whole");

    assertThat(folder.resolve("mine/x.md")).hasContent(STANDUP + "green");
    assertThat(text(out)).contains("graduate run " + folder.resolve("mine/x.md") + "\n");
  }

  @Test
  void saysThatAPromptMustBeEditedFirst() throws IOException {
    chats.clear();
    for (String input : List.of("red", "green", "blue")) {
      chats.add(Chat.of(input, Chat.MONDAY, input + "\n\n" + STANDUP.strip(), "So."));
    }
    export = Chat.write(export, chats);

    run("--candidate", CANDIDATE);

    assertThat(text(out))
        .contains("What changes from run to run is the start of this prompt: edit it by hand");
  }

  @Test
  void saysThatNothingMarksWhereToCut() throws IOException {
    chats.clear();
    for (String input : List.of("red", "green", "blue")) {
      chats.add(Chat.of(input, Chat.MONDAY, STANDUP.strip() + "\n" + input, "So."));
    }
    export = Chat.write(export, chats);

    run("--candidate", CANDIDATE);

    assertThat(text(out)).contains("the end of this prompt, but no blank line");
  }

  @Test
  void takesTheOneConversationThatIsFound() throws IOException {
    assertThat(run("--search", "TITLE of green")).isEqualTo(Exit.OK);
    assertThat(folder.resolve("prompts/title-of-green.md")).exists();
  }

  @Test
  void listsSeveralThatAreFound() {
    assertThatThrownBy(() -> run("--search", "standup"))
        .isInstanceOf(UnusableException.class)
        .hasMessage("--search standup: in 3 conversations. Choose one with --id");
    assertThat(text(out))
        .isEqualTo(
            """
            --id blue  2026-03-04  Title of blue
            --id green  2026-03-03  Title of green
            --id red  2026-03-02  Title of red
            """);
    assertThatThrownBy(() -> run("--search", "purple"))
        .hasMessage("--search purple: in no title and no message of yours");
    assertThat(folder.resolve("prompts")).doesNotExist();
  }

  @Test
  void refusesAWrongCommandLine() {
    for (String[] words :
        new String[][] {
          {},
          {"--id", "red", "--search", "red"},
          {"--id", "red", "--split", "--whole"},
          {"--id", "red", "--name", "a.b"},
          {"--id", "red", "--answers", "0"}
        }) {
      assertThatThrownBy(() -> run(words)).isInstanceOf(UsageException.class);
    }
  }

  private int run(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(export.toString());
    Console console = new Console(InputStream.nullInputStream(), out, err, false, false, false);
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
    Command command = new CaptureCommand();
    return command.run(Arguments.parse(command.options(), all), context);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(UTF_8);
  }
}
