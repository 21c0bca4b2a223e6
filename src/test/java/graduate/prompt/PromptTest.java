package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
  @TempDir private Path folder;

  @Test
  void isTheFileWithoutItsMark() throws IOException {
    Prompt prompt = prompt("a.md", "\uFEFF\uFEFFHello\r\n");

    assertThat(prompt.message()).isEqualTo("\uFEFFHello\r\n");
    assertThat(prompt.file().bytes())
        .isEqualTo("\uFEFF\uFEFFHello\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keepsAMarkThatStandsElsewhere() throws IOException {
    assertThat(prompt("a.md", "a\uFEFF").message()).isEqualTo("a\uFEFF");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ask|notes|Ask~~notes",
        "Ask~|notes|Ask~~notes",
        "Ask~~|notes|Ask~~~notes",
        "Ask~|~notes~|Ask~~~notes~",
        "Ask^~|notes^~|Ask^~~notes^~",
        "Ask^|notes|Ask^~~notes",
        "~|~|~~~",
      })
  void isJoinedWithTheInputByOneEmptyLine(String own, String input, String message)
      throws IOException {
    Prompt prompt = prompt("a.md", lines(own));
    Text text = Text.read(Files.writeString(folder.resolve("in"), lines(input)));

    assertThat(prompt.message(text)).isEqualTo(lines(message));
  }

  private static String lines(String shown) {
    return shown.replace('~', '\n').replace('^', '\r');
  }

  @Test
  void keepsAMarkOfTheInput() throws IOException {
    Text input = Text.read(Files.writeString(folder.resolve("in"), "\uFEFFnotes"));
    assertThat(prompt("a.md", "\uFEFFAsk\n").message(input)).isEqualTo("Ask\n\n\uFEFFnotes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.chatgpt.md",
        "a.chatgpt.2.md",
        "a.chatgpt.17.txt",
        "a.input.md",
        "a.end.md",
        "a.b.input.txt",
        "a.request.json",
        "a.source.json",
        "graduate.json"
      })
  void refusesWhatStandsBesideAPrompt(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "{}");

    assertThatThrownBy(() -> Prompt.read(file))
        .isInstanceOf(UnusableException.class)
        .hasMessage(file + ": is no prompt but a file beside one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.md",
        "a.txt",
        "a",
        "input.md",
        "chatgpt.md",
        "a.chatgpt.x.md",
        "a.input",
        "my.request.md"
      })
  void takesEveryOtherName(String name) throws IOException {
    assertThat(prompt(name, "Hello").message()).isEqualTo("Hello");
  }

  @ParameterizedTest
  @CsvSource({"a.md, a", "a.txt, a", "a.b.md, a.b", "a, a", "a.mdx, a.mdx", "md, md"})
  void findsWhatStandsBesideIt(String file, String name) throws IOException {
    Prompt prompt = prompt(file, "Hello");

    assertThat(prompt.name()).isEqualTo(name);
    assertThat(prompt.sidecar(".input.md")).isEqualTo(folder.resolve(name + ".input.md"));
  }

  @Test
  void aTextBesideItMayEndInEither() throws IOException {
    Prompt prompt = prompt("a.md", "Hello");
    Path md = folder.resolve("a.input.md");
    Path txt = folder.resolve("a.input.txt");

    assertThat(prompt.sidecarText(".input")).isEqualTo(md);
    Files.writeString(txt, "notes");
    assertThat(prompt.sidecarText(".input")).isEqualTo(txt);
    Files.writeString(md, "notes");
    assertThatThrownBy(() -> prompt.sidecarText(".input"))
        .isInstanceOf(UnusableException.class)
        .hasMessage(md + ": a.input.txt is there too. Keep one of them");
  }

  @Test
  void findsTheAnswersBesideItInOrder() throws IOException {
    Prompt prompt = prompt("a.txt", "Hello");
    for (String name : List.of("10.md", "9.txt", "2.md", "md", "x.md", "2.rst")) {
      Files.writeString(folder.resolve("a.chatgpt." + name), "");
    }
    assertThat(prompt.savedAnswers())
        .extracting(answer -> answer.getFileName().toString())
        .containsExactly("a.chatgpt.md", "a.chatgpt.2.md", "a.chatgpt.9.txt", "a.chatgpt.10.md");
    Files.writeString(folder.resolve("a.chatgpt.2.txt"), "");
    assertThatThrownBy(prompt::savedAnswers).isInstanceOf(UnusableException.class);
  }

  @Test
  void saysWhyAFileIsNone() throws IOException {
    Path folderOfName = Files.createDirectory(folder.resolve("a.input.md"));
    Path mark = Files.writeString(folder.resolve("mark.md"), "\uFEFF");
    assertThatThrownBy(() -> Prompt.read(folderOfName)).hasMessage(folderOfName + ": is a folder");
    assertThatThrownBy(() -> Prompt.read(mark))
        .hasMessage(mark + ": is empty but for a byte-order mark");
    Path missing = folder.resolve("b.input.md");
    assertThatThrownBy(() -> Prompt.read(missing)).hasMessage(missing + ": no such file or folder");
  }

  private Prompt prompt(String name, String text) throws IOException {
    return Prompt.read(Files.writeString(folder.resolve(name), text));
  }
}
