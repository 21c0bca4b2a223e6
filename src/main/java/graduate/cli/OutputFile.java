package graduate.cli;

import graduate.audit.AuditLog;
import graduate.prompt.Prompt;
import graduate.text.Failures;
import graduate.text.UnusableException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The target of {@code -o}: tried for writing before the call, replaced whole after it, and as it
 * was if anything goes wrong in between.
 */
final class OutputFile implements Closeable {
  /** What names standard output. */
  static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  private static final Pattern PLACE = Pattern.compile("\\{(?!date\\}|name\\})[^{}/]*\\}");
  private static final Pattern LOG =
      Pattern.compile("audit.*\\.(jsonl|lock)|spend\\.json|graduate\\.log");
  private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.(\\d{1,18})\\.new");

  private final Path target;
  private final @Nullable Path fresh;

  private OutputFile(Path target, @Nullable Path fresh) {
    this.target = target;
    this.fresh = fresh;
  }

  /**
   * The file that {@code -o} names, {@code {date}} and {@code {name}} in it filled in; null where
   * that is standard output.
   *
   * @throws UsageException where it would replace what is read or recorded, or has another {@code
   *     {…}}
   */
  static @Nullable OutputFile of(
      Arguments line, Context context, Workspace workspace, Prompt prompt) {
    if (!line.has("output")) {
      return null;
    }
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), workspace.settings().zone());
    String given = line.value("output");
    Matcher unknown = PLACE.matcher(given);
    if (unknown.find()) {
      throw new UsageException("--output: " + unknown.group() + ": known are {date} and {name}");
    }
    String name = given.replace("{date}", today.toString()).replace("{name}", prompt.name());
    if (STANDARD_OUTPUT.contains(name)) {
      return null;
    }
    Path target = Workspace.path(name);
    List<Path> read = line.paths("input");
    requireOther("output", List.of(target), read, prompt, context);
    return open(target);
  }

  /**
   * Makes sure that no target is a file that is read, one beside the prompt or one of the log's.
   * What is no regular file is written to, not replaced.
   *
   * @param option that names the targets
   */
  static void requireOther(
      String option,
      Collection<Path> targets,
      Collection<Path> read,
      Prompt prompt,
      Context context) {
    Set<Object> kept = new HashSet<>();
    kept.add(key(prompt.path()));
    read.forEach(file -> kept.add(key(file)));
    Path logs = real(context.logs());
    for (Path target : targets) {
      if (!Files.isRegularFile(target) && !isLog(target)) {
        continue;
      }
      Path file = real(target);
      String name = String.valueOf(file.getFileName());
      boolean log = isLog(file) && logs.equals(file.getParent());
      boolean beside =
          prompt.isSidecar(name) && file.equals(real(prompt.path().resolveSibling(name)));
      if (log || beside || kept.contains(key(file))) {
        throw new UsageException(
            "--" + option + ": " + target + " would replace what is read or recorded");
      }
    }
  }

  private static boolean isLog(Path file) {
    return LOG.matcher(String.valueOf(file.getFileName())).matches();
  }

  /** What is the same for all names of a file. */
  private static Object key(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? real(file) : key;
    } catch (IOException e) {
      return real(file);
    }
  }

  /** Where a file stands, or would stand, without links. */
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      Path absolute = file.toAbsolutePath().normalize();
      Path folder = absolute.getParent();
      return folder == null ? absolute : real(folder).resolve(absolute.getFileName());
    }
  }

  /**
   * Makes missing folders, and for a moment an empty file beside {@code target}.
   *
   * @throws UnusableException where it cannot be written
   */
  static OutputFile open(Path target) {
    try {
      OutputFile file = at(target);
      if (file.fresh != null) {
        Files.createDirectories(file.target.getParent());
        file.create(file.fresh);
        // A signal would leave it behind.
        Files.delete(file.fresh);
      }
      return file;
    } catch (AccessDeniedException e) {
      throw new UnusableException(target, "may not be written (permission denied)");
    } catch (FileAlreadyExistsException e) {
      throw new UnusableException(target, e.getFile() + " is no folder");
    } catch (IOException e) {
      throw new UnusableException(target, "cannot be written: " + Failures.reason(e));
    }
  }

  /** The same without a trial, for many in one folder. */
  static OutputFile at(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new UnusableException(target, "is a folder");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      return new OutputFile(target, null);
    }
    Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (Files.exists(real) && !Files.isWritable(real)) {
      throw new UnusableException(target, "may not be written (permission denied)");
    }
    String name = "." + real.getFileName() + "." + ProcessHandle.current().pid() + ".new";
    return new OutputFile(real, real.resolveSibling(name));
  }

  private void create(Path fresh) throws IOException {
    Files.deleteIfExists(fresh);
    Files.createFile(fresh);
    if (Files.exists(target)) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
    }
  }

  /** Where the answer goes. */
  Path target() {
    return target;
  }

  /** What is to stand in a file. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it. */
    void writeTo(OutputStream to) throws IOException;
  }

  /** Puts {@code content} in the target's place, and forces it to disk. */
  void write(byte[] content) throws IOException {
    write(to -> to.write(content), true);
  }

  /** The same with content that is written bit by bit, and need not be forced. */
  void write(Content content, boolean force) throws IOException {
    if (fresh != null) {
      create(fresh);
    }
    replace(content, force);
  }

  /** The same, for its owner alone to read. */
  void writeForOwner(Content content) throws IOException {
    if (fresh != null) {
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, AuditLog.OWNER_ONLY);
    }
    replace(content, true);
  }

  private void replace(Content content, boolean force) throws IOException {
    Path to = fresh == null ? target : fresh;
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      content.writeTo(Channels.newOutputStream(channel));
      if (force && fresh != null) {
        channel.force(true);
      }
    }
    if (fresh != null) {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Removes what killed runs were about to rename in that folder. */
  static void removeLeftovers(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".*.*.new")) {
      for (Path file : left) {
        Matcher name = LEFTOVER.matcher(String.valueOf(file.getFileName()));
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Leaves nothing behind but the target. */
  @Override
  public void close() throws IOException {
    if (fresh != null) {
      Files.deleteIfExists(fresh);
    }
  }
}
