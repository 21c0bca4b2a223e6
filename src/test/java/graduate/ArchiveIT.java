package graduate;

import static graduate.harness.FakeCheckout.ago;
import static graduate.harness.FakeCheckout.executable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.FakeCheckout;
import graduate.harness.FakeCheckout.Result;
import graduate.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The launcher's archive of loaded classes: when it is made, when it is used, and that it shows in
 * nothing.
 */
class ArchiveIT {
  private static final byte[] ANSWER = "One.\nTwo, without a newline".getBytes(UTF_8);

  private static final Pattern NEW_ENOUGH =
      Pattern.compile("^JAVA_VERSION=\"(1[7-9]|[2-9]\\d)", Pattern.MULTILINE);

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
    try (Stream<Path> files = Files.list(checkout.home.resolve("target"))) {
      List<Path> archives = files.filter(file -> file.toString().endsWith(".jsa")).toList();
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
        .filter(arg -> arg.startsWith("-XX:SharedArchiveFile="))
        .toList();
  }

  @Test
  void isMadeOnceByAReplayThatNothingOfTheUsersCanSpoil() throws Exception {
    checkout.jar("jar");
    checkout.env.put("GRADUATE_CONFIG", "/nowhere");
    checkout.env.put("GRADUATE_LOGS", "/nowhere");
    List<String> first = used();
    assertThat(first).containsExactly("-XX:SharedArchiveFile=" + archive(checkout));
    assertThat(Files.readString(checkout.machine.resolve("trainings")))
        .contains(" graduate.Main ", " --replay")
        .contains(" -Dgraduate.home=" + checkout.home + "/target/launcher.");
    assertThat(used()).isEqualTo(first);
    assertThat(trainings()).isEqualTo(1);
    assertThat(checkout.home.toFile().list())
        .containsExactlyInAnyOrder("graduate", "pom.xml", "src", "target");
  }

  @Test
  void isMadeAnewForAnotherJarAndKeptForEachJava() throws Exception {
    checkout.jar("jar");
    List<String> first = used();
    Files.setLastModifiedTime(checkout.home.resolve("target/graduate.jar"), ago(60));
    used();
    assertThat(trainings()).isEqualTo(2);

    checkout.env.put("JAVA_HOME", checkout.jdk("other", "21").toString());
    assertThat(used()).isNotEqualTo(first).hasSize(1);
    checkout.env.put("JAVA_HOME", jdk.toString());
    assertThat(used()).isEqualTo(first);
    assertThat(trainings()).isEqualTo(3);
  }

  @Test
  void whereTrainingFailsItIsNotTriedAgain() throws Exception {
    checkout.jar("jar");
    String java = Files.readString(jdk.resolve("bin/java"));
    executable(jdk.resolve("bin/java"), java.replace("exit 0\n      ;;", "exit 1\n      ;;"));
    assertThat(used()).isEmpty();
    assertThat(used()).isEmpty();
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void whereSomebodyElseMakesItItRunsWithout() throws Exception {
    checkout.jar("jar");
    Path lock = checkout.home.resolve("target/launcher.lock");
    String self = Long.toString(ProcessHandle.current().pid());
    Files.createSymbolicLink(lock, Path.of(self));
    assertThat(used()).isEmpty();
    assertThat(trainings()).isZero();
    Files.delete(lock);
    assertThat(used()).hasSize(1);
  }

  /** Every Java of this machine that the launcher takes. */
  static List<Path> javas() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path home : Program.javas()) {
      if (NEW_ENOUGH.matcher(Files.readString(home.resolve("release"))).find()) {
        all.add(home);
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("javas")
  void anArchiveThatIsNotWhatItShouldBeShowsInNothing(Path java) throws Exception {
    checkout.realJar();
    checkout.env.put("JAVA_HOME", java.toString());
    Files.createDirectories(checkout.home.resolve("prompts"));
    Files.writeString(checkout.home.resolve("prompts/p.md"), "Say it");
    Files.write(checkout.home.resolve("prompts/p.chatgpt.md"), ANSWER);

    Path logs = checkout.home.resolve("logs");
    checkout.env.put("GRADUATE_LOGS", logs.toString());
    assertThat(checkout.run("--version").exit()).isZero();
    assertThat(logs).as("notes of the training").doesNotExist();
    Path archive = archive(checkout);
    assertThat(archive).as("a training on %s", java).isNotEmptyFile();
    requireAnswer("made before");
    byte[] good = Files.readAllBytes(archive);
    FileTime time = Files.getLastModifiedTime(archive);
    Files.delete(archive);
    Files.write(archive, Arrays.copyOf(good, 4096));
    requireAnswer("cut");
    assertThat(Files.getLastModifiedTime(archive)).as("made anew").isEqualTo(time);
    byte[] foreign = good.clone();
    Arrays.fill(foreign, 8, 512, (byte) 'x');
    replace(archive, foreign);
    requireAnswer("of another Java");
    replace(archive, "no archive at all".getBytes(UTF_8));
    requireAnswer("no archive");
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
