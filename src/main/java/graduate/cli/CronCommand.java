package graduate.cli;

import graduate.cron.CrontabLine;
import graduate.cron.Schedule;
import graduate.openai.ApiKey;
import graduate.prompt.Prompt;
import graduate.prompt.Text;
import graduate.run.Job;
import graduate.spend.Cap;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code cron}: the crontab line that runs a prompt on a schedule. */
final class CronCommand implements Command {
  private static final Set<String> PATHS = Set.of("input", "output", "config", "logs");
  private static final int DAYS = 31;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);

  @Override
  public Options options() {
    return RunOptions.all();
  }

  @Override
  public int run(CommandLine line, Context context) throws IOException {
    List<String> words = line.getArgList();
    if (words.size() > 2) {
      throw new UsageException("cron: more words than a prompt and a schedule: quote the schedule");
    }
    if (words.size() < 2) {
      throw new UsageException("cron: needs a prompt and a schedule such as \"0 7 * * 1-5\"");
    }
    if ("-".equals(line.getOptionValue(RunOptions.INPUT))) {
      throw new UsageException("cron: -i - has nothing to read there; name a file");
    }
    if (line.hasOption(RunOptions.DRY_RUN)) {
      throw new UsageException("cron: --dry-run sends nothing; leave it out");
    }
    Schedule schedule = schedule(words.get(1));
    Workspace workspace = Workspace.open(line, context);
    Prompt prompt = Prompt.read(Workspace.prompt(words.get(0), context));
    Text input = RunOptions.input(line, context, prompt, line.hasOption(RunOptions.REPLAY));
    Job job = RunOptions.job(line, workspace, prompt, input);
    CrontabLine crontab =
        new CrontabLine(
            schedule,
            Path.of(System.getProperty("java.home")),
            context.env(),
            command(prompt, line, context),
            false);
    context.console().print(crontab + "\n");
    for (String remark : remarks(schedule, job, line, workspace, context)) {
      context.console().error(remark);
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

  private static List<String> command(Prompt prompt, CommandLine line, Context context) {
    List<String> command = new ArrayList<>();
    command.add(context.home().resolve("graduate").toString());
    command.add("run");
    command.add(absolute(prompt.path().toString()));
    for (Option option : line.getOptions()) {
      command.add(Arguments.name(option));
      if (option.hasArg()) {
        String value = option.getValue();
        command.add(PATHS.contains(option.getLongOpt()) ? absolute(value) : value);
      }
    }
    return command;
  }

  private static String absolute(String path) {
    return Workspace.path(path).toAbsolutePath().normalize().toString();
  }

  /** What the owner should know, a line each. */
  private static List<String> remarks(
      Schedule schedule, Job job, CommandLine line, Workspace workspace, Context context) {
    List<String> remarks = new ArrayList<>();
    ZonedDateTime now = context.clock().instant().atZone(ZoneId.systemDefault());
    String next =
        schedule.next(now, 3).stream().map(WHEN::format).collect(Collectors.joining(", "));
    BigDecimal runs = BigDecimal.valueOf(schedule.runs(now, now.plusDays(DAYS)));
    String month =
        workspace.caps().stream()
            .filter(cap -> cap.per() == Cap.Per.MONTH)
            .map(cap -> " of " + Usd.near(cap.usd()))
            .findFirst()
            .orElse("");
    remarks.add(
        "next %s; at most %s%s a month".formatted(next, Usd.up(job.worst().multiply(runs)), month));
    Report.shutDown(job, LocalDate.from(now)).ifPresent(remarks::add);
    if (!line.hasOption(RunOptions.OUTPUT)) {
      remarks.add("no -o FILE: cron mails the answer");
    }
    if (!job.replay()) {
      key(context.env()).ifPresent(remarks::add);
    }
    return remarks;
  }

  /** What is wrong with the key as cron will see it: the file alone, never the variable. */
  private static Optional<String> key(Map<String, String> env) {
    Map<String, String> inCron = new HashMap<>(env);
    if (!env.getOrDefault("OPENAI_API_KEY", "").isEmpty()) {
      inCron.remove("OPENAI_API_KEY");
    }
    if (env.getOrDefault("OPENAI_API_KEY_FILE", "").isEmpty()
        && !inCron.containsKey("OPENAI_API_KEY")) {
      return Optional.of(
          "the key is never put into a crontab: save it in a file, chmod 600, and set"
              + " OPENAI_API_KEY_FILE to its path before you type this again");
    }
    try {
      ApiKey.of(inCron);
      return Optional.empty();
    } catch (UnusableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
