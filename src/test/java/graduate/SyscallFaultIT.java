package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.harness.Accounts;
import graduate.harness.Program;
import graduate.harness.RawServer;
import graduate.harness.Strace;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every write, force, rename and open in {@code logs/} fails once, each in a process of its own;
 * the runs before and after it are in this one.
 *
 * <p>A short write is one that strace says was short: nothing is written at all.
 */
@Tag("machine")
class SyscallFaultIT {
  private static final String WRITES = "write,pwrite64,writev,pwritev";
  private static final String FORCES = "fdatasync,fsync";
  private static final String RENAMES = "rename,renameat,renameat2";
  private static final String OPENS = "openat,open,creat";

  /** What no promise rests on. */
  private static final Pattern HARMLESS = Pattern.compile("logs/(spend\\.json|graduate\\.log)");

  /** The folder's or the log's; both are forced before a request leaves. */
  private static final Pattern AUDIT = Pattern.compile("logs(>|\"|/audit\\.jsonl)");

  @TempDir private Path folder;

  /** A log of so many lines before the run, and what the server says in it. */
  private enum Scene {
    FIRST_RUN(0, RawServer.answer("Paid for."), 0, "Paid for.\n"),
    LATER_RUN(2, RawServer.answer("Paid for."), 0, "Paid for.\n"),
    REFUSED_RUN(2, RawServer.response("401 Unauthorized", "", "{}"), 5, "");

    private final int lines;
    private final String response;
    private final int exit;
    private final String out;

    Scene(int lines, String response, int exit, String out) {
      this.lines = lines;
      this.response = response;
      this.exit = exit;
      this.out = out;
    }
  }

  @ParameterizedTest
  @CsvSource({"FIRST_RUN, EIO", "LATER_RUN, ENOSPC", "REFUSED_RUN, ENOSPC"})
  void eachWriteFails(Scene scene, String error) throws Exception {
    assertThat(failEach(scene, WRITES, "error=" + error)).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"FIRST_RUN, 100", "LATER_RUN, 1"})
  void eachWriteIsShort(Scene scene, int bytes) throws Exception {
    assertThat(failEach(scene, WRITES, "retval=" + bytes)).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"FIRST_RUN, ENOSPC", "LATER_RUN, EIO"})
  void eachForceFails(Scene scene, String error) throws Exception {
    int folders = scene == Scene.FIRST_RUN ? 1 : 0;
    int fsyncs = failEach(scene, "fsync", "error=" + error);
    assertThat(fsyncs).isEqualTo(folders);
    assertThat(failEach(scene, "fdatasync", "error=" + error)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"FIRST_RUN, ENOSPC", "LATER_RUN, EIO"})
  void eachRenameFails(Scene scene, String error) throws Exception {
    assertThat(failEach(scene, RENAMES, "error=" + error)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"FIRST_RUN, ENOSPC", "REFUSED_RUN, EIO"})
  void eachOpenFails(Scene scene, String error) throws Exception {
    assertThat(failEach(scene, OPENS, "error=" + error)).isGreaterThanOrEqualTo(12);
  }

  /** Runs with the n-th call failing, for all n until none is left; how many there were. */
  private int failEach(Scene scene, String calls, String fault) throws Exception {
    for (int n = 1; ; n++) {
      if (!fail(scene, calls, fault + ":when=" + n)) {
        return n - 1;
      }
    }
  }

  private boolean fail(Scene scene, String calls, String fault) throws Exception {
    Program program = new Program(Files.createTempDirectory(folder, "run"));
    program.prompt("graduate.json", Accounts.SETTINGS);
    Path prompt = program.prompt("hello.md", "Say hello");
    try (RawServer server = RawServer.saying(scene.response)) {
      program.at(server.port());
      if (scene.lines > 0) {
        assertThat(program.here(prompt).exit()).isEqualTo(scene.exit);
      }
      int before = server.requests().size();
      Strace strace = new Strace(program);
      program.under(strace.command(calls, fault));
      Program.Ended ended = program.run(prompt);
      int sent = server.requests().size() - before;

      List<String> made = strace.calls();
      int failed = failed(made);
      if (failed < 0) {
        return false;
      }
      String where = fault + ": " + made.get(failed);
      if (HARMLESS.matcher(made.get(failed)).find()) {
        assertThat(ended.exit()).as(where).isEqualTo(scene.exit);
        assertThat(ended.out()).as(where).isEqualTo(scene.out);
        assertThat(program.lines()).as(where).hasSize(scene.lines + 2);
      } else {
        boolean forced = forced(made.subList(0, failed));
        assertThat(sent).as(where).isEqualTo(forced ? 1 : 0);
        assertThat(ended.exit()).as(where).isEqualTo(forced ? 10 : 9);
        assertThat(ended.out()).as(where).isEqualTo(forced ? scene.out : "");
        assertThat(ended.stderr().lines())
            .as(where)
            .allMatch(line -> line.startsWith("graduate: "));
        assertThat(made.subList(failed + 1, made.size()))
            .as(where)
            .noneMatch(call -> AUDIT.matcher(call).find() && writes(call));
      }
      theNextRunWorks(program, scene, prompt, where, server);
      return true;
    }
  }

  /**
   * The first call that failed, one that matters before one that does not: each thread counts its
   * own calls, so that more than one may have failed. -1 where none did.
   */
  private static int failed(List<String> calls) {
    int harmless = -1;
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).contains("(INJECTED)")) {
        if (!HARMLESS.matcher(calls.get(i)).find()) {
          return i;
        }
        harmless = harmless < 0 ? i : harmless;
      }
    }
    return harmless;
  }

  private static boolean writes(String call) {
    return Pattern.compile("^\\d+ +(p?write|f(data)?sync|rename)").matcher(call).find();
  }

  /** Whether a line was forced. */
  private static boolean forced(List<String> calls) {
    return calls.stream().anyMatch(call -> call.contains(" fdatasync(") && call.endsWith("= 0"));
  }

  /** Without faults; and nothing that was sent is forgotten. */
  private static void theNextRunWorks(
      Program program, Scene scene, Path prompt, String where, RawServer server) throws Exception {
    long unanswered = calls(program, "request") - calls(program, "response");
    BigDecimal least = Accounts.RESERVED.multiply(BigDecimal.valueOf(unanswered));

    Program.Ended next = program.here(prompt);

    assertThat(next.exit()).as(where).isEqualTo(scene.exit);
    assertThat(next.out()).as(where).isEqualTo(scene.out);
    Accounts accounts = Accounts.of(program);
    assertThat(accounts.verify().seq()).as(where).isEqualTo(program.lines().size());
    assertThat(accounts.held()).as(where).isEqualByComparingTo(least);
    BigDecimal bill =
        scene.exit == 0
            ? Accounts.COST.multiply(BigDecimal.valueOf(server.requests().size()))
            : BigDecimal.ZERO;
    assertThat(accounts.held().add(accounts.spent())).as(where).isGreaterThanOrEqualTo(bill);
  }

  private static long calls(Program program, String type) throws IOException {
    return program.lines().stream()
        .filter(line -> line.contains("\"type\":\"" + type + "\""))
        .count();
  }

  /** A crash may come between making the log and forcing its folder. */
  @Test
  void forcesTheFolderUntilTheLogHasALine() throws Exception {
    Program program = new Program(folder).unset("OPENAI_API_KEY");
    Path prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Hello!");
    Files.createDirectories(program.log().getParent());
    Files.createFile(program.log());
    Files.setPosixFilePermissions(program.log(), PosixFilePermissions.fromString("rw-------"));
    Strace strace = new Strace(program);
    program.under(strace.command(FORCES, ""));

    assertThat(program.run(prompt, "--replay").exit()).isZero();
    assertThat(strace.calls().stream().filter(SyscallFaultIT::writes))
        .first()
        .asString()
        .contains(" fsync(");
  }
}
