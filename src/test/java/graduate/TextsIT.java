package graduate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import graduate.export.Chat;
import graduate.harness.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of README.md and src/doc, run as they stand there, in a folder as a reader has it.
 *
 * <p>A block {@code sh} is run whole, each of its commands must end with 0; of {@code crontab} and
 * {@code ini} the commands in them; {@code json} is read as graduate.json. What a test machine
 * lacks (systemd, a broker, an engine) is a program that does nothing or little.
 */
class TextsIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
  private static final Pattern CRON = Pattern.compile("`(?:[\\d*,/-]+ ){5}([^`]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(#[^)]*)?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:Environment=(.*)|ExecStart=(.*))$");
  private static final Pattern BATCH = Pattern.compile(" --(batch|cancel|results)\\b");
  private static final Pattern OPTION = Pattern.compile(" (--[a-z-]+)");
  private static final String FAILS = "This call fails.";

  /**
   * Notes what failed, in pipes too, and goes on; what ends an && list is seen at the end alone.
   */
  private static final String SHELL =
      """
      export HOME="$PWD/me" PATH="$PWD/bin:$PATH"
      exec <typed
      set -o pipefail
      failed=0
      trap 'echo "exit $?: $BASH_COMMAND" >&2; failed=1' ERR
      """;

  private static final Map<String, String> STUBS =
      Map.of(
          "crontab",
          "[ \"$1\" = - ] && exec cat >\"$HOME/crontab\"; exec cat \"$HOME/crontab\"",
          "inotifywait",
          "case $* in *%f*) echo \"$HOME/Maildir/new/1\" ;; *) echo inbox/ MOVED_TO one.txt ;; esac",
          "mosquitto_sub",
          "case $* in *%x*) echo 48656c6c6f ;; *) echo Hello ;; esac",
          "xxd",
          "[ \"$*\" = '-r -p' ] && exec perl -ne 'print pack(\"H*\", $_)'");

  @TempDir private Path home;
  private final AtomicInteger calls = new AtomicInteger();
  private Program program;
  private HttpServer server;

  /** A clone with all that the texts name. */
  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    for (Path sample : list(Path.of("prompts"))) {
      if (!sample.endsWith("graduate.json")) {
        program.prompt(sample.getFileName().toString(), Files.readString(sample));
      }
    }
    for (String name : List.of("triage", "mail", "ask")) {
      program.prompt(name + ".md", "What is it about?");
    }
    program.prompt("fails.md", FAILS);
    program.prompt("local.json", "{\"prices\": {\"gpt-5.6-luna\": {\"input\": 0, \"output\": 0}}}");
    write("notes.txt", "OPS-1877 done at 11:40");
    write("notes/monday.txt", "OPS-1878 done at 12:00");
    write("notes/tuesday.txt", "OPS-1879 done at 13:00");
    write("reviews.csv", "id,text\n1,Good lamp\n2,\"Bad, and late\"\n");
    write("inbox/one.txt", "A file");
    write("me/Maildir/new/1", "Subject: Hello\n\nHello\n");
    write("me/crontab", "0 1 * * * true\n");
    write("typed", Program.KEY + "\n");
    Files.createDirectories(home.resolve("done"));
    List<Chat> chats = new ArrayList<>();
    for (int week = 0; week < 8; week++) {
      String notes = "Week " + week + ": shipped " + 3 * week + " things, tested " + week + ".";
      Chat chat = new Chat("week-" + week, "Weekly report", Chat.MONDAY + week * 7 * Chat.DAY);
      chat.user("Write my weekly report from the notes below, with two headings.\n\n" + notes);
      chat.assistant("Report of week " + week);
      chats.add(chat);
    }
    chats.add(Chat.of("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", Chat.MONDAY, "Orders?", "Three."));
    Chat.zip(
        home.resolve("export.zip"),
        Map.of("conversations.json", Chat.array(chats.toArray(Chat[]::new))));
    for (Map.Entry<String, String> stub : STUBS.entrySet()) {
      stub(stub.getKey(), stub.getValue());
    }
    for (String name :
        List.of("mvn", "systemctl", "loginctl", "duckdb", "ollama", "llama-server", "vllm")) {
      stub(name, "exit 0");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
    program.at(server.getAddress().getPort());
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private Path write(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void stub(String name, String line) throws IOException {
    assertThat(write("bin/" + name, "#!/bin/sh\n" + line + "\n").toFile().setExecutable(true))
        .isTrue();
  }

  /** Answers a sample as ChatGPT did, and anything else with a few words. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      String message = body.path("messages").path(0).path("content").asText();
      calls.incrementAndGet();
      String text = "It is about " + message.length() + " characters.";
      for (String sample : List.of("standup", "mail-summary")) {
        if (message.startsWith(Files.readString(Path.of("prompts", sample + ".md")))) {
          text = Files.readString(Path.of("prompts", sample + ".chatgpt.md"));
        }
      }
      ObjectNode json = JSON.createObjectNode().put("model", body.path("model").asText());
      ObjectNode choice = json.putArray("choices").addObject().put("finish_reason", "stop");
      choice.putObject("message").put("role", "assistant").put("content", text);
      json.putObject("usage")
          .put("prompt_tokens", 9)
          .put("completion_tokens", 2)
          .put("total_tokens", 11);
      byte[] bytes = message.equals(FAILS) ? new byte[] {'?'} : json.toString().getBytes(UTF_8);
      exchange.sendResponseHeaders(message.equals(FAILS) ? 500 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>(List.of(Path.of("README.md"), Path.of("src/README.md")));
    list(Path.of("src/doc")).stream().filter(f -> f.toString().endsWith(".md")).forEach(texts::add);
    return texts;
  }

  private static List<MatchResult> blocks(Path text) throws IOException {
    return BLOCK.matcher(Files.readString(text)).results().toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Runs lines of a text; what they left. */
  private Program.Ended run(String lines) throws Exception {
    String typed =
        lines
            .replace("GRADUATE_", "GRAD''UATE_") // is not the word that stands for the program
            .replaceAll("(\\./|%h/graduate/)graduate(?= )", "GRADUATE")
            .replace("cd ~/graduate", "cd " + home)
            .replace("sk-…", Program.KEY);
    return program.inShell(SHELL + typed + "\n[ $? -eq 0 ] && exit $failed").run();
  }

  /** Without the key that a shell may have, as cron and systemd run them. */
  private static String alone(String commands) {
    return commands.isEmpty() ? "" : "unset OPENAI_API_KEY\n" + commands;
  }

  /** The commands of a block; none where it has none. */
  private static String commands(MatchResult block) {
    return switch (block.group(1)) {
      case "sh" -> block.group(2);
      case "crontab" -> alone(block.group(2).replaceAll("(?m)^(\\S+ ){5}", ""));
      case "ini" ->
          COMMAND
              .matcher(block.group(2))
              .results()
              .map(line -> line.group(1) == null ? line.group(2) : "export " + line.group(1))
              .map(line -> line.replace("$$", "$").replace("%h/.config", "$HOME/.config"))
              .collect(Collectors.collectingAndThen(Collectors.joining("\n"), TextsIT::alone));
      default -> "";
    };
  }

  /** The options of bulk in commands. */
  private static List<String> options(String commands) {
    return commands
        .lines()
        .filter(line -> line.contains("graduate bulk "))
        .flatMap(line -> OPTION.matcher(line).results().map(option -> option.group(1)))
        .toList();
  }

  /** Which needs jq, and bash with what belongs to a Debian. */
  @Tag("machine")
  @ParameterizedTest
  @MethodSource("texts")
  void everyCommandRuns(Path text) throws Exception {
    // One call is held, for the texts that settle it.
    assertThat(program.run(home.resolve("prompts/fails.md"), "--retry", 0).exit()).isEqualTo(6);
    if (text.endsWith("src/README.md")) {
      return; // Its commands are those of a developer.
    }
    List<String> all = new ArrayList<>();
    for (MatchResult block : blocks(text)) {
      assertThat(block.group(1)).isIn("sh", "crontab", "ini", "json", "");
      all.add(commands(block));
    }
    CRON.matcher(Files.readString(text)).results().forEach(line -> all.add(alone(line.group(1))));
    for (String commands : all) {
      if (BATCH.matcher(commands).find()) {
        assertThat(run("GRADUATE bulk --help").out()).contains(options(commands));
        continue; // They need a day, or an engine.
      }
      Program.Ended ended = run(commands);
      assertThat(ended.exit()).as("%s:%n%s%n%s", text, commands, ended.stderr()).isZero();
    }
  }

  /** Read by the program itself, at the server that they name, though nothing is sent there. */
  @ParameterizedTest
  @MethodSource("texts")
  void everySettingIsOne(Path text) throws Exception {
    for (MatchResult block : blocks(text)) {
      if (block.group(1).equals("json")) {
        write("their.json", block.group(2));
        Program.Ended ended = run("unset OPENAI_BASE_URL\n" + dryRun("their.json"));
        assertThat(ended.exit()).as("%s:%n%s%s", text, block.group(), ended.stderr()).isZero();
        String model = JSON.readTree(block.group(2)).at("/request/model").asText();
        assertThat(ended.stderr()).contains("rates: " + model + ", ");
        assertThat(ended.out()).contains("\"" + model + "\"").doesNotContain("null");
      }
    }
    assertThat(calls).hasValue(0);
  }

  private static String dryRun(String settings) {
    return "GRADUATE standup -i notes.txt --dry-run --config " + settings;
  }

  @Test
  void theReadmeShowsTheDefaults() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String shown =
        blocks(Path.of("README.md")).stream()
            .filter(block -> block.group(1).equals("json"))
            .findFirst()
            .orElseThrow()
            .group(2);
    write("shown.json", shown);
    write("none.json", "{}");
    Program.Ended asShown = run(dryRun("shown.json"));
    Program.Ended byDefault = run(dryRun("none.json"));

    assertThat(asShown.exit()).isZero();
    assertThat(asShown.out()).isEqualTo(byDefault.out());
    assertThat(asShown.stderr()).isEqualTo(byDefault.stderr()).contains("month cap $10.00");
    assertThat(readme.lines().count()).isLessThanOrEqualTo(160);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void everyLinkLeadsSomewhere(Path text) throws IOException {
    for (MatchResult link : LINK.matcher(Files.readString(text)).results().toList()) {
      Path target = text;
      if (!link.group(1).isEmpty()) {
        assertThat(URI.create(link.group(1)).isAbsolute()).as(link.group()).isFalse();
        target = text.toAbsolutePath().resolveSibling(link.group(1)).normalize();
        assertThat(target).as(link.group()).exists();
      }
      if (link.group(2) != null) {
        assertThat(HEADING.matcher(Files.readString(target)).results().map(TextsIT::anchor))
            .as(link.group())
            .contains(link.group(2));
      }
    }
  }

  private static String anchor(MatchResult heading) {
    String words = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
    return "#" + words.replace(' ', '-');
  }

  /** Every type of line and what stands in it, but for the bodies' own fields. */
  @Test
  void theLogsPageNamesEveryField() throws Exception {
    Path prompt = program.prompt("cut.md", "One");
    program.prompt("cut.end.md", "Three");
    assertThat(program.run(prompt, "-i", "notes.txt").exit()).isZero();
    assertThat(program.run(home.resolve("prompts/fails.md"), "--retry", 0).exit()).isEqualTo(6);
    Program.Ended settled =
        program.run("spend", "settle", "last", "--usd", "0.01", "--why", "usage page");
    assertThat(settled.exit()).as(settled.stderr()).isZero();
    assertThat(program.run(home.resolve("prompts/fails.md"), "--retry", 0).exit()).isEqualTo(6);
    List<JsonNode> lines = new ArrayList<>(lines());
    Files.writeString(program.log(), "{}\n", StandardOpenOption.APPEND);
    assertThat(program.run("log", "verify", "--accept-damage").exit()).isZero();
    lines.addAll(lines());

    String page = Files.readString(Path.of("src/doc/log.md"));
    assertThat(lines.stream().map(line -> line.path("type").asText()).distinct())
        .containsExactly("request", "response", "settlement", "carried");
    for (JsonNode line : lines) {
      line.fieldNames().forEachRemaining(field -> assertThat(page).contains("`" + field + "`"));
      for (JsonNode parts : List.of(line.path("price"), line.path("balance"))) {
        parts.fieldNames().forEachRemaining(field -> assertThat(page).contains("`" + field + "`"));
      }
      for (JsonNode open : line.path("balance").path("open")) {
        open.fieldNames().forEachRemaining(field -> assertThat(page).contains("`" + field + "`"));
      }
    }
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : program.lines()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
