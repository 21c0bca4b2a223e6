package graduate.cli;

import graduate.audit.AuditLog;
import graduate.openai.ApiKey;
import graduate.openai.ChatClient;
import graduate.openai.Endpoint;
import graduate.prompt.Settings;
import graduate.spend.Cap;
import graduate.spend.Ledger;
import graduate.spend.PriceTable;
import graduate.text.UnusableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * The configuration and the log that a command works with: those beside the launcher, unless a flag
 * or the environment names others.
 */
record Workspace(
    Arguments line,
    Context context,
    Settings settings,
    List<Cap> caps,
    AuditLog log,
    Ledger ledger) {
  static Workspace open(Arguments line, Context context) {
    String config = line.value("config", context.env().getOrDefault("GRADUATE_CONFIG", ""));
    Path file = config.isEmpty() ? context.prompts().resolve("graduate.json") : path(config);
    Settings settings = Settings.read(file, !config.isEmpty(), context.env());
    List<Cap> caps = settings.caps().stream().map(Cap::of).toList();
    AuditLog log = new AuditLog(context.logs(), context.clock());
    return new Workspace(
        line, context, settings, caps, log, new Ledger(log, context.logs(), settings.zone()));
  }

  /**
   * The prompt that a word means: a path, where it has a dot or a slash or is a file; else a name
   * in {@code prompts/} beside the launcher.
   */
  static Path prompt(String word, Context context) {
    Path path = path(word);
    if (isPath(word) || Files.exists(path)) {
      return path;
    }
    Path markdown = context.prompts().resolve(word + ".md");
    Path text = context.prompts().resolve(word + ".txt");
    if (Files.exists(markdown) && Files.exists(text)) {
      throw new UsageException(word + ": which? " + markdown + " or " + text);
    }
    return Files.exists(text) ? text : markdown;
  }

  /** Whether a word is no name of a command or prompt, whatever there is. */
  static boolean isPath(String word) {
    return word.contains("/") || word.contains(".");
  }

  static Path path(String text) {
    if (text.isEmpty()) {
      throw new UnusableException(text, "is no name of a file");
    }
    return Path.of(text);
  }

  /** The date in the configuration's zone. */
  LocalDate today() {
    return LocalDate.ofInstant(context.clock().instant(), settings.zone());
  }

  /** A client that calls with the key. */
  ChatClient client() {
    ApiKey key = ApiKey.of(context.env());
    return new ChatClient(Endpoint.of(settings.baseUrl(), key, context.env()), context.clock());
  }

  /** Where calls go, without a key. */
  Endpoint endpoint() {
    return Endpoint.of(settings.baseUrl(), ApiKey.none(), Map.of());
  }

  /** The prices that hold there. */
  PriceTable prices() {
    String host = endpoint().host();
    return new PriceTable(
        settings.prices(), settings.file().toString(), host, Endpoint.isLoopback(host));
  }
}
