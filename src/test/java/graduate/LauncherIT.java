package graduate;

import static graduate.FakeCheckout.executable;
import static graduate.FakeCheckout.tool;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.FakeCheckout.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher where the jar is there: which Java it becomes, and how it calls it. */
class LauncherIT {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  @TempDir Path dir;
  private FakeCheckout checkout;
  private Path jdk;

  @BeforeEach
  void aCheckoutThatIsBuilt() throws IOException {
    checkout = new FakeCheckout(dir);
    checkout.jar("old");
    jdk = checkout.jdk("jdk", "17.0.15");
    checkout.env.put("JAVA_HOME", jdk.toString());
  }

  @Test
  void runsTheRealJar() throws Exception {
    Path classes = dir.resolve("classes");
    checkout.env.put("JAVA_HOME", JAVA_HOME.toString());
    checkout.env.put("GRADUATE_JAVA_OPTS", "-Xlog:class+load:file=" + classes);
    Path launcher = Path.of("graduate").toAbsolutePath();
    checkout.run(dir, List.of(launcher.toString()));
    assertThat(classes)
        .content()
        .containsPattern(
            "graduate\\.Main source: (shared objects file|file:"
                + Pattern.quote(launcher.resolveSibling("target/graduate.jar").toString())
                + ")");
  }

  @Test
  void becomesJavaAndPassesTheArgumentsOn() throws Exception {
    Result result =
        checkout.run("a b", "", "*", "@file", "-h", "quo'te\"s", "back\\slash", "$HOME");
    assertThat(result.all("arg"))
        .containsExactly(
            "-Xlog:disable",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThresholdScaling=5",
            "-XX:+UseSerialGC",
            "-Xmn8m",
            "-XX:SharedArchiveFile=" + ArchiveIT.archive(checkout),
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-Dgraduate.home=" + checkout.home,
            "-Dgraduate.tty=",
            "-cp",
            checkout.home + "/target/graduate.jar",
            "graduate.Main",
            "a b",
            "",
            "*",
            "@file",
            "-h",
            "quo'te\"s",
            "back\\slash",
            "$HOME");
    assertThat(result.the("java")).isEqualTo(jdk + "/bin/java");
    assertThat(result.the("jar")).isEqualTo("old");
    assertThat(result.the("pid")).isEqualTo(Long.toString(result.pid()));
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "run p.md, true",
    "'', true",
    "log verify, false",
    "candidates x.zip, false",
    "spend --logs logs/cached, true",
    "spend --logs logs/uncached, false",
    "p.md --logs=logs/uncached -q, false",
  })
  void letsJavaCompileForLongWorkAlone(String words, boolean quick) throws Exception {
    for (String file : List.of("cached/audit.jsonl", "cached/spend.json", "uncached/audit.jsonl")) {
      Path path = checkout.home.resolve("logs").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    List<String> args = checkout.run(words.split(" ")).all("arg");
    assertThat(args.contains("-XX:TieredStopAtLevel=1")).isEqualTo(quick);
  }

  @ParameterizedTest
  @CsvSource({
    "run p.md, , -XX:+UseSerialGC",
    "candidates x.zip, , -XX:+UseParallelGC",
    "run p.md, -XX:+UseZGC, -XX:+UseZGC",
    "candidates x.zip, -Xmx1g -XX:+UseG1GC, -XX:+UseG1GC",
  })
  void leavesTheCollectorToWhoeverNamesOne(String words, String options, String collector)
      throws Exception {
    checkout.env.put("GRADUATE_JAVA_OPTS", options == null ? "" : options);
    assertThat(checkout.run(words.split(" ")).all("arg"))
        .filteredOn(arg -> arg.matches("-XX:\\+Use\\w*GC"))
        .containsExactly(collector);
  }

  @Test
  void leavesTheEnvironmentButForJavasOwnVariablesAndTheLocale() throws Exception {
    checkout.env.putAll(
        Map.of("GRADUATE_LOGS", "logs here", "GRADUATE_CONFIG", "/x", "OPENAI_API_KEY", ""));
    List<String> kept =
        checkout.env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    checkout.env.putAll(Map.of("LC_ALL", "de_DE", "JAVA_TOOL_OPTIONS", "-Dx"));
    checkout.env.putAll(Map.of("JDK_JAVA_OPTIONS", "-Dy", "_JAVA_OPTIONS", "-Dz"));
    assertThat(checkout.run().all("env"))
        .filteredOn(line -> !line.matches("(_|PWD|OLDPWD|SHLVL)=.*"))
        .contains("LC_ALL=C.UTF-8")
        .containsAll(kept)
        .hasSize(kept.size() + 1);
  }

  @Test
  void splitsJavaOptionsAtBlanksAndNowhereElse() throws Exception {
    checkout.env.put("GRADUATE_JAVA_OPTS", " -Xmx1g\t*  -Da=[g]raduate,b:c ");
    assertThat(checkout.run().all("arg"))
        .containsSubsequence("-Dgraduate.tty=", "-Xmx1g", "*", "-Da=[g]raduate,b:c", "-cp")
        .hasSize(17);
  }

  @Test
  void keepsTheCurrentFolder() throws Exception {
    Path elsewhere = Files.createDirectory(dir.resolve("else where")).toRealPath();
    checkout.env.put("CDPATH", dir.toString());
    Result result = checkout.run(elsewhere, List.of("../checkout/graduate", "x"));
    assertThat(result.the("folder")).isEqualTo(elsewhere.toString());
    assertThat(result.all("arg")).contains("-Dgraduate.home=" + checkout.home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "-dash",
        "--",
        "quo'te\"s",
        "$HOME `id` \\",
        "b\u00fcr\u00f6 \u65e5",
        "st*r[a]",
        "~"
      })
  void worksFromAFolderWithAnyName(String name) throws Exception {
    FakeCheckout odd = new FakeCheckout(dir.resolve("odd"), name);
    odd.env.put("JAVA_HOME", jdk.toString());
    odd.jar("odd");
    for (List<String> command :
        List.of(
            List.of(odd.home + "/graduate"),
            List.of(name + "/graduate"),
            List.of(tool("sh").toString(), "--", name + "/graduate"))) {
      Result result = odd.run(dir.resolve("odd"), command);
      assertThat(result.all("arg")).contains("-Dgraduate.home=" + odd.home);
      assertThat(result.the("jar")).isEqualTo("odd");
    }
  }

  @Test
  void worksFromAFolderWithNewlinesInItsName() throws Exception {
    FakeCheckout odd = new FakeCheckout(dir.resolve("odd"), "two\nlines\n");
    odd.env.put("JAVA_HOME", jdk.toString());
    odd.jar("odd");
    Path link = Files.createSymbolicLink(dir.resolve("link"), odd.home.resolve("graduate"));
    assertThat(odd.run(dir, List.of(link.toString())).the("jar")).isEqualTo("odd");
  }

  @Test
  void worksAsAScriptOfSh() throws Exception {
    Result result = checkout.run(checkout.home, List.of(tool("sh").toString(), "graduate", "x"));
    assertThat(result.all("arg")).contains("-Dgraduate.home=" + checkout.home, "x");
  }

  @Test
  void isFoundThroughLinksOfLinks() throws Exception {
    Path far = Files.createDirectories(dir.resolve("far/bin"));
    Path folder = Files.createSymbolicLink(dir.resolve("folder"), checkout.home);
    Files.createSymbolicLink(dir.resolve("absolute"), folder.resolve("graduate"));
    Files.createSymbolicLink(dir.resolve("far/relative"), Path.of("../absolute"));
    Path last = Files.createSymbolicLink(far.resolve("g"), Path.of("../relative"));
    for (String command : List.of(last.toString(), "far/bin/g", "folder/graduate")) {
      assertThat(checkout.run(dir, List.of(command)).all("arg"))
          .contains("-Dgraduate.home=" + checkout.home);
    }
  }

  @Test
  void refusesAFolderThatJavaCannotTake() throws Exception {
    FakeCheckout odd = new FakeCheckout(dir.resolve("odd"), "a:b");
    odd.env.put("JAVA_HOME", jdk.toString());
    odd.jar("odd");
    assertRefused(odd.run(), odd.home + ": Java cannot take a folder with a colon in its name");
  }

  @Test
  void passesNamesThatAreNotAsciiToARealJavaInAnEmptyEnvironment() throws Exception {
    Files.delete(checkout.home.resolve("target/graduate.jar"));
    checkout.realJar();
    checkout.env.clear();
    Path usual = checkout.jdk("usr/lib/jvm/real", "17");
    executable(usual.resolve("bin/java"), "#!/bin/sh\nexec '" + JAVA_HOME + "/bin/java' \"$@\"\n");
    Files.writeString(checkout.home.resolve("b\u00fcro \ud83d\ude00.md"), "gr\u00fc\u00df dich");
    Result result = checkout.run("b\u00fcro \ud83d\ude00.md", "--dry-run");
    assertThat(result.out()).contains("\"gr\u00fc\u00df dich\"");
    assertThat(result.exit()).isZero();
  }

  @Test
  void takesJavaFromJavaHomeThenPathThenTheUsualFolders() throws Exception {
    Path usual = checkout.jdk("usr/lib/jvm/some", "21");
    Path onPath = checkout.jdk("path", "25-ea");
    checkout.env.put("PATH", "/nowhere::" + checkout.bin + ":" + onPath + "/bin");
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
    checkout.env.put("JAVA_HOME", "/nowhere");
    assertThat(checkout.run().the("java")).isEqualTo(onPath + "/bin/java");
    Files.delete(onPath.resolve("bin/java"));
    assertThat(checkout.run().the("java")).isEqualTo(usual + "/bin/java");
    checkout.env.remove("JAVA_HOME");
    assertThat(checkout.run().the("java")).isEqualTo(usual + "/bin/java");
    checkout.env.put("PATH", "../machine/jdk/bin:" + checkout.bin);
    assertThat(checkout.run().the("java")).isEqualTo(checkout.home + "/../machine/jdk/bin/java");
    assertThat(checkout.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "usr/lib/jvm/any name",
        "opt/jdk-17",
        "usr/local/openjdk-17",
        "Library/Java/JavaVirtualMachines/x.jdk/Contents/Home",
        "opt/homebrew/opt/openjdk@21/libexec/openjdk.jdk/Contents/Home",
        "user/.sdkman/candidates/java/current",
        "user/.jdks/x",
      })
  void looksIntoTheUsualFolders(String folder) throws Exception {
    checkout.env.remove("JAVA_HOME");
    Path usual = checkout.jdk(folder, "17");
    assertThat(checkout.run().the("java")).isEqualTo(usual + "/bin/java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_392", "11.0.2", "16-ea", "9"})
  void passesOverAnOldJava(String version) throws Exception {
    Path old = checkout.jdk("old", version);
    checkout.env.put("JAVA_HOME", old.toString());
    assertRefused(
        checkout.run(),
        old + "/bin/java is Java " + version + ", and 17 or newer is needed. Install");
    checkout.env.put("PATH", checkout.bin + ":" + jdk + "/bin");
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
  }

  @Test
  void asksAJavaThatHasNoReleaseFile() throws Exception {
    Files.delete(jdk.resolve("release"));
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
    assertThat(checkout.calls()).containsExactly(jdk + "/bin/java -version");
    Path old = checkout.jdk("old", "1.8.0_392");
    Files.delete(old.resolve("release"));
    checkout.env.put("JAVA_HOME", old.toString());
    assertRefused(checkout.run(), old + "/bin/java is Java 1.8.0_392, and 17");
  }

  @Test
  void passesOverAJavaThatDoesNotStart() throws Exception {
    executable(checkout.bin.resolve("java"), "#!/bin/sh\necho broken\nexit 1\n");
    checkout.env.remove("JAVA_HOME");
    assertRefused(checkout.run(), "no Java found");
    checkout.env.put("PATH", checkout.bin + ":" + jdk + "/bin");
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "usr/lib/jvm/jdk"})
  void followsALinkOnThePathToItsJdkWithoutStartingIt(String folder) throws Exception {
    Path real = checkout.jdk(folder, "17.0.15");
    Path alternative = checkout.machine.resolve("alternative");
    Files.createSymbolicLink(alternative, real.resolve("bin/java"));
    Files.createSymbolicLink(checkout.bin.resolve("java"), Path.of("../alternative"));
    checkout.env.remove("JAVA_HOME");
    assertThat(checkout.run().the("java")).isEqualTo(real + "/bin/java");
    assertThat(checkout.calls()).isEmpty();
  }

  @Test
  void callsAVersionManagerByTheNameOfItsLink() throws Exception {
    Path manager = checkout.machine.resolve("manager");
    Files.move(jdk.resolve("bin/java"), manager);
    Path link = Files.createSymbolicLink(checkout.bin.resolve("java"), manager);
    checkout.env.remove("JAVA_HOME");
    assertThat(checkout.run().the("java")).isEqualTo(link.toString());
    assertThat(checkout.calls()).containsExactly(link + " -version");
  }

  @Test
  void leavesTheStandInOfMacOsAlone() throws Exception {
    executable(checkout.machine.resolve("usr/libexec/java_home"), "#!/bin/sh\n");
    Path standIn = checkout.machine.resolve("usr/bin");
    executable(standIn.resolve("java"), "#!/bin/sh\necho 'openjdk version \"17\"'\n");
    checkout.env.remove("JAVA_HOME");
    checkout.env.put("PATH", standIn + ":" + checkout.bin);
    assertRefused(checkout.run(), "no Java found");
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJava() throws Exception {
    checkout.env.remove("JAVA_HOME");
    assertRefused(
        checkout.run(),
        "no Java found in JAVA_HOME, PATH and the usual folders. Install a JDK, 17 or newer, and");
  }

  @Tag("machine")
  @ParameterizedTest
  @CsvSource(
      emptyValue = "",
      value = {"''", "0", "1", "2", "01", "02", "12", "012"})
  void saysWhatIsATerminal(String terminals) throws Exception {
    Path args = dir.resolve("args");
    executable(
        jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >" + FakeCheckout.quoted(args));
    String command =
        "exec ./graduate"
            + (terminals.contains("0") ? "" : " </dev/null")
            + (terminals.contains("1") ? "" : " >/dev/null")
            + (terminals.contains("2") ? "" : " 2>/dev/null");
    checkout.run(checkout.home, List.of(tool("script").toString(), "-qec", command, "/dev/null"));
    assertThat(args).content().contains("\n-Dgraduate.tty=" + terminals + "\n");
  }

  @Tag("machine")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void forksOnceAndStartsNothingBeforeJava(boolean javaHome) throws Exception {
    Path usual = checkout.jdk("usr/lib/jvm/jdk", "17");
    executable(usual.resolve("bin/java"), "#!/bin/sh\n");
    Files.createSymbolicLink(checkout.bin.resolve("java"), usual.resolve("bin/java"));
    checkout.env.put("JAVA_HOME", javaHome ? usual.toString() : "");
    checkout.run("train");
    Path trace = dir.resolve("trace");
    String calls = "trace=fork,vfork,clone,clone3,execve";
    List<String> strace = List.of("strace", "-f", "-qq", "-e", calls, "-o", trace.toString());
    checkout.run(
        checkout.home, Stream.concat(strace.stream(), Stream.of("./graduate", "x")).toList());
    List<String> lines = Files.readAllLines(trace);
    assertThat(lines).filteredOn(line -> line.matches(".*(fork|clone3?)\\(.*")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains("execve(")).hasSize(2);
  }

  /** Asserts that there is one line on stderr, which begins with {@code text}, and exit 1. */
  static void assertRefused(Result result, String text) {
    assertThat(result.err()).startsWith("graduate: " + text).endsWith("\n").containsOnlyOnce("\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isEqualTo(1);
  }
}
