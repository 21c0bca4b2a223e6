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
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of an export, what is skipped, and what is refused as a whole. */
class ExportTest {
  private static final byte[] ONE = Chat.array(Chat.of("one", Chat.MONDAY, "Hello?", "Hello."));
  private static final byte[] TWO =
      Chat.array(
          Chat.of("two", Chat.MONDAY, "How?", "So."), Chat.of("three", Chat.MONDAY, "Why?", "So."));
  @TempDir private Path folder;

  @Test
  void readsEveryPartOfAZipInASubfolder() throws IOException {
    Path zip =
        zip(
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
    assertThat(ids(file("my chats.txt", text(TWO)))).containsExactly("two", "three");
  }

  @Test
  void readsAnArrayInsideAnObject() throws IOException {
    String text = "{\"version\": 1, \"conversations\": " + text(TWO) + ", \"x\": [{}]}";

    assertThat(ids(file("a.json", text))).containsExactly("two", "three");
  }

  @Test
  void readsOneConversationByItself() throws IOException {
    String text = Chat.of("one", Chat.MONDAY, "Hello?", "Hello.").json.toString();

    assertThat(ids(file("a.json", "\uFEFF" + text))).containsExactly("one");
  }

  @Test
  void matchesEntryNamesAndNeverFollowsThem() throws IOException {
    Path zip = zip(Map.of("../../conversations.json", ONE));

    assertThat(ids(zip)).containsExactly("one");
    assertThat(folder).isDirectoryContaining(f -> f.equals(zip));
    assertThat(folder.resolveSibling("conversations.json")).doesNotExist();
  }

  @Test
  void stopsWhereItIsToldTo() throws IOException {
    List<String> ids = new ArrayList<>();

    Export.read(file("a.json", text(TWO)), c -> !ids.add(c.head().id()));

    assertThat(ids).containsExactly("two");
  }

  @Test
  void skipsAndNamesWhatIsNoConversation() throws IOException {
    String one = text(ONE);
    Path file =
        file(
            "conversations.json",
            one.substring(0, one.length() - 1)
                + ", {\"title\": \"x\"}, null, {\"mapping\": []}, [1], "
                + text(TWO).substring(1));

    assertThat(read(file, new ArrayList<>()))
        .containsExactly(
            "conversations.json #1 has no mapping",
            "conversations.json #2 is no object",
            "conversations.json #3 has no mapping",
            "conversations.json #4 is no object");
  }

  @Test
  void readsAMessageOfThirtyMillionCharacters() throws IOException {
    String text = "y".repeat(30_000_000);
    Path file = file("a.json", Chat.of("one", Chat.MONDAY, text, "So.").json.toString());

    assertThat(texts(file)).containsExactly(text);
  }

  @Test
  void readsCharactersOfSeveralBytesWhereverABufferEnds() throws IOException {
    String text = "é次😀".repeat(100_000);
    Path file = file("a.json", Chat.of("one", Chat.MONDAY, text, "So.").json.toString());

    assertThat(texts(file)).containsExactly(text);
  }

  @Test
  void refusesAFileThatIsCutOff() throws IOException {
    for (int less : List.of(1, 2, 30, 100, 200)) {
      byte[] torn = Arrays.copyOf(TWO, TWO.length - less);
      Path zip = zip(Map.of("conversations-000.json", torn, "conversations-001.json", ONE));

      refuses(zip)
          .isEqualTo(
              zip
                  + ": conversations-000.json #%d: the file is cut off here. Download it again"
                      .formatted(less == 1 ? 2 : 1));
    }
  }

  @Test
  void refusesAZipThatIsCutOff() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(Map.of("conversations.json", TWO)));
    Path zip = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(bytes, bytes.length - 40));

    refuses(zip).isEqualTo(zip + ": a zip that is cut off or damaged. Download it again");
  }

  @Test
  void refusesAZipWhoseBytesAreDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(Map.of("conversations.json", TWO)));
    Arrays.fill(bytes, 60, 100, (byte) 0xff);
    Path zip = Files.write(folder.resolve("damaged.zip"), bytes);

    refuses(zip).isEqualTo(zip + ": a zip that is cut off or damaged. Download it again");
  }

  @Test
  void refusesBytesThatAreNoUtf8() throws IOException {
    byte[] bad = Chat.array(Chat.of("one", Chat.MONDAY, "How?", "So."));
    bad[new String(bad, UTF_8).indexOf("How?")] = (byte) 0xE9;
    Path file = Files.write(folder.resolve("conversations.json"), bad);

    refuses(file).startsWith(file + " #0: from here on the file is no JSON in UTF-8");
  }

  @Test
  void refusesWhatIsNestedTooDeep() throws IOException {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    Path file = file("conversations.json", "[{\"x\": " + deep + "}]");

    refuses(file).startsWith(file + " #0: from here on the file is no JSON");
  }

  @Test
  void namesWhatIsNoExport() throws IOException {
    refuses(zip(Map.of("chat.html", ONE)))
        .endsWith("export.zip: has chat.html, but no conversations.json. Give the whole zip");
    refuses(zip(Map.of("chat.html", ONE, "mine/inner.zip", ONE)))
        .endsWith("holds another zip, mine/inner.zip. Unpack it and give that one");
    refuses(zip(Map.of("chats.json", ONE)))
        .endsWith("no conversations.json in it, but chats.json. If it is that, give that");
    refuses(zip(Map.of("photo.jpg", ONE))).endsWith(": no conversations.json in it");
    refuses(folder.resolve("missing.zip")).endsWith("missing.zip: no such file or folder");
    refuses(file("page.zip", "\n <!DOCTYPE html>"))
        .endsWith("page.zip: a web page, no export. Download it again, as a zip");
    refuses(file("empty.zip", "")).endsWith("empty.zip: an empty file. Download it again");
    refuses(file("notes.txt", "Hello."))
        .endsWith("neither a zip nor JSON. Give the zip as it came");
    refuses(file("none.json", "[]")).endsWith("none.json: no conversation of ChatGPT's in it");
  }

  @Test
  void namesTheExportsOfOtherProducts() throws IOException {
    refuses(file("a.json", "[{\"uuid\": \"a\", \"chat_messages\": []}]"))
        .endsWith("a.json: Claude's export, not ChatGPT's");
    refuses(
            file(
                "b.json",
                "[{\"mapping\": {\"1\": {\"message\": {\"fragments\": [{\"content\": \"x\"}]}}}}]"))
        .endsWith("b.json: DeepSeek's export, not ChatGPT's");
    refuses(zip(Map.of("Takeout/My Activity/Gemini Apps/MyActivity.html", ONE)))
        .endsWith("export.zip: Google's export, not ChatGPT's");
  }

  private AbstractStringAssert<?> refuses(Path path) {
    List<String> ids = new ArrayList<>();
    var thrown = assertThatThrownBy(() -> read(path, ids)).isInstanceOf(UnusableException.class);
    return thrown.message().doesNotContain("\n");
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    return Chat.zip(folder.resolve("export.zip"), entries);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String text(byte[] json) {
    return new String(json, UTF_8);
  }

  private static List<String> ids(Path path) {
    List<String> ids = new ArrayList<>();
    assertThat(read(path, ids)).isEmpty();
    return ids;
  }

  private static List<String> texts(Path path) {
    List<String> texts = new ArrayList<>();
    Export.read(
        path, c -> texts.addAll(c.nodes().stream().filter(Node::isUser).map(Node::text).toList()));
    return texts;
  }

  private static List<String> read(Path path, List<String> ids) {
    return Export.read(path, c -> ids.add(c.head().id()));
  }
}
