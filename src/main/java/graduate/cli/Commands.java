package graduate.cli;

import graduate.audit.Sha256;
import graduate.openai.Preload;
import graduate.prompt.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The words that a command line may begin with, and what they do. */
public final class Commands {
  private static final String RUN =
      "i/input= o/output= m/model= p/param= json dry-run replay max-time= retry= max-usd= once-per="
          + " after= config= logs= v/verbose q/quiet";
  private static final String BULK =
      "o/output= j/jobs= lines column= m/model= p/param= dry-run max-time= retry= max-usd= batch"
          + " cancel resubmit batch-file= results= config= logs= v/verbose q/quiet";

  /** The options of each, as {@link Arguments#parse} takes them; the help texts have the same. */
  static final Map<String, String> OPTIONS =
      new TreeMap<>(
          Map.of(
              "bulk", BULK,
              "candidates", "yes= top= min-runs= json config= logs=",
              "capture", "candidate= id= turn= name= to= whole instructions force config= logs=",
              "compare",
                  "i/input= saved= new= html= min-rouge-l= facts json-equal json config= logs=",
              "cron", RUN,
              "log", "expect= anchor= accept-damage json config= logs=",
              "run", RUN,
              "spend", "by= since= usd= why= json config= logs="));

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
    boolean named = OPTIONS.containsKey(first);
    if (words.contains("-h") || words.contains("--help")) {
      context.console().print(help(named ? first : "graduate"));
      return Exit.OK;
    }
    if (first.equals("-V") || first.equals("--version")) {
      String version = Commands.class.getPackage().getImplementationVersion();
      context.console().print("graduate " + version + "\n");
      return Exit.OK;
    }
    String name = named ? first : "run";
    boolean asks = name.equals("run") || name.equals("bulk");
    if (asks && !words.contains("--dry-run")) {
      Preload.start();
    } else {
      new Thread(Commands::load, "load").start();
    }
    try {
      List<String> rest = words.subList(named ? 1 : 0, words.size());
      Arguments line = Arguments.parse(String.valueOf(OPTIONS.get(name)), rest);
      if (!named) {
        leaveOutRun(line.words(), context);
      }
      return run(name, line, context);
    } catch (UsageException e) {
      throw e.help().isEmpty()
          ? new UsageException(String.valueOf(e.getMessage()), name + " --help")
          : e;
    }
  }

  /** What all need, and Java takes 40 ms to load for its first use: time zones and digests. */
  private static void load() {
    String zone = Settings.systemZone().getId();
    String unused = Sha256.of(zone.getBytes(StandardCharsets.UTF_8));
  }

  /** Options may stand before the word {@code run}, and the word may be left out. */
  private static void leaveOutRun(List<String> words, Context context) {
    String first = words.isEmpty() ? "run" : words.get(0);
    if (first.equals("run")) {
      words.remove("run");
    } else if (OPTIONS.containsKey(first)) {
      throw new UsageException(first + ": options stand behind the command", "--help");
    } else if (!Workspace.isPath(first) && !Files.exists(Workspace.prompt(first, context))) {
      throw new UsageException(
          first
              + ": no command, no file, and no prompt of that name. The commands are "
              + String.join(", ", OPTIONS.keySet()),
          "--help");
    }
  }

  private static int run(String name, Arguments line, Context context) throws IOException {
    return switch (name) {
      case "bulk" -> BulkCommand.run(line, context);
      case "candidates" -> CandidatesCommand.run(line, context);
      case "capture" -> CaptureCommand.run(line, context);
      case "compare" -> CompareCommand.run(line, context);
      case "cron" -> CronCommand.run(line, context);
      case "log" -> LogCommand.run(line, context);
      case "spend" -> SpendCommand.run(line, context);
      default -> RunCommand.run(line, context);
    };
  }

  /** A command's help text, or the whole program's. */
  static String help(String name) throws IOException {
    try (InputStream in = Commands.class.getResourceAsStream(name + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
