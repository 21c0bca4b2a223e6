package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of an export, and what is said of the rest. */
class ExportTest {
  private static final byte[] ONE = Chat.array(Chat.of("one", Chat.MONDAY, "Hello?", "Hello."));
  private static final byte[] TWO =
      Chat.array(
          Chat.of("two", Chat.MONDAY, "How?", "So."), Chat.of("three", Chat.MONDAY, "Why?", "So."));
  @TempDir private Path folder;

  @Test
  void readsEveryPartOfAZipInASubfolder() throws IOException {
    Path zip =
        Chat.zip(
            folder.resolve("export.zip"),
            Map.of(
                "mine/conversations-000.json",
                ONE,
                "mine/conversations-001.json",
                TWO,
                "mine/shared_conversations.json",
                "[]".getBytes(UTF_8),
                "mine/chat.html",
                "<html>".getBytes(UTF_8)));

    assertThat(ids(zip)).containsExactly("one", "two", "three");
  }

  @Test
  void readsAFolderAndItsSubfolders() throws IOException {
    Files.createDirectory(folder.resolve("part"));
    Files.write(folder.resolve("conversations.json"), ONE);
    Files.write(folder.resolve("part/conversations-7.json"), TWO);

    assertThat(ids(folder)).containsExactly("one", "two", "three");
  }

  @Test
  void readsAnArrayUnderAnyName() throws IOException {
    assertThat(ids(file("my chats.txt", new String(TWO, UTF_8)))).containsExactly("two", "three");
  }

  @Test
  void readsAnArrayInsideAnObject() throws IOException {
    String text =
        "{\"version\": 1, \"conversations\": " + new String(TWO, UTF_8) + ", \"x\": [{}]}";

    assertThat(ids(file("a.json", text))).containsExactly("two", "three");
  }

  @Test
  void readsOneConversationByItself() throws IOException {
    String text = Chat.of("one", Chat.MONDAY, "Hello?", "Hello.").json.toString();

    assertThat(ids(file("a.json", "\uFEFF" + text))).containsExactly("one");
  }

  @Test
  void matchesEntryNamesAndNeverFollowsThem() throws IOException {
    Path zip = Chat.zip(folder.resolve("export.zip"), Map.of("../../conversations.json", ONE));

    assertThat(ids(zip)).containsExactly("one");
    assertThat(folder).isDirectoryContaining(f -> f.equals(zip));
    assertThat(folder.resolveSibling("conversations.json")).doesNotExist();
  }

  @Test
  void skipsAndCountsBrokenConversations() throws IOException {
    String one = new String(ONE, UTF_8);
    Path file =
        file(
            "conversations.json",
            one.substring(0, one.length() - 1)
                + ", {\"title\": \"x\"}, null, {\"mapping\": []}, [1], "
                + new String(TWO, UTF_8).substring(1));

    Tally tally = read(file, new ArrayList<>());

    assertThat(tally.hasGaps()).isTrue();
    assertThat(tally)
        .hasToString(
            "3 read, 4 skipped: conversations.json #1 has no mapping,"
                + " conversations.json #2 is no object, conversations.json #3 has no mapping, …");
  }

  @Test
  void readsWhatStandsBeforeASyntaxErrorAndTheOtherFiles() throws IOException {
    byte[] torn = Arrays.copyOf(TWO, TWO.length - 30);
    Path zip =
        Chat.zip(
            folder.resolve("export.zip"),
            Map.of("conversations-000.json", torn, "conversations-001.json", ONE));
    List<String> ids = new ArrayList<>();

    Tally tally = read(zip, ids);

    assertThat(ids).containsExactly("two", "one");
    assertThat(tally.toString())
        .startsWith("2 read; conversations-000.json #1: Unexpected end-of-input");
  }

  @Test
  void endsAFileAtBytesThatAreNoUtf8() throws IOException {
    Chat before = Chat.of("before", Chat.MONDAY, "How?", "So. ".repeat(5_000));
    byte[] bad = Chat.array(before, Chat.of("after", Chat.MONDAY, "Why?", "So."));
    bad[new String(bad, UTF_8).indexOf("Why?")] = (byte) 0xE9;
    Files.write(folder.resolve("conversations.json"), bad);
    List<String> ids = new ArrayList<>();

    Tally tally = read(folder, ids);

    assertThat(ids).containsExactly("before");
    assertThat(tally.toString()).startsWith("1 read; conversations.json #1: Invalid UTF-8");
  }

  @Test
  void readsCharactersOfSeveralBytesWhereverABufferEnds() throws IOException {
    String text = "é次😀".repeat(100_000);
    Path file = file("a.json", Chat.of("one", Chat.MONDAY, text, "So.").json.toString());
    List<String> texts = new ArrayList<>();

    new Export(file, percent -> {})
        .read(c -> texts.addAll(c.userNodes().stream().map(n -> n.said().text()).toList()));

    assertThat(texts).containsExactly(text);
  }

  @Test
  void endsAFileThatIsNestedTooDeep() throws IOException {
    String one = new String(ONE, UTF_8);
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String text = one.substring(0, one.length() - 1) + ", {\"x\": " + deep + "}]";

    Tally tally = read(file("conversations.json", text), new ArrayList<>());

    assertThat(tally.toString())
        .startsWith("1 read; conversations.json #1: Document nesting depth");
  }

  @Test
  void endsAnEntryThatInflatesWithoutMeasure() throws IOException {
    byte[] blanks = new byte[40_000_000];
    Arrays.fill(blanks, (byte) ' ');
    String one = new String(ONE, UTF_8);
    String padded = one.substring(1, one.length() - 1) + "," + new String(blanks, UTF_8);
    String text = "[" + padded + padded + padded + one.substring(1);
    Path zip =
        Chat.zip(folder.resolve("export.zip"), Map.of("conversations.json", text.getBytes(UTF_8)));

    Tally tally = read(zip, new ArrayList<>());

    assertThat(tally)
        .hasToString("3 read; conversations.json #3: inflates to more than 100 times its size");
  }

  @Test
  void endsAFileAtAConversationAbove64Megabytes() throws IOException {
    String one = new String(ONE, UTF_8);
    String text =
        one.substring(0, one.length() - 1) + ", {\"x\": \"" + "y".repeat(70 << 20) + "\"}]";

    Tally tally = read(file("conversations.json", text), new ArrayList<>());

    assertThat(tally).hasToString("1 read; conversations.json #1: one conversation is above 64 MB");
  }

  @Test
  void readsMoreThan64MegabytesOfSmallerConversations() throws IOException {
    String one = new String(ONE, UTF_8);
    String big = ", {\"mapping\": {}, \"x\": \"" + "y".repeat(30 << 20) + "\"}";
    String text = one.substring(0, one.length() - 1) + big + big + big + "]";

    assertThat(read(file("conversations.json", text), new ArrayList<>())).hasToString("4 read");
  }

  @Test
  void refusesAZipWithoutItsDirectory() throws IOException {
    Path zip = Chat.zip(folder.resolve("export.zip"), Map.of("conversations.json", ONE));
    byte[] bytes = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(bytes, bytes.length - 40));

    assertThatThrownBy(() -> ids(zip))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(zip + ": a zip without a usable directory");
  }

  @Test
  void refusesWhatHoldsNothing() throws IOException {
    Path zip = Chat.zip(folder.resolve("export.zip"), Map.of("chat.html", ONE));

    assertThatThrownBy(() -> ids(zip)).hasMessage(zip + ": no conversations.json in it");
    assertThatThrownBy(() -> ids(folder)).hasMessage(folder + ": no conversations.json in it");
    Path missing = folder.resolve("missing.zip");
    assertThatThrownBy(() -> ids(missing)).hasMessage(missing + ": no such file");
    Path empty = file("a.json", "[]");
    assertThatThrownBy(() -> ids(empty))
        .hasMessage(empty + ": no conversation could be read: 0 read");
    Path html = file("b.json", "<html>");
    assertThatThrownBy(() -> ids(html))
        .hasMessageStartingWith(html + ": no conversation could be read: 0 read; b.json #0: ");
  }

  @Test
  void tellsHowFarItIs() throws IOException {
    Path zip =
        Chat.zip(
            folder.resolve("export.zip"),
            Map.of("conversations-000.json", TWO, "conversations-001.json", TWO));
    List<Integer> percents = new ArrayList<>();

    new Export(zip, percents::add).read(c -> true);

    assertThat(percents).containsExactly(50, 100);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> ids(Path path) {
    List<String> ids = new ArrayList<>();
    Tally tally = read(path, ids);
    assertThat(tally.hasGaps()).isFalse();
    return ids;
  }

  private static Tally read(Path path, List<String> ids) {
    return new Export(path, percent -> {}).read(c -> ids.add(c.head().id()));
  }
}
