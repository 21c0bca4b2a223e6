package graduate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.text.UnusableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "\r\n",
        "a\r\nb\rc\n",
        "no final newline",
        "\u0000",
        "👋🏽",
        "e\u0301 alone: \u0301",
        "\u202Eright to left",
        "\u001B[31m",
        "{{x}} ${x} %s $1 \\1",
        "\uFEFFmarked",
        "\uFFFD"
      })
  void keepsEveryByte(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.md"), text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    for (Text read : new Text[] {Text.read(file), Text.read(new ByteArrayInputStream(bytes))}) {
      assertThat(read.bytes()).isEqualTo(bytes);
      assertThat(read.text()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "E9, line 1 is not UTF-8 (byte 0xE9)",
    "610A0D0A62FF, line 3 is not UTF-8 (byte 0xFF)",
    "61C3, line 1 is not UTF-8 (byte 0xC3)",
    "EDA080, line 1 is not UTF-8 (byte 0xED)",
    "C080, line 1 is not UTF-8 (byte 0xC0)",
    "F4908080, line 1 is not UTF-8 (byte 0xF4)",
    "FFFE6100, line 1 is not UTF-8 (byte 0xFF)",
  })
  void namesTheLineAndTheByteThatAreNoUtf8(String hex, String problem) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Path file = Files.write(folder.resolve("a.md"), bytes);

    assertThatThrownBy(() -> Text.read(file))
        .isInstanceOf(UnusableException.class)
        .hasMessage(file + ": " + problem);
    assertThatThrownBy(() -> Text.read(new ByteArrayInputStream(bytes)))
        .isInstanceOf(UnusableException.class)
        .hasMessage("-: " + problem);
  }

  @Test
  void refusesWhatIsNoText() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    refused(folder, "is a folder");
    refused(empty, "is empty");
    refused(folder.resolve("missing"), "no such file or folder");
    refused(Files.createSymbolicLink(folder.resolve("link"), empty), "is empty");
    refused(
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere")),
        "no such file or folder");
    assertThatThrownBy(() -> Text.read(InputStream.nullInputStream())).hasMessage("-: is empty");
  }

  @Test
  void refusesWhatNeverEnds() {
    refused(Path.of("/dev/zero"), "is larger than 64 MB");
    assertThatThrownBy(() -> Text.read(new Endless())).hasMessage("-: is larger than 64 MB");
  }

  private static void refused(Path path, String problem) {
    assertThatThrownBy(() -> Text.read(path))
        .isInstanceOf(UnusableException.class)
        .hasMessage(path + ": " + problem);
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'a';
    }
  }
}
