package graduate.harness;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The built program as a real process, in a folder of its own: {@code prompts/} and {@code logs/}
 * lie in it, the environment holds nothing but what a test sets.
 */
public final class Program {
  public static final String KEY = "sk-test-0123456789";
  private static final String PRICES =
      """
      "prices": {"gpt-5.6-luna": {"input": 0.2, "cached_input": 0.02, "output": 1.2,
                                  "checked": "2026-01-02"}}""";
  private static final long PATIENCE_SECONDS = 120;
  private static final Path JAR = Path.of("target", "graduate.jar").toAbsolutePath();
  private static final Path CLASSES = archive();

  private final Path home;
  private final Map<String, String> env = new HashMap<>();
  private final List<String> wrapper = new ArrayList<>();
  private Path stdin = Path.of("/dev/null");
  private List<String> main = List.of("-jar", JAR.toString());
  private String terminals = "";
  private Path java = Path.of(System.getProperty("java.home"));
  private String shell = "";

  /** A fresh program in {@code home}, with a key and prices. */
  public Program(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home.resolve("prompts"));
    settings("");
    env("OPENAI_API_KEY", KEY);
    env("PATH", System.getenv("PATH"));
    env("LC_ALL", "C.UTF-8");
  }

  /** Sets a variable. */
  public Program env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** Takes a variable away. */
  public Program unset(String name) {
    env.remove(name);
    return this;
  }

  /** Puts a command in front, such as {@code strace} and its options. */
  public Program under(String... command) {
    wrapper.clear();
    wrapper.addAll(List.of(command));
    return this;
  }

  /** Runs with another Java. */
  public Program java(Path home) {
    java = home;
    return this;
  }

  /** Every Java that this machine has in the usual folder, at least the one that runs this. */
  public static List<Path> javas() throws IOException {
    Set<Path> javas = new TreeSet<>(Set.of(Path.of(System.getProperty("java.home")).toRealPath()));
    Path usual = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(usual)) {
      try (Stream<Path> found = Files.list(usual)) {
        for (Path home : found.filter(h -> Files.isExecutable(h.resolve("bin/java"))).toList()) {
          javas.add(home.toRealPath());
        }
      }
    }
    return List.copyOf(javas);
  }

  /**
   * Puts the real launcher and its jar there, for {@link #inShell} lines: {@code ./graduate}. It
   * finds an empty archive, as where Java can make none: LauncherIT and ArchiveIT have real ones.
   */
  public Program launcher() throws IOException {
    Path target = Files.createDirectories(home.resolve("target"));
    Path jar = Files.copy(JAR, target.resolve("graduate.jar"));
    executable(home.resolve("graduate"), Files.readString(Path.of("graduate")));
    Path archive = target.resolve("graduate-" + System.getProperty("java.version") + ".jsa");
    Files.setLastModifiedTime(Files.createFile(archive), Files.getLastModifiedTime(jar));
    return env("JAVA_HOME", java.toString());
  }

  /**
   * Writes a program, by a process of its own: one that another test starts at this moment would
   * hold a file of this process open, and what is open for writing cannot be started.
   */
  static void executable(Path file, String text) throws IOException {
    String script = "cat >\"$1\" && chmod 755 \"$1\"";
    Process writer = new ProcessBuilder("sh", "-c", script, "sh", file.toString()).start();
    try (OutputStream to = writer.getOutputStream()) {
      to.write(text.getBytes(StandardCharsets.UTF_8));
    }
    try {
      if (writer.waitFor() != 0) {
        throw new IOException(file + " could not be written");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Runs a line of bash, in which {@code GRADUATE} is the program and its words. */
  public Program inShell(String line) {
    shell = line;
    return this;
  }

  private List<String> shell(List<String> command) throws IOException {
    StringBuilder words = new StringBuilder("#!/bin/sh\nexec");
    for (String word : command) {
      words.append(" '").append(word.replace("'", "'\\''")).append("'");
    }
    executable(home.resolve("GRADUATE"), words + " \"$@\"\n");
    return List.of("bash", "-c", shell.replace("GRADUATE", "./GRADUATE"));
  }

  /** Starts a main class of the tests in place of the program's own. */
  public Program main(Class<?> other) {
    Path tests = JAR.resolveSibling("test-classes");
    main = List.of("-cp", JAR + File.pathSeparator + tests, other.getName());
    return this;
  }

  /** Lets standard input come from a file. */
  public Program stdin(Path file) {
    stdin = file;
    return this;
  }

  /** Says which of the streams 0, 1 and 2 pass for terminals, as the launcher would. */
  public Program terminals(String numbers) {
    terminals = numbers;
    return this;
  }

  /** Points the program at a server on this machine. */
  public Program at(int port) {
    return env("OPENAI_BASE_URL", "http://127.0.0.1:" + port + "/v1");
  }

  /** Writes a file in {@code prompts/} and returns its path. */
  public Path prompt(String name, String text) throws IOException {
    return Files.writeString(home.resolve("prompts").resolve(name), text);
  }

  /** Writes {@code prompts/graduate.json}: these keys, and prices that never change. */
  public Path settings(String keys) throws IOException {
    return prompt("graduate.json", "{" + keys + (keys.isEmpty() ? "" : ", ") + PRICES + "}");
  }

  public Path home() {
    return home;
  }

  public Path log() {
    return home.resolve("logs/audit.jsonl");
  }

  /** The log's lines; none where there is no log. */
  public List<String> lines() throws IOException {
    return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
  }

  /** Runs to the end. */
  public Ended run(Object... words) throws IOException, InterruptedException {
    return start(words).end();
  }

  /** Runs a line in this process and at another time, without a Java start; no diagnostics. */
  public Ended here(Clock clock, Object... words) {
    return Caller.call(clock, home, env, Arrays.stream(words).map(Object::toString).toList());
  }

  /** Runs a line in this process. */
  public Ended here(Object... words) {
    return here(Clock.systemUTC(), words);
  }

  /** Starts a run. */
  public Running start(Object... words) throws IOException {
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(java(java, "-XX:SharedArchiveFile=" + CLASSES, home, terminals));
    command.addAll(main);
    for (Object word : words) {
      command.add(word.toString());
    }
    List<String> all = shell.isEmpty() ? command : shell(command);
    ProcessBuilder builder = new ProcessBuilder(all).directory(home.toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectInput(stdin.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Running(builder.start(), out, err);
  }

  private static List<String> java(Path java, String option, Path home, String terminals) {
    return List.of(
        java.resolve("bin/java").toString(),
        "-Xlog:disable",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        option,
        "-Dgraduate.home=" + home,
        "-Dgraduate.tty=" + terminals);
  }

  /** Java's archive of the classes that a run loads; with it a process starts in half the time. */
  private static Path archive() {
    Path archive = JAR.resolveSibling("it.jsa");
    try {
      Path home = Files.createDirectories(JAR.resolveSibling("it"));
      Path prompt = Files.writeString(home.resolve("hello.md"), "Say hello");
      Files.writeString(home.resolve("hello.chatgpt.md"), "Hello!");
      List<String> command =
          new ArrayList<>(
              java(
                  Path.of(System.getProperty("java.home")),
                  "-XX:ArchiveClassesAtExit=" + archive,
                  home,
                  ""));
      command.addAll(List.of("-jar", JAR.toString(), prompt.toString(), "--replay"));
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(home.resolve("out").toFile())
          .start()
          .waitFor();
      return archive;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A process that may still be running. */
  public record Running(Process process, Path out, Path err) {
    /** Waits for the end, for two minutes at the most. */
    public Ended end() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("still running after two minutes: " + Files.readString(err));
      }
      return new Ended(
          process.exitValue(),
          Files.readAllBytes(out),
          new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
    }
  }

  /** What a process left. */
  public record Ended(int exit, byte[] stdout, String stderr) {
    public String out() {
      return new String(stdout, StandardCharsets.UTF_8);
    }
  }

  /** Waits until something holds, for two minutes at the most. */
  public static void until(Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.call()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("not within two minutes");
      }
      Thread.sleep(2);
    }
  }

  /** The files in a folder that hold {@code text}, or something that JSON reads as that. */
  public static List<Path> holding(String text, Path folder) throws IOException {
    List<Path> holding = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        String read =
            Pattern.compile("\\\\u00([0-9A-Fa-f]{2})")
                .matcher(all.replace("\\/", "/"))
                .replaceAll(c -> quoted(Integer.parseInt(c.group(1), 16)));
        if (all.contains(text) || read.contains(text)) {
          holding.add(file);
        }
      }
    }
    return holding;
  }

  private static String quoted(int character) {
    return Matcher.quoteReplacement(Character.toString(character));
  }

  /** The permissions of a file, as {@code rw-------}. */
  public static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
