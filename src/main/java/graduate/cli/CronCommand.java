package graduate.cli;

import graduate.cron.CrontabLine;
import graduate.cron.Schedule;
import graduate.openai.ApiKey;
import graduate.prompt.Prompt;
import graduate.prompt.Settings;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.spend.Cap;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/** {@code cron}: the crontab line that runs a prompt on a schedule. */
final class CronCommand {
  private static final Set<String> PATHS = Set.of("input", "output", "config", "logs");

  /** Each month of the year is whole in these. */
  private static final int MONTHS = 13;

  private static final String KEY =
      "the key is never put into a crontab: save it in a file, chmod 600, and set"
          + " OPENAI_API_KEY_FILE to its path before you type this again";

  /** A proxy's address may hold a password, so it is named alone. */
  private static final String PROXY =
      " is set here, but not in cron: put it into the crontab, on a line of its own above this one";

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);

  private CronCommand() {}

  static int run(Arguments line, Context context) throws IOException {
    List<String> words = line.words();
    if (words.size() != 2) {
      throw new UsageException(
          "cron: needs a prompt and a schedule, in quotes, such as \"0 7 * * 1-5\"");
    }
    if (line.value("input", "").equals("-")) {
      throw new UsageException("cron: -i - has nothing to read there; name a file");
    }
    if (line.has("dry-run")) {
      throw new UsageException("cron: --dry-run sends nothing; leave it out");
    }
    Schedule schedule = schedule(words.get(1));
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    Text input = RunOptions.input(workspace, prompt);
    Job job = RunOptions.job(workspace, prompt, input, RunOptions.after(workspace));
    boolean mails = OutputFile.of(workspace, prompt) == null;
    List<String> command = command(prompt, line, context);
    String java = System.getProperty("java.home");
    context.console().print(CrontabLine.of(schedule, java, context.env(), command) + "\n");
    LocalDateTime now = LocalDateTime.ofInstant(context.clock().instant(), Settings.systemZone());
    Console console = context.console();
    console.error(times(schedule, now, job, workspace));
    Report.shutDown(job, now.toLocalDate()).ifPresent(console::error);
    if (mails) {
      console.error("no -o FILE: cron mails the answer");
    }
    if (!job.replay()) {
      lost(context.env(), console);
    }
    return Exit.OK;
  }

  private static Schedule schedule(String text) {
    try {
      return new Schedule(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> command(Prompt prompt, Arguments line, Context context) {
    List<String> command = new ArrayList<>();
    command.add(context.home().resolve("graduate").toString());
    command.add("run");
    command.add(CrontabLine.absolute(prompt.path().toString()));
    for (Option option : line.given()) {
      command.add("--" + option.getLongOpt());
      if (option.hasArg()) {
        String value = option.getValue();
        boolean path =
            PATHS.contains(option.getLongOpt()) && !OutputFile.STANDARD_OUTPUT.contains(value);
        command.add(path ? CrontabLine.absolute(value) : value);
      }
    }
    return command;
  }

  private static String times(Schedule schedule, LocalDateTime now, Job job, Workspace workspace) {
    LocalDateTime end = now.plusMonths(MONTHS);
    String next = schedule.after(now).limit(3).map(WHEN::format).collect(Collectors.joining(", "));
    long runs =
        schedule
            .after(now)
            .takeWhile(time -> time.isBefore(end))
            .collect(Collectors.groupingBy(YearMonth::from, Collectors.counting()))
            .values()
            .stream()
            .max(Long::compare)
            .orElse(0L);
    String month =
        workspace.caps().stream()
            .filter(cap -> cap.per() == Cap.Per.MONTH)
            .map(cap -> " of " + Usd.near(cap.usd()))
            .findFirst()
            .orElse("");
    String most = Usd.up(job.worst().multiply(BigDecimal.valueOf(runs)));
    return "next %s; at most %s%s a month".formatted(next, most, month);
  }

  /** What is set here and cron will not have: a key in the variable, and the proxy. */
  private static void lost(Map<String, String> env, Console console) {
    Map<String, String> inCron = new HashMap<>(env);
    inCron.computeIfPresent("OPENAI_API_KEY", (name, key) -> key.isEmpty() ? key : null);
    try {
      ApiKey.of(inCron);
    } catch (UnusableException e) {
      boolean file = !env.getOrDefault("OPENAI_API_KEY_FILE", "").isEmpty();
      console.error(file ? String.valueOf(e.getMessage()) : KEY);
    }
    for (String name : List.of("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")) {
      if (!env.getOrDefault(name, "").isEmpty()) {
        console.error(name + PROXY);
      }
    }
  }
}
