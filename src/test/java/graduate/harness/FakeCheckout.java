package graduate.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that looks to the launcher like a checkout of Graduate, with a private PATH without Java
 * and Maven below {@code machine}.
 */
public final class FakeCheckout {
  /**
   * Prints how it was called, and the jar; or its version, and notes that in CALLS; or makes an
   * archive of nothing, and notes that in TRAININGS.
   */
  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = -version ]; then
        echo 'openjdk version "VERSION" 2021-09-14' >&2
        echo "$0 $*" >>CALLS
        exit 0
      fi
      for arg; do
        case $arg in
          -XX:ArchiveClassesAtExit=*)
            echo "$0 $*" >>TRAININGS
            echo "of $0" >"${arg#*=}"
            exit 0
            ;;
        esac
      done
      echo "java $0"
      echo "pid $$"
      echo "folder $PWD"
      for arg; do printf 'arg %s\\n' "$arg"; done
      while [ "$1" != -cp ]; do shift; done
      echo "jar $(cat "$2")"
      env | sed 's/^/env /'
      exit 7
      """;

  private static final List<String> TOOLS =
      List.of(
          "sh",
          "cat",
          "env",
          "find",
          "head",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "sync",
          "tail",
          "tee",
          "touch");

  public final Path home;
  public final Path machine;
  public final Path bin;
  public final Map<String, String> env = new HashMap<>();
  private int runs;

  public FakeCheckout(Path dir) throws IOException {
    this(dir, "checkout");
  }

  public FakeCheckout(Path dir, String name) throws IOException {
    Path real = Files.createDirectories(dir).toRealPath();
    home = Files.createDirectories(real.resolve(name));
    machine = Files.createDirectories(real.resolve("machine"));
    bin = Files.createDirectories(machine.resolve("bin"));
    env.put("PATH", bin.toString());
    env.put("HOME", machine.resolve("user").toString());
    for (String tool : TOOLS) {
      executable(bin.resolve(tool), "#!/bin/sh\nexec " + tool(tool) + " \"$@\"\n");
    }
    executable(home.resolve("graduate"), Files.readString(Path.of("graduate")));
    source("src/main/java/A.java");
    source("pom.xml");
    Files.createDirectory(home.resolve("target"));
  }

  /** Where this machine has {@code name}. */
  public static Path tool(String name) {
    return Stream.of((System.getenv("PATH") + ":/usr/bin:/bin").split(":"))
        .map(dir -> Path.of(dir, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not installed"));
  }

  public static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Program.executable(file, text);
  }

  /** Makes a JDK whose java says how it was called and exits with 7. */
  public Path jdk(String folder, String version) throws IOException {
    Path jdk = machine.resolve(folder);
    executable(
        jdk.resolve("bin/java"),
        JAVA.replace("VERSION", version)
            .replace("CALLS", quoted(machine.resolve("calls")))
            .replace("TRAININGS", quoted(machine.resolve("trainings"))));
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  /**
   * Makes a Maven that notes how it was called in {@code machine/calls}, then runs {@code script},
   * for which {@code out} is the folder to build in.
   */
  public void maven(String script) throws IOException {
    executable(
        bin.resolve("mvn"),
        "#!/bin/sh\nprintf '%s\\n' \"$JAVA_HOME in $PWD: $*\" >>"
            + quoted(machine.resolve("calls"))
            + "\nfor arg; do case $arg in -Dout=*) out=${arg#*=} ;; esac; done\n"
            + script);
  }

  public List<String> calls() throws IOException {
    Path calls = machine.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** The jar to be run, an hour old and newer than the sources. */
  public Path jar(String text) throws IOException {
    Path jar = Files.writeString(home.resolve("target/graduate.jar"), text);
    Files.setLastModifiedTime(jar, ago(3600));
    return jar;
  }

  /** Graduate itself. */
  public void realJar() throws IOException {
    Files.createDirectories(home.resolve("target"));
    Files.copy(Path.of("target/graduate.jar"), home.resolve("target/graduate.jar"));
  }

  /** A source, two hours old as its folder is. */
  public Path source(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
    Path path = file;
    while (path != null && path.startsWith(home)) {
      Files.setLastModifiedTime(path, ago(7200));
      path = path.getParent();
    }
    return file;
  }

  public static FileTime ago(long seconds) {
    return FileTime.from(Instant.now().minusSeconds(seconds));
  }

  /** Runs the launcher off a terminal, from its own folder, with nothing on stdin. */
  public Result run(String... args) throws IOException, InterruptedException {
    return run(home, Stream.concat(Stream.of("./graduate"), Stream.of(args)).toList());
  }

  public Result run(Path folder, List<String> command) throws IOException, InterruptedException {
    Path out = machine.resolve("out" + ++runs);
    Path err = machine.resolve("err" + runs);
    ProcessBuilder builder = builder(folder, command);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int exit = process.waitFor();
    return new Result(exit, Files.readString(out), Files.readString(err), process.pid());
  }

  /** Runs the launcher with stderr on a terminal, which has nothing else on it. */
  public Result runOnTerminal() throws IOException, InterruptedException {
    Path out = machine.resolve("out" + ++runs);
    String command = "exec ./graduate </dev/null >" + quoted(out);
    Result result = run(home, List.of(tool("script").toString(), "-qec", command, "/dev/null"));
    return new Result(
        result.exit, Files.readString(out), result.out.replace("\r\n", "\n"), result.pid);
  }

  /** Starts the launcher with its streams as pipes. */
  public Process start() throws IOException {
    return builder(home, List.of("./graduate")).start();
  }

  private ProcessBuilder builder(Path folder, Collection<String> command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.environment().clear();
    builder.environment().putAll(env);
    return builder.directory(folder.toFile()).redirectInput(Path.of("/dev/null").toFile());
  }

  public static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  /** What a run left. */
  public record Result(int exit, String out, String err, long pid) {
    /** The rest of the lines on stdout that begin with {@code word}. */
    public List<String> all(String word) {
      return out.lines()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .toList();
    }

    public String the(String word) {
      return all(word).get(0);
    }
  }
}
