package graduate;

import static graduate.harness.FakeCheckout.executable;
import static graduate.harness.FakeCheckout.tool;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.FakeCheckout;
import graduate.harness.FakeCheckout.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
    checkout.env.put("GRADUATE_LOGS", dir.resolve("logs").toString());
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
            "-XX:+DisplayVMOutputToStderr",
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:SharedArchiveFile=" + ArchiveIT.archive(checkout),
            "-Dgraduate.home=" + checkout.home,
            "-Dgraduate.tty=",
            "-Dgraduate.typed=./graduate",
            "-XX:CICompilerCount=1",
            "-Xms40m",
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
  @CsvSource({"run, true", "'', true", "spend, true", "log, false", "candidates, false"})
  void letsJavaCompileForLongWorkAlone(String command, boolean quick) throws Exception {
    List<String> args = checkout.run(command).all("arg");
    assertThat(args.contains("-XX:TieredStopAtLevel=1")).isEqualTo(quick);
  }

  @Test
  void leavesTheEnvironmentButForJavasOwnVariablesTheZoneAndTheLocale() throws Exception {
    checkout.env.putAll(
        Map.of("GRADUATE_LOGS", "logs here", "GRADUATE_CONFIG", "/x", "OPENAI_API_KEY", ""));
    List<String> kept =
        checkout.env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    checkout.env.putAll(Map.of("LC_ALL", "de_DE", "TZ", "Asia/Tokyo", "JAVA_TOOL_OPTIONS", "-Dx"));
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
        .containsSubsequence("-Dgraduate.typed=./graduate", "-Xmx1g", "*", "-Da=[g]raduate,b:c")
        .hasSize(15);
  }

  @Test
  void saysWhatWasTyped() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("g"), checkout.home.resolve("graduate"));
    for (String typed : List.of(link.toString(), "./g", "checkout/graduate")) {
      assertThat(checkout.run(dir, List.of(typed)).all("arg"))
          .contains("-Dgraduate.typed=" + typed);
    }
  }

  @Test
  void isFoundOnThePathThroughALinkInAFolderOfLinks() throws Exception {
    Path bin = Files.createDirectories(dir.resolve(".local/bin"));
    Files.createSymbolicLink(bin.resolve("graduate"), checkout.home.resolve("graduate"));
    checkout.env.merge("PATH", bin.toString(), (old, more) -> more + ":" + old);
    Result result = checkout.run(dir, List.of(tool("sh").toString(), "-c", "exec graduate x"));
    assertThat(result.all("arg"))
        .contains("-Dgraduate.home=" + checkout.home, "-Dgraduate.typed=" + bin + "/graduate");
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
    checkout.env.put("JAVA_HOME", JAVA_HOME.toString());
    Files.writeString(checkout.home.resolve("b\u00fcro \ud83d\ude00.md"), "gr\u00fc\u00df dich");
    Result result = checkout.run("b\u00fcro \ud83d\ude00.md", "--dry-run");
    assertThat(result.out()).contains("\"gr\u00fc\u00df dich\"");
    assertThat(result.exit()).isZero();
  }

  @Test
  void takesJavaFromJavaHomeThenPath() throws Exception {
    Path onPath = checkout.jdk("path", "25-ea");
    checkout.env.put("PATH", "/nowhere:" + onPath + "/bin:" + checkout.bin);
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
    checkout.env.put("JAVA_HOME", "/nowhere");
    assertThat(checkout.run().the("java")).isEqualTo(onPath + "/bin/java");
    checkout.env.remove("JAVA_HOME");
    assertThat(checkout.run().the("java")).isEqualTo(onPath + "/bin/java");
    assertThat(checkout.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_392", "11.0.2", "16-ea", "9"})
  void passesOverAnOldJava(String version) throws Exception {
    Path old = checkout.jdk("old", version);
    checkout.env.put("JAVA_HOME", old.toString());
    assertRefused(
        checkout.run(), old + "/bin/java is not Java 17 or newer: " + version + ". Install a JDK,");
    checkout.env.put("PATH", jdk + "/bin:" + checkout.bin);
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
  }

  @Test
  void followsALinkOnThePathToItsJdkWithoutStartingIt() throws Exception {
    Path alternative = checkout.machine.resolve("alternative");
    Files.createSymbolicLink(alternative, jdk.resolve("bin/java"));
    Files.createSymbolicLink(checkout.bin.resolve("java"), Path.of("../alternative"));
    checkout.env.remove("JAVA_HOME");
    assertThat(checkout.run().the("jar")).isEqualTo("old");
    assertThat(checkout.calls()).isEmpty();
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJavaOrNoneThatStarts() throws Exception {
    checkout.env.remove("JAVA_HOME");
    assertRefused(
        checkout.run(), "no Java found in JAVA_HOME and PATH. Install a JDK, 17 or newer, and");
    Path broken = checkout.bin.resolve("java");
    executable(broken, "#!/bin/sh\necho broken\nexit 1\n");
    assertRefused(checkout.run(), broken + " is not Java 17 or newer: broken. Install a JDK");
  }

  @Test
  void asksAJavaThatHasNoReleaseFile() throws Exception {
    Files.delete(jdk.resolve("release"));
    assertThat(checkout.run().the("java")).isEqualTo(jdk + "/bin/java");
    assertThat(checkout.calls()).containsExactly(jdk + "/bin/java -version");
    Path old = checkout.jdk("old", "1.8.0_392");
    Files.delete(old.resolve("release"));
    checkout.env.put("JAVA_HOME", old.toString());
    assertRefused(checkout.run(), old + "/bin/java is not Java 17 or newer: 1.8.0_392. I");
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

  /** Asserts that there is one line on stderr, which begins with {@code text}, and exit 1. */
  static void assertRefused(Result result, String text) {
    assertThat(result.err()).startsWith("graduate: " + text).endsWith("\n").containsOnlyOnce("\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isEqualTo(1);
  }
}
