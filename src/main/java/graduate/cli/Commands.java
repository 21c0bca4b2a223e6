package graduate.cli;

import graduate.openai.Preload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;

/** The words that a command line may begin with, and what they do. */
public final class Commands {
  private static final List<String> NAMES =
      List.of("bulk", "candidates", "capture", "compare", "cron", "log", "run", "spend");

  private Commands() {}

  /**
   * Does what {@code words} ask for.
   *
   * @return the exit code
   * @throws UsageException where they are not a command's
   */
  public static int run(List<String> words, Context context) throws IOException {
    if (words.isEmpty()) {
      context.console().printError(help("graduate"));
      return Exit.USAGE;
    }
    String first = words.get(0);
    if (words.contains("-h") || words.contains("--help")) {
      context.console().print(help(NAMES.contains(first) ? first : "graduate"));
      return Exit.OK;
    }
    if (first.equals("-V") || first.equals("--version")) {
      String version = Commands.class.getPackage().getImplementationVersion();
      context.console().print("graduate " + version + "\n");
      return Exit.OK;
    }
    boolean asks = first.equals("run") || first.equals("bulk") || !NAMES.contains(first);
    boolean call = asks && !words.contains("--dry-run");
    if (call) {
      Preload.start();
    }
    boolean named = NAMES.contains(first);
    try {
      return named
          ? run(command(first), words.subList(1, words.size()), context)
          : runWithoutName(words, context);
    } catch (UsageException e) {
      throw e.of(named ? first : "run");
    }
  }

  private static int run(Command command, List<String> words, Context context) throws IOException {
    return command.run(Arguments.parse(command.options(), words), context);
  }

  /** Options may stand before the word {@code run}, and the word may be left out. */
  private static int runWithoutName(List<String> words, Context context) throws IOException {
    Command run = new RunCommand();
    var line = Arguments.parse(run.options(), words);
    List<String> rest = line.getArgList();
    if (!rest.isEmpty() && rest.get(0).equals("run")) {
      rest.remove(0);
    } else if (!rest.isEmpty()) {
      requirePrompt(rest.get(0), context);
    }
    return run.run(line, context);
  }

  /** A word that is no command, and looks like no path, must be a prompt's name. */
  private static void requirePrompt(String word, Context context) {
    if (NAMES.contains(word)) {
      throw UsageException.general(word + ": options stand behind the command");
    }
    boolean path = word.contains("/") || word.contains(".");
    if (!path && !Files.exists(Workspace.prompt(word, context))) {
      throw UsageException.general(
          word
              + ": no command, no file, and no prompt of that name. The commands are "
              + String.join(", ", NAMES));
    }
  }

  /** The command of that name, one of {@link #names}. */
  static Command command(String name) {
    return switch (name) {
      case "bulk" -> new BulkCommand();
      case "candidates" -> new CandidatesCommand();
      case "capture" -> new CaptureCommand();
      case "compare" -> new CompareCommand();
      case "cron" -> new CronCommand();
      case "log" -> new LogCommand();
      case "run" -> new RunCommand();
      case "spend" -> new SpendCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  static List<String> names() {
    return NAMES;
  }

  /** A command's help text, or the whole program's. */
  static String help(String name) throws IOException {
    try (InputStream in = Commands.class.getResourceAsStream(name + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
