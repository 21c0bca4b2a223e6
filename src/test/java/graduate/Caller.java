package graduate;

import graduate.cli.Commands;
import graduate.cli.Console;
import graduate.cli.Context;
import graduate.cli.Failure;
import graduate.cli.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.helpers.NOPLogger;

/** Runs a command line so many times in one process, without a Java start for each. */
final class Caller {
  private Caller() {}

  /** {@code TIMES WORD…}: prints the exit codes, a line each. */
  public static void main(String[] args) {
    Path home = Path.of(System.getProperty("graduate.home", ""));
    List<String> words = List.of(args).subList(1, args.length);
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      System.out.println(call(home, System.getenv(), words));
    }
  }

  /** Runs it once, output left aside, and returns the exit code. */
  static int call(Path home, Map<String, String> env, List<String> words) {
    return call(Clock.systemUTC(), home, env, words);
  }

  /** The same by another clock. */
  static int call(Clock clock, Path home, Map<String, String> env, List<String> words) {
    OutputStream nowhere = new ByteArrayOutputStream();
    Console console =
        new Console(
            InputStream.nullInputStream(), nowhere, nowhere, false, false, false, "graduate");
    Path logs = Context.logs(words, env, home);
    Context context =
        new Context(home, logs, env, console, clock, new Signals(), () -> NOPLogger.NOP_LOGGER);
    try {
      return Commands.run(words, context);
    } catch (IOException | RuntimeException e) {
      return Failure.of(e).exit();
    }
  }
}
