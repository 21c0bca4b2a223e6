package graduate;

import static graduate.LauncherIT.assertRefused;
import static graduate.harness.FakeCheckout.executable;
import static graduate.harness.FakeCheckout.quoted;
import static graduate.harness.FakeCheckout.tool;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.FakeCheckout;
import graduate.harness.FakeCheckout.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher where the jar is missing or old: when it builds, and what becomes of it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherBuildIT {
  private static final String BUILDS = "echo new >\"$out\"/graduate.jar\n";
  private static final String BUILDING =
      "graduate: building target/graduate.jar, which takes less than a minute\n";
  private static final String WAITING =
      "graduate: waiting for another graduate, which is building target/graduate.jar";

  @TempDir Path dir;
  private FakeCheckout checkout;
  private Path jdk;

  @BeforeEach
  void aCheckoutThatIsNotBuilt() throws IOException {
    checkout = new FakeCheckout(dir);
    jdk = checkout.jdk("jdk", "17.0.15");
    checkout.env.put("JAVA_HOME", jdk.toString());
    checkout.maven(BUILDS);
  }

  @Test
  void buildsOnFirstUse() throws Exception {
    Files.delete(checkout.home.resolve("target"));
    checkout.maven("cat; echo out; echo err >&2\n" + BUILDS);
    Result result = checkout.run(dir, List.of("checkout/graduate", "x"));
    assertThat(result.the("jar")).isEqualTo("new");
    assertThat(result.the("pid")).isEqualTo(Long.toString(result.pid()));
    assertThat(result.out()).startsWith("java ");
    assertThat(result.err()).isEqualTo(BUILDING);
    assertThat(result.exit()).isEqualTo(7);
    assertThat(checkout.calls())
        .singleElement()
        .asString()
        .matches(
            Pattern.quote(jdk + " in " + checkout.home)
                + ": -q -B -ntp -Dlauncher -Dout=target/launcher\\.\\d+ package");
    Result next = checkout.run();
    assertThat(next.the("jar")).isEqualTo("new");
    assertThat(next.err()).isEmpty();
    assertThat(checkout.calls()).hasSize(1);
  }

  @Test
  void buildsFromAFolderWithAnyName() throws Exception {
    FakeCheckout odd = new FakeCheckout(dir.resolve("odd"), "-a 'b\" $c *\u00e9");
    odd.env.put("JAVA_HOME", jdk.toString());
    odd.maven(BUILDS);
    assertThat(odd.run().the("jar")).isEqualTo("new");
  }

  @Test
  void leavesStandardInputToTheProgram() throws Exception {
    checkout.maven("cat >input\n" + BUILDS);
    executable(jdk.resolve("bin/java"), "#!/bin/sh\ncat\n");
    Path input = Files.writeString(dir.resolve("input"), "for the program");
    Result result = checkout.run(dir, List.of("sh", "-c", "checkout/graduate <" + quoted(input)));
    assertThat(result.out()).isEqualTo("for the program");
    assertThat(checkout.home.resolve("input")).isEmptyFile();
  }

  @Test
  void showsWhatMavenFoundWrong() throws Exception {
    checkout.maven(
        """
        printf '\\033[0m[ERROR] COMPILATION ERROR : \\n'
        echo '[ERROR] /x/A.java:[1,19] class expected'
        echo '[WARNING] some'
        echo '[ERROR] '
        echo '[ERROR] -> [Help 1]'
        echo '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.'
        echo '[ERROR] For more information'
        echo half >"$out"/graduate.jar
        exit 1
        """);
    Result result = checkout.run();
    assertThat(result.err())
        .isEqualTo(
            BUILDING
                + "COMPILATION ERROR : \n/x/A.java:[1,19] class expected\n"
                + "graduate: the build failed. Mend what Maven names (all of it: "
                + checkout.home
                + "/target/launcher.log) and start graduate again\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(checkout.home.resolve("target/graduate.jar")).doesNotExist();
  }

  @Test
  void showsTheLastLinesOfAMavenThatNamesNoError() throws Exception {
    checkout.maven("echo The JAVA_HOME is wrong\n");
    assertThat(checkout.run().err())
        .startsWith(BUILDING + "The JAVA_HOME is wrong\n")
        .contains("graduate: the build failed.");
  }

  @Test
  void buildsWithAnotherJavaWhereItsOwnHasNoCompiler() throws Exception {
    Files.delete(jdk.resolve("bin/javac"));
    assertRefused(
        checkout.run(),
        jdk + " has no compiler (javac), and target/graduate.jar has to be built. I");
    Path other = checkout.jdk("other", "21");
    checkout.env.merge("PATH", other + "/bin", (old, more) -> more + ":" + old);
    Result result = checkout.run();
    assertThat(result.the("java")).isEqualTo(jdk + "/bin/java");
    assertThat(checkout.calls()).singleElement().asString().startsWith(other + " in ");
  }

  @Test
  void saysWhatToInstallWhereThereIsNoMaven() throws Exception {
    Files.delete(checkout.bin.resolve("mvn"));
    assertRefused(
        checkout.run(),
        "no Maven (mvn) found, and target/graduate.jar has to be built. Install a JDK, 17 or newer,"
            + " and Maven (");
  }

  @Test
  void saysThatTargetCannotBeWritten() throws Exception {
    Files.delete(checkout.home.resolve("target"));
    Files.createFile(checkout.home.resolve("target"));
    assertRefused(
        checkout.run(),
        checkout.home + "/target cannot be written, and graduate.jar has to be built there. Run");
    assertThat(checkout.calls()).isEmpty();
  }

  @Test
  void runsAnOldJarOffATerminalWithoutAWord() throws Exception {
    checkout.jar("old");
    touch("src/main/java/A.java", Instant.now());
    Result result = checkout.run();
    assertThat(result.the("jar")).isEqualTo("old");
    assertThat(result.err()).isEmpty();
    assertThat(checkout.calls()).isEmpty();
  }

  @Tag("machine")
  @ParameterizedTest
  @ValueSource(strings = {"src/main/java/A.java", "src/main/java", "pom.xml"})
  void buildsAgainOnATerminalWhenASourceIsNewer(String source) throws Exception {
    Path jar = checkout.jar("old");
    Object before = Files.getAttribute(jar, "unix:ino");
    checkout.run();
    Result result = checkout.runOnTerminal();
    assertThat(result.the("jar")).isEqualTo("old");
    assertThat(result.err()).isEmpty();
    touch(source, Instant.now());
    result = checkout.runOnTerminal();
    assertThat(result.the("jar")).isEqualTo("new");
    assertThat(result.err()).isEqualTo(BUILDING);
    assertThat(result.exit()).isEqualTo(7);
    assertThat(Files.getAttribute(jar, "unix:ino")).isNotEqualTo(before);
    assertThat(checkout.runOnTerminal().err()).isEmpty();
    assertThat(checkout.calls()).hasSize(1);
  }

  @Tag("machine")
  @Test
  void buildsAgainAfterAnEditDuringTheBuild() throws Exception {
    checkout.jar("old");
    touch("pom.xml", Instant.now());
    checkout.maven(
        """
        until [ -n "$(find src/main/java/A.java -newer "$out"/started)" ]; do
          echo edit >src/main/java/A.java
        done
        """
            + BUILDS);
    assertThat(checkout.runOnTerminal().err()).isEqualTo(BUILDING);
    checkout.maven(BUILDS);
    assertThat(checkout.runOnTerminal().err()).isEqualTo(BUILDING);
    assertThat(checkout.runOnTerminal().err()).isEmpty();
  }

  @Tag("machine")
  @Test
  void runsTheJarItHasWhenABuildFails() throws Exception {
    checkout.jar("old");
    touch("pom.xml", Instant.now());
    checkout.maven("echo '[ERROR] wrong'\n" + BUILDS + "exit 1\n");
    Result result = checkout.runOnTerminal();
    assertThat(result.the("jar")).isEqualTo("old");
    assertThat(result.err())
        .startsWith(BUILDING + "wrong\ngraduate: the build failed.")
        .endsWith(". Until then the jar of before runs\n");
    Files.delete(checkout.bin.resolve("mvn"));
    result = checkout.runOnTerminal();
    assertThat(result.the("jar")).isEqualTo("old");
    assertThat(result.err())
        .startsWith("graduate: no Maven (mvn) found")
        .endsWith(". Until then the jar of before runs\n")
        .containsOnlyOnce("\n");
  }

  @Tag("machine")
  @Test
  void worksInACheckoutThatItMayNotWrite() throws Exception {
    checkout.jar("old");
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.toList()) {
        boolean open = Files.isDirectory(file) || Files.isExecutable(file);
        Files.setPosixFilePermissions(file, fromString(open ? "r-xr-xr-x" : "r--r--r--"));
      }
    }
    try {
      List<String> somebody = new ArrayList<>();
      if (Files.getOwner(dir).getName().equals("root")) {
        somebody.addAll(
            List.of(
                tool("setpriv").toString(), "--reuid=65534", "--regid=65534", "--clear-groups"));
      }
      somebody.add("./graduate");
      Files.setPosixFilePermissions(checkout.machine, fromString("rwxr-xr-x"));
      Result result = checkout.run(checkout.home, somebody);
      assertThat(result.the("jar")).isEqualTo("old");
      assertThat(result.err()).isEmpty();
      Files.setPosixFilePermissions(checkout.home.resolve("target"), fromString("rwxr-xr-x"));
      Files.delete(checkout.home.resolve("target/graduate.jar"));
      Files.setPosixFilePermissions(checkout.home.resolve("target"), fromString("r-xr-xr-x"));
      assertRefused(checkout.run(checkout.home, somebody), checkout.home + "/target cannot be wr");
    } finally {
      try (Stream<Path> files = Files.walk(dir)) {
        for (Path file : files.filter(Files::isDirectory).toList()) {
          Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
        }
      }
    }
  }

  @Test
  void twoAtOnceBuildOnceAndLeaveNothingElse() throws Exception {
    try (Gate gate = new Gate("gate")) {
      checkout.maven("echo half >\"$out\"/graduate.jar\n" + gate.script + BUILDS);
      Process first = checkout.start();
      gate.waitFor(first);
      Process second = checkout.start();
      assertThat(line(second)).isEqualTo(WAITING);
      gate.open();
      assertThat(first.inputReader().lines()).contains("jar new");
      assertThat(second.inputReader().lines()).contains("jar new");
      assertThat(second.errorReader().lines()).isEmpty();
      assertThat(checkout.calls()).hasSize(1);
      assertThat(checkout.home.resolve("target").toFile().list())
          .containsExactlyInAnyOrder("graduate-17.0.15.jsa", "graduate.jar", "launcher.log");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buildsAtOnceWhereALauncherWasKilledAtIt(boolean mavenToo) throws Exception {
    try (Gate gate = new Gate("gate")) {
      checkout.maven(gate.script + "echo orphan >\"$out\"/graduate.jar\n");
      Process first = checkout.start();
      ProcessHandle maven = gate.waitFor(first);
      first.destroyForcibly().waitFor();
      if (mavenToo) {
        maven.destroyForcibly();
        maven.onExit().join();
      }
      checkout.maven(BUILDS);
      Result second = checkout.run();
      assertThat(second.the("jar")).isEqualTo("new");
      assertThat(second.err()).isEqualTo(BUILDING);
      gate.open();
      maven.onExit().join();
      assertThat(checkout.run().the("jar")).isEqualTo("new");
    }
  }

  @Test
  void ofTwoThatReadADeadOnesLockOneTakesIt() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path lock = checkout.home.resolve("target/launcher.lock");
    Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));
    try (Gate reading = new Gate("reading");
        Gate building = new Gate("building")) {
      executable(
          checkout.bin.resolve("readlink"),
          "#!/bin/sh\n" + tool("readlink") + " \"$@\" || exit\n" + reading.script);
      checkout.maven(building.script + BUILDS);
      List<Process> both = List.of(checkout.start(), checkout.start());
      for (Process each : both) {
        reading.waitFor(each);
      }
      reading.openOnce();
      ProcessHandle first = building.waitFor(both.get(0)).parent().orElseThrow();
      reading.open();
      Process second = both.get(0).pid() == first.pid() ? both.get(1) : both.get(0);
      assertThat(line(second)).isEqualTo(WAITING);
      building.open();
      for (Process each : both) {
        assertThat(each.inputReader().lines()).contains("jar new");
      }
      assertThat(checkout.calls()).hasSize(1);
    }
  }

  @Test
  void runsTheJarThatSomebodyElsePutThereWhileItWaited() throws Exception {
    try (Gate gate = new Gate("gate")) {
      checkout.maven(gate.script + "exit 1\n");
      Process first = checkout.start();
      gate.waitFor(first);
      Process second = checkout.start();
      assertThat(line(second)).isEqualTo(WAITING);
      checkout.jar("old");
      gate.open();
      assertThat(second.inputReader().lines()).contains("jar old");
      assertThat(second.errorReader().lines()).isEmpty();
      assertThat(first.inputReader().lines()).contains("jar old");
    }
  }

  private void touch(String source, Instant time) throws IOException {
    Files.setLastModifiedTime(checkout.home.resolve(source), FileTime.from(time));
  }

  private static String line(Process process) throws IOException {
    BufferedReader err = process.errorReader(UTF_8);
    return String.valueOf(err.readLine());
  }

  /** Lines for a script, which tell that it runs and wait until it may go on. */
  private final class Gate implements AutoCloseable {
    // Open for both, so that neither opening nor writing waits.
    private final RandomAccessFile running;
    private final RandomAccessFile go;
    final String script;

    Gate(String name) throws Exception {
      Path[] pipes = {dir.resolve(name + ".running"), dir.resolve(name + ".go")};
      String mkfifo = tool("mkfifo").toString();
      new ProcessBuilder(mkfifo, pipes[0].toString(), pipes[1].toString()).start().waitFor();
      running = new RandomAccessFile(pipes[0].toFile(), "rw");
      go = new RandomAccessFile(pipes[1].toFile(), "rw");
      script = "echo $$ >" + quoted(pipes[0]) + "\nread -r go <" + quoted(pipes[1]) + "\n";
    }

    /** Waits for the script, and fails where {@code launcher} ends without it. */
    ProcessHandle waitFor(Process launcher) throws IOException {
      var unused = launcher.onExit().thenRun(() -> say(running, "0\n"));
      return ProcessHandle.of(Long.parseLong(running.readLine())).orElseThrow();
    }

    /** Lets the script go on, one of those that wait. */
    void openOnce() {
      say(go, "\n");
    }

    /** Lets the script go on, as often as it is called. */
    void open() {
      say(go, "\n".repeat(9));
    }

    private static void say(RandomAccessFile pipe, String line) {
      try {
        pipe.write(line.getBytes(UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      open();
      running.close();
      go.close();
    }
  }
}
