package graduate.harness;

import graduate.cli.Commands;
import graduate.cli.Console;
import graduate.cli.Context;
import graduate.cli.Failure;
import graduate.cli.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.helpers.NOPLogger;

/** Runs a command line so many times in one process, without a Java start for each. */
public final class Caller {
  private Caller() {}

  /** {@code TIMES WORD…}: prints the exit codes, a line each. */
  public static void main(String[] args) {
    Path home = Path.of(System.getProperty("graduate.home", ""));
    List<String> words = List.of(args).subList(1, args.length);
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      System.out.println(call(Clock.systemUTC(), home, System.getenv(), words).exit());
    }
  }

  /** Runs it once, without diagnostics. */
  public static Program.Ended call(
      Clock clock, Path home, Map<String, String> env, List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(InputStream.nullInputStream(), out, err, "", "graduate");
    Path logs = Context.logs(words, env, home);
    Context context =
        new Context(home, logs, env, console, clock, new Signals(), () -> NOPLogger.NOP_LOGGER);
    int exit;
    try {
      exit = Commands.run(words, context);
    } catch (IOException | RuntimeException e) {
      Failure failure = Failure.of(e);
      exit = failure.exit();
      console.error("graduate: " + failure.line());
    }
    return new Program.Ended(exit, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
