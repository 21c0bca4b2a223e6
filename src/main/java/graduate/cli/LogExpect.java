package graduate.cli;

import graduate.audit.LogLine;
import graduate.audit.Sha256;
import graduate.prompt.Durations;
import graduate.prompt.Prompt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code log --expect}: names each prompt that has had no answer for so long. */
final class LogExpect {
  private LogExpect() {}

  /** A replayed answer is none; what counts is when the answer came. */
  static int run(Arguments line, Workspace workspace, Context context) {
    if (line.words().isEmpty()) {
      throw new UsageException("log --expect: which prompts? log --expect 26h prompts/NAME.md");
    }
    String given = line.value("expect");
    Duration age =
        Durations.parse(given)
            .orElseThrow(() -> new UsageException("--expect: no age such as 26h or 2d: " + given));
    List<Prompt> prompts =
        line.words().stream().map(word -> Prompt.read(Workspace.prompt(word, context))).toList();
    Instant since = context.clock().instant().minus(age);
    Set<String> answered = new HashSet<>();
    long offset = workspace.ledger().balance().offset(workspace.ledger().day(since));
    workspace.log().each(offset, entry -> note(entry, since, answered));
    int exit = Exit.OK;
    for (Prompt prompt : prompts) {
      if (!answered.contains(Sha256.of(prompt.file().bytes()))) {
        context.failed(prompt.path(), "no answer in " + given);
        exit = Exit.CHECK;
      }
    }
    return exit;
  }

  private static void note(LogLine line, Instant since, Set<String> answered) {
    if (line.text("outcome").equals("answered") && !line.replay() && !line.time().isBefore(since)) {
      answered.add(line.asked().prompt());
    }
  }
}
