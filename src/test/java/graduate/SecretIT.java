package graduate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key is in one header of one request, and nowhere else. */
class SecretIT {
  /** With characters that JSON may escape, as some servers' keys have them. */
  private static final String CANARY = "sk-canary/4f1e+9b7c==";

  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home).env("OPENAI_API_KEY", CANARY);
    prompt = program.prompt("hello.md", "Say hello");
  }

  /** Puts the key where no name of it stands in the program's own folder. */
  private void keyInFile(String content, Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    program.unset("OPENAI_API_KEY").env("OPENAI_API_KEY_FILE", file.toString());
  }

  /** Answers as the first word of the path says, and says the key wherever it can. */
  private static void echo(String request, RawServer.Connection connection) throws Exception {
    String key = request.replaceFirst("(?s).*\r\nAuthorization: Bearer ([^\r]*)\r\n.*", "$1");
    String headers =
        "X-Request-Id: Bearer %s\r\nX-RateLimit-%s: 1\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n"
            .replace("%s", key);
    String escaped = key.replace("/", "\\/").replace("=", "\\u003D").replace("s", "\\u0073");
    String error =
        "{\"error\": {\"message\": \"Wrong: "
            + key
            + ".\", \"code\": \""
            + escaped
            + "\", \""
            + key
            + "\": 1}, \"usage\": {\"prompt_tokens\": \""
            + escaped
            + "\"}}";
    String answer =
        Answers.completion("key " + key)
            .replace("gpt-5.6-luna", escaped)
            .replace("chatcmpl-1", key);
    String response =
        switch (request.substring(6, request.indexOf("/v1"))) {
          case "200" -> RawServer.response("200 OK", headers, answer);
          case "half" -> RawServer.response("200 OK", headers, answer).replaceFirst("\\}+$", "");
          case "html" -> RawServer.response("200 OK", headers, "<p>" + key + "</p>");
          case "latin" -> RawServer.response("500 E", headers, key + escaped).replace("E", "É");
          case "status" -> "HTTP/9.9 " + key + "\r\n\r\n";
          case "header" -> "HTTP/1.1 200 OK\r\n" + key + "\r\n\r\n";
          case "length" -> "HTTP/1.1 200 OK\r\nContent-Length: " + key + "\r\n\r\nx";
          case "chunk" ->
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + key + "\r\nx\r\n";
          case "307" ->
              RawServer.response("307 M", "Location: http://localhost/" + key + "\r\n", key);
          case "deadline" -> "";
          case "400", "401", "404", "429", "500" ->
              RawServer.response(request.substring(6, 9) + " " + key, headers, error);
          default -> throw new IOException(request);
        };
    connection.send(response);
    if (response.isEmpty()) {
      connection.more();
    }
  }

  private static final List<String> FAILURES =
      List.of(
          "200", "half", "html", "latin", "status", "header", "length", "chunk", "307", "400",
          "401", "404", "429", "500");

  @ParameterizedTest
  @CsvSource({"env, -v", "file, --json"})
  void theKeyIsNowhereWhateverTheServerSends(String from, String option, @TempDir Path elsewhere)
      throws Exception {
    if (from.equals("file")) {
      keyInFile(CANARY + "\n", elsewhere);
    }
    program.settings("\"caps\": []");
    try (RawServer server = new RawServer(SecretIT::echo)) {
      Map<String, Program.Running> running = new LinkedHashMap<>();
      for (String failure : FAILURES) {
        running.put(failure, start(failure, server, option));
      }
      for (Map.Entry<String, Program.Running> one : running.entrySet()) {
        check(one.getKey(), one.getValue());
      }
      // Alone, or it would not come through to the server in time.
      check("deadline", start("deadline", server, option, "--max-time", "2s"));
      assertThat(server.requests())
          .hasSizeGreaterThan(FAILURES.size())
          .allMatch(request -> request.contains("Authorization: Bearer " + CANARY));
    }
    String log = Files.readString(program.log(), StandardCharsets.ISO_8859_1);
    assertThat(log).contains("[key]").contains("\"outcome\":\"answered\"");
    assertThat(Program.holding(CANARY, home)).isEmpty();
    for (String[] command : new String[][] {{"log"}, {"log", "show", "last"}, {"spend"}}) {
      assertThat(program.run((Object[]) command).out()).doesNotContain(CANARY);
    }
    assertThat(program.run("log", "verify").exit()).isZero();
  }

  private Program.Running start(String failure, RawServer server, String... options)
      throws IOException {
    program.env("OPENAI_BASE_URL", "http://127.0.0.1:" + server.port() + "/" + failure + "/v1");
    List<Object> words = new ArrayList<>(List.of(prompt, "--retry", "1"));
    words.addAll(List.of(options));
    return program.start(words.toArray());
  }

  private static void check(String failure, Program.Running running) throws Exception {
    Program.Ended ended = running.end();
    assertThat(ended.out() + ended.stderr()).as(failure).doesNotContain(CANARY);
    assertThat(ended.exit()).as(failure).isEqualTo(exit(failure));
  }

  private static int exit(String failure) {
    return switch (failure) {
      case "200" -> 0;
      case "307", "400", "401", "404" -> 5;
      default -> 6;
    };
  }

  @Test
  void theProcessListDoesNotShowIt() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc here");
    try (RawServer server = RawServer.silent()) {
      Program.Running running = program.at(server.port()).start(prompt, "-v");
      server.take();
      String line = Files.readString(Path.of("/proc/" + running.process().pid() + "/cmdline"));
      running.process().destroy();

      assertThat(line).contains("graduate.jar").doesNotContain("canary");
      assertThat(running.end().stderr()).doesNotContain("canary");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sk-canary | rw-r--r-- | OPENAI_API_KEY_FILE: FILE is open to others. Type: chmod 600 FILE",
        "sk-canary | rw-rw---- | OPENAI_API_KEY_FILE: FILE is open to others. Type: chmod 600 FILE",
        "'sk-canary\nsk-canary' | rw------- | OPENAI_API_KEY_FILE (FILE): character 10, a line"
            + " break, can't stand in a key",
        "'sk-canäry' | rw------- | OPENAI_API_KEY_FILE: FILE cannot be read",
        "'\n' | rw------- | OPENAI_API_KEY_FILE: FILE is empty",
      })
  void aKeyFileThatCannotBeUsedIs3(
      String content, String mode, String problem, @TempDir Path elsewhere) throws Exception {
    keyInFile(content, elsewhere);
    Path file = elsewhere.resolve("key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    refused(
        problem
            .replace("FILE is", file + " is")
            .replace("chmod 600 FILE", "chmod 600 " + file)
            .replace("(FILE)", "(" + file + ")")
            .replace("FILE cannot", file + " cannot"));
  }

  @Test
  void aKeyGivenInPlaceOfAFileIs3AndNotNamed() throws Exception {
    program.unset("OPENAI_API_KEY").env("OPENAI_API_KEY_FILE", "sk-canary");
    refused("OPENAI_API_KEY_FILE: names no file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-canary 1", " sk-canary", "sk-canary\n", "sk-canaryé"})
  void aKeyThatIsNoneIs3AndNotNamed(String key) throws Exception {
    program.env("OPENAI_API_KEY", key);
    String which =
        key.endsWith("\n")
            ? "10, a line break,"
            : key.startsWith(" ") ? "1, a blank," : key.contains(" ") ? "10, a blank," : "10";
    refused("OPENAI_API_KEY: character " + which + " can't stand in a key");
  }

  @Test
  void noKeyIs3() throws Exception {
    program.unset("OPENAI_API_KEY");
    refused(
        "no key: set OPENAI_API_KEY, or OPENAI_API_KEY_FILE to a file that holds it"
            + " (OPENAI_API_KEY= sends none, for a local server), or try without one: --replay");
  }

  @Test
  void plainHttpToAnotherHostIs3WithAKey() throws Exception {
    program.env("OPENAI_BASE_URL", "http://192.0.2.1/v1");
    refused("192.0.2.1: plain http would show the key to others. Use https");
  }

  @Test
  void anAddressWithAPasswordIs3AndThatIsNotNamed() throws Exception {
    program.env("OPENAI_BASE_URL", "https://me:sk-canary@localhost/v1");
    refused("base_url: no address such as https://host/v1, without user, query or fragment");
    program.env("OPENAI_BASE_URL", "htps://me:sk-canary@localhost/v1");
    refused(
        "base_url: no address such as https://host/v1, without user, query or fragment:"
            + " htps://…@localhost/v1");
  }

  private void refused(String problem) throws Exception {
    Program.Ended ended = program.run(prompt, "-q");

    assertThat(ended.stderr()).isEqualTo("graduate: " + problem + "\n");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(program.lines()).isEmpty();
    assertThat(Program.holding("canar", home)).isEmpty();
  }
}
