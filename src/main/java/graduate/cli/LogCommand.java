package graduate.cli;

import graduate.audit.LogException;
import graduate.audit.LogLine;
import graduate.audit.LogReader;
import graduate.audit.Position;
import graduate.openai.ChatResponse;
import graduate.prompt.Durations;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.spend.Answered;
import graduate.spend.Balance;
import graduate.spend.Ledger;
import graduate.text.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code log}: what was asked and what came back. */
final class LogCommand implements Command {
  private static final Option JSON = Arguments.flag("-", "json");
  private static final Option ANCHOR = Arguments.value("-", "anchor", "SEQ:HASH");
  private static final Option EXPECT = Arguments.value("-", "expect", "AGE");
  private static final Option ACCEPT_DAMAGE = Arguments.flag("-", "accept-damage");
  private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final int RECENT = 20;
  private static final long TAIL = 4 << 20;

  @Override
  public Options options() {
    return Arguments.options(EXPECT, JSON, ANCHOR, ACCEPT_DAMAGE, Workspace.CONFIG, Workspace.LOGS);
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<String> words = line.getArgList();
    String what = words.isEmpty() ? "" : words.get(0);
    boolean verify = what.equals("verify");
    if ((line.hasOption(ANCHOR) || line.hasOption(ACCEPT_DAMAGE)) && !verify) {
      throw new UsageException("log: --anchor and --accept-damage go with log verify");
    }
    if (line.hasOption(JSON) && !what.equals("show")) {
      throw new UsageException("log: --json goes with log show");
    }
    Workspace workspace = Workspace.open(line, context);
    if (line.hasOption(EXPECT)) {
      return expect(line, workspace, context);
    }
    if (words.isEmpty()) {
      return recent(workspace, context);
    }
    if (what.equals("show") && words.size() == 2) {
      return show(words.get(1), line.hasOption(JSON), workspace, context);
    }
    if (verify && words.size() == 1) {
      return verify(line, workspace, context);
    }
    throw new UsageException("log: not show ID, show last or verify: " + String.join(" ", words));
  }

  /** Names each prompt that has had no answer for so long; a replayed one is none. */
  private static int expect(CommandLine line, Workspace workspace, Context context)
      throws IOException {
    if (line.getArgList().isEmpty()) {
      throw new UsageException("log --expect: which prompts? log --expect 26h prompts/NAME.md");
    }
    Duration age =
        Durations.parse(line.getOptionValue(EXPECT))
            .orElseThrow(
                () ->
                    new UsageException(
                        "--expect: no age such as 26h or 2d: " + line.getOptionValue(EXPECT)));
    List<Prompt> prompts =
        line.getArgList().stream().map(word -> Prompt.read(Workspace.path(word))).toList();
    Balance balance = workspace.ledger().balance();
    Instant since = context.clock().instant().minus(age);
    int exit = Exit.OK;
    for (Prompt prompt : prompts) {
      Optional<Answered> last = balance.answered(Job.source(prompt.file()).sha256());
      if (last.isEmpty() || last.get().requested().isBefore(since)) {
        String when = last.map(answer -> when(workspace, answer)).orElse("never");
        context
            .console()
            .error(
                "graduate: %s: no answer in %s; last answered: %s"
                    .formatted(prompt.path(), line.getOptionValue(EXPECT), when));
        exit = Exit.CHECK;
      }
    }
    return exit;
  }

  private static String when(Workspace workspace, Answered answer) {
    return WHEN.withZone(workspace.settings().zone()).format(answer.requested());
  }

  /** When each prompt beside the launcher was last answered. */
  private static void lastAnswered(Workspace workspace, Context context) throws IOException {
    Path folder = Context.beside(context.home(), "prompts");
    if (!Files.isDirectory(folder)) {
      return;
    }
    Balance balance = workspace.ledger().balance();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(md|txt)")).sorted().toList()) {
        if (!Prompt.isSidecar(file) && Files.isRegularFile(file)) {
          context.console().print(lastAnswered(file, balance, workspace));
        }
      }
    }
  }

  private static String lastAnswered(Path file, Balance balance, Workspace workspace) {
    try {
      Optional<Answered> last = balance.answered(Job.source(Text.read(file)).sha256());
      String when = last.map(answer -> when(workspace, answer)).orElse("never");
      return "last answered %-19s  %s\n".formatted(when, Console.visible(file.toString()));
    } catch (UnusableException e) {
      // It has no answer as it stands, and its next run says why.
      return "";
    }
  }

  /** A call's lines: the last one that says the most comes last. */
  private record Call(LogLine last, BigDecimal cost, boolean known) {}

  private static int recent(Workspace workspace, Context context) throws IOException {
    Map<String, Call> calls =
        workspace
            .log()
            .read(
                channel ->
                    channel.isPresent()
                        ? tail(channel.get(), workspace.log().path())
                        : new LinkedHashMap<>());
    if (calls.isEmpty()) {
      context.console().print("no calls yet\n");
      return Exit.OK;
    }
    DateTimeFormatter when = WHEN.withZone(workspace.settings().zone());
    List<Call> shown = new ArrayList<>(calls.values());
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"WHEN", "PROMPT", "OUTCOME", "TOKENS", "COST", "TIME", "ID"});
    for (Call call : shown.subList(Math.max(0, shown.size() - RECENT), shown.size())) {
      LogLine line = call.last();
      rows.add(
          new String[] {
            when.format(line.requested()),
            line.field("prompt").path("path").asText(),
            outcome(line),
            tokens(line),
            call.known() ? Usd.near(call.cost()) : "held " + Usd.near(call.cost()),
            line.field("elapsed_ms").isNumber()
                ? Report.seconds(line.field("elapsed_ms").asLong())
                : "",
            line.call()
          });
    }
    context.console().print(Table.of(rows));
    lastAnswered(workspace, context);
    return Exit.OK;
  }

  private static String outcome(LogLine line) {
    String outcome = line.type().equals("request") ? "no answer yet" : line.text("outcome");
    return line.field("replay").asBoolean() ? outcome + " (replay)" : outcome;
  }

  private static String tokens(LogLine line) {
    return line.field("usage").has("total_tokens")
        ? line.field("usage").path("prompt_tokens").asText()
            + " + "
            + line.field("usage").path("completion_tokens").asText()
        : "";
  }

  /** The newest calls, from as much of the log's end as they need. */
  private static Map<String, Call> tail(FileChannel channel, Path path) throws IOException {
    for (long bytes = TAIL; ; bytes *= 4) {
      long from = Math.max(0, channel.size() - bytes);
      Map<String, Call> calls = new LinkedHashMap<>();
      LogReader reader = LogReader.lenient(channel, path, from);
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        add(line, calls);
      }
      if (calls.size() >= RECENT || from == 0) {
        return calls;
      }
    }
  }

  private static void add(LogLine line, Map<String, Call> calls) {
    if (line.type().equals("carried")) {
      return;
    }
    Optional<BigDecimal> cost = line.usd("cost_usd");
    BigDecimal shown = cost.or(() -> line.usd("reserved_usd")).orElse(BigDecimal.ZERO);
    Call before = calls.get(line.call());
    if (line.type().equals("settlement")) {
      if (before != null) {
        calls.put(line.call(), new Call(before.last(), shown, true));
      }
    } else {
      boolean known = cost.isPresent() || line.field("replay").asBoolean();
      calls.put(line.call(), new Call(line, shown, known));
    }
  }

  private static int show(String id, boolean json, Workspace workspace, Context context)
      throws IOException {
    Path path = workspace.log().path();
    Shown shown =
        workspace
            .log()
            .read(
                channel -> {
                  if (channel.isEmpty()) {
                    throw new UnusableException(id, "no such call, the log is empty");
                  }
                  return lines(find(id, channel.get(), path), channel.get(), path);
                });
    if (json) {
      context.console().out().write(shown.lines());
      return Exit.OK;
    }
    ChatResponse response = ChatResponse.of(shown.body());
    if (response.texts().isEmpty()) {
      String problem = "has no answer (" + shown.outcome() + "). See: graduate log show ";
      throw new UnusableException(shown.call(), problem + shown.call() + " --json");
    }
    context.console().print(response.text());
    return Exit.OK;
  }

  private static String find(String id, FileChannel channel, Path path) throws IOException {
    List<String> found = new ArrayList<>();
    LogReader reader = LogReader.lenient(channel, path, 0);
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      if (line.type().equals("request") && (id.equals("last") || line.call().startsWith(id))) {
        if (id.equals("last")) {
          found.clear();
        }
        found.add(line.call());
      }
    }
    if (found.size() != 1) {
      throw new UnusableException(
          id,
          found.isEmpty() ? "no such call. See: graduate log" : found.size() + " calls begin so");
    }
    return found.get(0);
  }

  private record Shown(String call, byte[] lines, byte[] body, String outcome) {}

  private static Shown lines(String call, FileChannel channel, Path path) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    byte[] body = new byte[0];
    String outcome = "no answer yet";
    LogReader reader = LogReader.lenient(channel, path, 0);
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      if (line.call().equals(call)) {
        lines.write(reader.bytes());
        lines.write('\n');
        if (line.type().equals("response")) {
          body = reader.body().orElse(body);
          outcome = line.text("outcome");
        }
      }
    }
    return new Shown(call, lines.toByteArray(), body, outcome);
  }

  private static int verify(CommandLine line, Workspace workspace, Context context)
      throws IOException {
    Optional<Ledger.Anchor> anchor =
        Optional.ofNullable(line.getOptionValue(ANCHOR)).map(LogCommand::anchor);
    try {
      Position end = workspace.ledger().verify(anchor);
      context
          .console()
          .print(
              String.format(
                  Locale.ROOT,
                  "%s: %d lines, unbroken%nanchor %d:%s%n",
                  workspace.log().path(),
                  end.seq(),
                  end.seq(),
                  end.hash()));
      return Exit.OK;
    } catch (LogException e) {
      if (!line.hasOption(ACCEPT_DAMAGE) || !e.isDamage()) {
        throw e;
      }
      Path aside = workspace.ledger().acceptDamage(String.valueOf(e.getMessage()));
      context
          .console()
          .print(
              String.valueOf(e.getMessage()).replaceFirst("\\. See: .*", "")
                  + "\nset aside as "
                  + aside
                  + "; "
                  + workspace.log().path()
                  + " goes on with its sums and its open calls. See: graduate spend\n");
      return Exit.OK;
    }
  }

  private static Ledger.Anchor anchor(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{1,18}") || !parts[1].matches("[0-9a-f]{64}")) {
      throw new UsageException("--anchor: no SEQ:HASH as log verify prints it: " + text);
    }
    return new Ledger.Anchor(Long.parseLong(parts[0]), parts[1]);
  }
}
