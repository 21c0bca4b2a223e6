package graduate;

import graduate.cli.Commands;
import graduate.cli.Console;
import graduate.cli.Context;
import graduate.cli.Exit;
import graduate.cli.Failure;
import graduate.cli.Signals;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Wires the program and maps failures to exit codes; the only place that exits. */
public final class Main {
  private Main() {}

  /**
   * Runs one command line. The launcher sets the properties {@code graduate.home}, its own folder,
   * and {@code graduate.tty}, the numbers of those standard streams that are terminals.
   */
  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    Path home = Path.of(System.getProperty("graduate.home", "")).toAbsolutePath().normalize();
    Console console =
        new Console(
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            System.getProperty("graduate.tty", ""),
            System.getProperty("graduate.typed", "graduate"));
    List<String> words = List.of(args);
    Path logs = Context.logs(words, env, home);
    Context context =
        new Context(
            home, logs, env, console, Clock.systemUTC(), new Signals(), new Diagnostics(logs));
    context.signals().install();
    int exit = run(words, context);
    context.signals().finished();
    if (context.signals().came()) {
      // The signal's number is the exit code, once its hook has returned.
      System.exit(exit);
    }
    // Nothing is left to flush, and exit would set up the platform's loggers first (Java 21 on).
    Runtime.getRuntime().halt(exit);
  }

  /** Runs one command line and returns its exit code. */
  static int run(List<String> words, Context context) {
    int exit;
    String noted = "";
    try {
      exit = Commands.run(words, context);
    } catch (IOException | RuntimeException | Error e) {
      Failure failure = Failure.of(e);
      exit = failure.exit();
      noted = failure.noted();
      say(failure, e, words, context);
    }
    try {
      if (context.signals().came()) {
        context.diagnostics().get().error("ended by a signal{}", noted);
      } else if (exit != Exit.OK) {
        context.diagnostics().get().error("exit {}{}", exit, noted);
      }
    } catch (RuntimeException e) {
      // What cannot be noted changes no exit code.
    }
    return exit;
  }

  private static void say(Failure failure, Throwable cause, List<String> words, Context context) {
    if (!failure.line().isEmpty()) {
      context.console().error("graduate: " + failure.line());
    }
    if (failure.exit() == Exit.BUG && (words.contains("-v") || words.contains("--verbose"))) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(context.console()::error);
    }
  }
}
