package graduate.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the key is found, what is refused, and that no message holds it. */
class ApiKeyTest {
  private static final String CANARY = "sk-canary-0123456789";
  private static final String FILE = "OPENAI_API_KEY_FILE";
  @TempDir private Path folder;

  @Test
  void takesTheVariableBeforeTheFile() throws IOException {
    ApiKey key = ApiKey.of(Map.of("OPENAI_API_KEY", CANARY, FILE, file("other").toString()));

    assertThat(key.authorization()).isEqualTo("Bearer " + CANARY);
    assertThat(key.advice()).isEqualTo("The key came from OPENAI_API_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {CANARY, CANARY + "\n", CANARY + "\r\n"})
  void takesTheFileWithoutItsLastNewlineWhereTheVariableIsEmpty(String text) throws IOException {
    Path file = file(text);
    ApiKey key = ApiKey.of(Map.of("OPENAI_API_KEY", "", FILE, file.toString()));

    assertThat(key.authorization()).isEqualTo("Bearer " + CANARY);
    assertThat(key.advice()).isEqualTo("The key came from OPENAI_API_KEY_FILE (" + file + ")");
  }

  @Test
  void sendsNoneWhereTheVariableIsSetButEmpty() {
    assertThat(ApiKey.of(Map.of("OPENAI_API_KEY", "")).isEmpty()).isTrue();
    assertThat(ApiKey.of(Map.of("OPENAI_API_KEY", "", FILE, "")).isEmpty()).isTrue();
    assertThat(ApiKey.of(Map.of("OPENAI_API_KEY", "")).advice())
        .isEqualTo("No key was sent: OPENAI_API_KEY is set but empty");
  }

  @Test
  void refusesWhereThereIsNone() {
    refused(Map.of(), "no key: set OPENAI_API_KEY, or ");
    refused(Map.of(FILE, ""), "no key: set OPENAI_API_KEY, or ");
    assertThatThrownBy(() -> ApiKey.of(Map.of()))
        .hasMessageContaining("(OPENAI_API_KEY= sends none, for a local server)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CANARY + "\n",
        " " + CANARY,
        CANARY + " x",
        CANARY + "\u0000",
        CANARY + "ä",
        "“" + CANARY
      })
  void refusesACharacterThatNoHeaderCanHold(String key) {
    refused(Map.of("OPENAI_API_KEY", key), "OPENAI_API_KEY: character ");
  }

  @Test
  void saysThatAKeyHoldsALineBreak() {
    refused(
        Map.of("OPENAI_API_KEY", "sk-1\nsk-2"),
        "OPENAI_API_KEY: character 5, a line break, can't stand in a key");
  }

  @ParameterizedTest
  @ValueSource(strings = {CANARY + "\n\n", "\n" + CANARY, CANARY + "\nmore", CANARY + " "})
  void refusesAFileThatHoldsMoreThanAKey(String text) throws IOException {
    Path file = file(text);
    refused(Map.of(FILE, file.toString()), "OPENAI_API_KEY_FILE (" + file + "): character ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void refusesAnEmptyFile(String text) throws IOException {
    Path file = file(text);
    refused(Map.of(FILE, file.toString()), FILE + ": " + file + " is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x"})
  void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
    Path file = file(CANARY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    refused(
        Map.of(FILE, file.toString()),
        FILE + ": " + file + " is open to others. Type: chmod 600 " + file);
  }

  @Test
  void refusesAFileThatIsNoText() throws IOException {
    Path file = file("");
    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
    refused(Map.of(FILE, file.toString()), FILE + ": " + file + " cannot be read");
  }

  @Test
  void refusesWhatNamesNoFile() throws IOException {
    Path open = Files.createDirectory(folder.resolve("folder"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx------"));
    Path missing = folder.resolve("missing");
    refused(Map.of(FILE, missing.toString()), FILE + ": names no file: " + missing);
    refused(Map.of(FILE, open.toString()), FILE + ": " + open + " is a folder");
    // A chmod of it would lock its owner out.
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    refused(Map.of(FILE, open.toString()), FILE + ": " + open + " is a folder");
    refused(Map.of(FILE, "~/my.key"), FILE + ": names no file: ~/my.key");
  }

  @Test
  void showsNothingOfAKeyThatStandsWhereTheFilesNameBelongs() {
    String other = "gsk_0123456789abcdef";
    for (String key : List.of(CANARY, CANARY.repeat(20), CANARY + "/" + CANARY, other)) {
      refusedAs(Map.of(FILE, key), FILE + ": names no file");
    }
    refusedAs(Map.of(FILE, "Bearer " + CANARY + "\n"), FILE + ": names no file");
  }

  @Test
  void redactsEveryPlaceAndLeavesOtherBytesAlone() {
    ApiKey key = ApiKey.of(Map.of("OPENAI_API_KEY", "sk-$1\\d[x].*(y)-canary"));
    byte[] body = {(byte) 0xFF, 0, 'a', (byte) 0xC3};

    assertThat(key.redact("a sk-$1\\d[x].*(y)-canary b sk-$1\\d[x].*(y)-canary"))
        .isEqualTo("a [key] b [key]");
    assertThat(key.redact(body)).isSameAs(body);
    assertThat(ApiKey.none().redact("text")).isEqualTo("text");
    byte[] mixed = "ä sk-$1\\d[x].*(y)-canary ö".getBytes(StandardCharsets.UTF_8);
    assertThat(key.redact(mixed)).asString(StandardCharsets.UTF_8).isEqualTo("ä [key] ö");
  }

  private Path file(String text) throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static void refused(Map<String, String> env, String start) {
    assertThatThrownBy(() -> ApiKey.of(env))
        .isInstanceOf(UnusableException.class)
        .hasMessageStartingWith(start)
        .hasMessageNotContaining(CANARY);
  }

  private static void refusedAs(Map<String, String> env, String message) {
    assertThatThrownBy(() -> ApiKey.of(env))
        .isInstanceOf(UnusableException.class)
        .hasMessage(message);
  }
}
