package graduate;

import graduate.cli.Console;
import graduate.cli.Context;
import graduate.cli.Signals;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Does what runs do, so that the launcher can have Java note down what they load. It works in a
 * folder of its own, against a server of its own.
 */
final class Training {
  /** The first run finds no log and no cache, later ones do; the JIT's profile wants some more. */
  private static final int ROUNDS = 5;

  private final Path folder;

  private Training(Path folder) {
    this.folder = folder;
  }

  /** Trains in the folder {@code args[0]}, which is gone afterwards. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder.resolve("prompts"));
    try {
      new Training(folder).train();
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void train() throws IOException {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TrainingServer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      train(line(server).split(" ", -1));
    } finally {
      server.destroy();
      server.onExit().join();
    }
  }

  private static String line(Process server) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = server.getInputStream().read(); c != '\n'; c = server.getInputStream().read()) {
      if (c < 0) {
        throw new IOException("the server has ended");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private void train(String[] urls) throws IOException {
    System.setProperty("javax.net.ssl.trustStore", TrainingServer.trusted(folder).toString());
    System.setProperty("javax.net.ssl.trustStorePassword", TrainingServer.PASSWORD);
    Path prompt = folder.resolve("prompts/train.md");
    Files.writeString(prompt, "Say that you are done.\n");
    graduate("--help");
    graduate("--version");
    for (int round = 0; round < ROUNDS; round++) {
      for (String url : urls) {
        Files.writeString(
            folder.resolve("prompts/graduate.json"),
            """
            {"base_url": "%s", "request": {"model": "gpt-5-mini", "max_completion_tokens": 100},
             "caps": [{"usd": 1.5, "per": "day"}, {"usd": 9, "per": "month"}], "max_time": "20s"}
            """
                .formatted(url));
        graduate("run", prompt.toString(), "--dry-run");
        graduate("run", prompt.toString());
      }
    }
  }

  private void graduate(String... words) {
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            System.err,
            false,
            false,
            false);
    Path logs = folder.resolve("logs");
    Map<String, String> env = Map.of("OPENAI_API_KEY", "sk-training");
    Context context =
        new Context(
            folder, logs, env, console, Clock.systemUTC(), new Signals(), new Diagnostics(logs));
    int exit = Main.run(new ArrayList<>(List.of(words)), context);
    if (exit != 0) {
      throw new IllegalStateException(String.join(" ", words) + ": exit " + exit);
    }
  }
}
