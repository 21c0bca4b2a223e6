package graduate;

import static graduate.FakeCheckout.ago;
import static graduate.FakeCheckout.executable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.FakeCheckout.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher's archive of loaded classes: when it is made, when it is used, and that it shows in
 * nothing.
 */
class ArchiveIT {
  private static final byte[] ANSWER = "One.\nTwo, without a newline".getBytes(UTF_8);

  @TempDir Path dir;
  private FakeCheckout checkout;
  private Path jdk;

  @BeforeEach
  void aCheckoutThatIsBuilt() throws IOException {
    checkout = new FakeCheckout(dir);
    jdk = checkout.jdk("jdk", "17.0.15");
    checkout.env.put("JAVA_HOME", jdk.toString());
  }

  /** The only archive that a checkout has. */
  static Path archive(FakeCheckout checkout) throws IOException {
    try (Stream<Path> files = Files.list(checkout.home.resolve("target/start"))) {
      List<Path> archives =
          files.filter(file -> file.toString().matches(".*\\.(jsa|aot)")).sorted().toList();
      assertThat(archives).hasSize(1);
      return archives.get(0);
    }
  }

  private int trainings() throws IOException {
    Path noted = checkout.machine.resolve("trainings");
    return Files.exists(noted) ? Files.readAllLines(noted).size() : 0;
  }

  /** Runs the launcher and says which archive the Java of then was given. */
  private List<String> used() throws Exception {
    Result result = checkout.run("x");
    assertThat(result.err()).isEmpty();
    return result.all("arg").stream()
        .filter(arg -> arg.matches("-XX:(SharedArchiveFile|AOTCache)=.*"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "24", "25", "26-ea"})
  void trainsOnceAndGivesItToEveryRun(String version) throws Exception {
    checkout.jar("jar");
    checkout.jdk("jdk", version);
    boolean aot = Integer.parseInt(version.substring(0, 2)) >= 25;
    List<String> first = used();
    assertThat(first)
        .containsExactly((aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive(checkout));
    assertThat(Files.readString(checkout.machine.resolve("trainings")))
        .contains(aot ? " -XX:AOTCacheOutput=" : " -XX:ArchiveClassesAtExit=");
    assertThat(used()).isEqualTo(first);
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void trainsAnewForAnotherJarAnotherJavaAndInAnotherPlace() throws Exception {
    checkout.jar("jar");
    used();
    Files.setLastModifiedTime(checkout.home.resolve("target/graduate.jar"), ago(60));
    used();
    assertThat(trainings()).isEqualTo(2);
    Files.setLastModifiedTime(jdk.resolve("bin/java"), ago(90_000));
    used();
    assertThat(trainings()).isEqualTo(3);

    Path moved = checkout.home.resolveSibling("moved");
    Files.move(checkout.home, moved);
    Result result = checkout.run(moved, List.of("./graduate"));
    assertThat(trainings()).isEqualTo(4);
    assertThat(result.all("arg")).anyMatch(arg -> arg.startsWith("-XX:SharedArchiveFile=" + moved));
  }

  @Test
  void keepsOneForEachJava() throws Exception {
    checkout.jar("jar");
    List<String> first = used();
    Path other = checkout.jdk("other", "21");
    checkout.env.put("JAVA_HOME", other.toString());
    assertThat(used()).isNotEqualTo(first).hasSize(1);
    checkout.env.put("JAVA_HOME", jdk.toString());
    assertThat(used()).isEqualTo(first);
    assertThat(trainings()).isEqualTo(2);
  }

  @Test
  void whereTrainingFailsItIsNotTriedAgain() throws Exception {
    checkout.jar("jar");
    String java = Files.readString(jdk.resolve("bin/java"));
    executable(jdk.resolve("bin/java"), java.replace("exit 0\n    ;;", "exit 1\n    ;;"));
    assertThat(used()).isEmpty();
    assertThat(used()).isEmpty();
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void whereNothingCanBeWrittenItRunsWithout() throws Exception {
    checkout.jar("jar");
    Files.writeString(checkout.home.resolve("target/start"), "no folder");
    assertThat(used()).isEmpty();
    assertThat(trainings()).isZero();
  }

  @Test
  void whereSomebodyElseTrainsItRunsWithout() throws Exception {
    checkout.jar("jar");
    used();
    Path made = archive(checkout);
    Files.delete(made);
    Path lock = Path.of(made + ".lock");
    Process holder =
        new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; cat").start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThat(used()).isEmpty();
      assertThat(trainings()).isEqualTo(1);
    } finally {
      holder.getOutputStream().close();
      holder.waitFor();
    }
    assertThat(used()).hasSize(1);
    assertThat(trainings()).isEqualTo(2);
  }

  @Test
  void trainsWhereAnotherWasKilledAtItAndCleansUp() throws Exception {
    checkout.jar("jar");
    used();
    Path made = archive(checkout);
    Files.delete(made);
    Path left = Files.createDirectories(Path.of(made + ".1.new/work"));
    assertThat(used()).hasSize(1);
    assertThat(left.getParent()).doesNotExist();
    try (Stream<Path> files = Files.list(made.getParent())) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void worksWithoutFlock() throws Exception {
    checkout.jar("jar");
    Files.delete(checkout.bin.resolve("flock"));
    assertThat(used()).hasSize(1);
  }

  @Test
  void saysOnATerminalThatItTakesAWhile() throws Exception {
    checkout.jar("jar");
    assertThat(checkout.runOnTerminal().err()).startsWith("graduate: preparing a quick start");
    assertThat(checkout.runOnTerminal().err()).isEmpty();
  }

  /** Every Java on this machine that is new enough. */
  static List<Path> javas() throws IOException {
    try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
      Stream<Path> all =
          Stream.concat(installed, Stream.of(Path.of(System.getProperty("java.home"))));
      return all.filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> Files.exists(home.resolve("release")))
          .filter(ArchiveIT::isNewEnough)
          .map(ArchiveIT::real)
          .distinct()
          .toList();
    }
  }

  private static boolean isNewEnough(Path home) {
    try {
      return Files.readString(home.resolve("release"))
          .lines()
          .anyMatch(line -> line.matches("JAVA_VERSION=\"(1[7-9]|[2-9]\\d).*"));
    } catch (IOException e) {
      return false;
    }
  }

  private static Path real(Path home) {
    try {
      return home.toRealPath();
    } catch (IOException e) {
      return home;
    }
  }

  @ParameterizedTest
  @MethodSource("javas")
  void anArchiveThatIsNotWhatItShouldBeShowsInNothing(Path java) throws Exception {
    checkout.realJar();
    checkout.env.put("JAVA_HOME", java.toString());
    checkout.env.put("PATH", System.getenv("PATH"));
    Files.createDirectories(checkout.home.resolve("prompts"));
    Files.writeString(checkout.home.resolve("prompts/p.md"), "Say it");
    Files.write(checkout.home.resolve("prompts/p.chatgpt.md"), ANSWER);

    requireAnswer("made now");
    Path archive = archive(checkout);
    assertThat(archive).as("a training on %s", java).isNotEmptyFile();
    requireAnswer("made before");
    byte[] good = Files.readAllBytes(archive);
    FileTime time = Files.getLastModifiedTime(archive);
    for (int length : new int[] {4096, good.length - 1}) {
      Files.delete(archive);
      Files.write(archive, Arrays.copyOf(good, length));
      requireAnswer("cut to " + length);
      assertThat(Files.getLastModifiedTime(archive)).as("made anew").isEqualTo(time);
    }
    byte[] foreign = good.clone();
    Arrays.fill(foreign, 8, 512, (byte) 'x');
    replace(archive, foreign);
    requireAnswer("of another Java");
    replace(archive, "no archive at all".getBytes(UTF_8));
    requireAnswer("no archive");
    Files.delete(archive);
    requireAnswer("missing");
    assertThat(Files.getLastModifiedTime(archive)).as("made anew").isEqualTo(time);
  }

  /** Puts other bytes in the archive's place, as if they were what had been made. */
  private static void replace(Path archive, byte[] bytes) throws IOException {
    FileTime time = Files.getLastModifiedTime(archive);
    Files.delete(archive);
    Files.write(archive, bytes);
    Files.setLastModifiedTime(archive, time);
  }

  private void requireAnswer(String how) throws Exception {
    Result result = checkout.run("run", "prompts/p.md", "--replay");
    assertThat(result.err()).as(how).isEmpty();
    assertThat(result.out().getBytes(UTF_8))
        .as(how)
        .isEqualTo((new String(ANSWER, UTF_8) + "\n").getBytes(UTF_8));
    assertThat(result.exit()).as(how).isZero();
  }
}
