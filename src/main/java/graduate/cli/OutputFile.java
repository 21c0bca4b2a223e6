package graduate.cli;

import graduate.prompt.Prompt;
import graduate.text.Failures;
import graduate.text.UnusableException;
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
import java.nio.file.attribute.FileAttribute;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files that answers go to: tried for writing before a call, replaced whole after it, and as they
 * were if anything goes wrong in between.
 */
final class OutputFile {
  /** What names standard output. */
  static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  private static final Pattern PLACE = Pattern.compile("\\{(?!date\\}|name\\})[^{}/]*\\}");
  private static final Pattern LOG =
      Pattern.compile("audit.*\\.(jsonl|lock)|spend\\.json|graduate\\.log");
  private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.(\\d{1,18})\\.new");

  private OutputFile() {}

  /**
   * The file that {@code -o} names, {@code {date}} and {@code {name}} in it filled in; null where
   * that is standard output.
   *
   * @throws UsageException where it would replace what is read or recorded, or has another {@code
   *     {…}}
   */
  static @Nullable Path of(Workspace workspace, Prompt prompt) {
    Arguments line = workspace.line();
    String given = line.value("output", "-");
    Matcher unknown = PLACE.matcher(given);
    if (unknown.find()) {
      throw new UsageException("--output: " + unknown.group() + ": known are {date} and {name}");
    }
    String name =
        given.replace("{date}", workspace.today().toString()).replace("{name}", prompt.name());
    if (STANDARD_OUTPUT.contains(name)) {
      return null;
    }
    Path target = Workspace.path(name);
    requireOther("output", List.of(target), line.paths("input"), prompt, workspace.context());
    return tried(target);
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
   * @return where it stands, without links, or as given where it is written to
   * @throws UnusableException where it cannot be written
   */
  static Path tried(Path target) {
    try {
      Path file = checked(target);
      if (isReplaced(file)) {
        Files.createDirectories(file.getParent());
        create(beside(file), file);
        // A signal would leave it behind.
        Files.delete(beside(file));
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
  static Path checked(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new UnusableException(target, "is a folder");
    }
    if (!isReplaced(target)) {
      return target;
    }
    if (!Files.exists(target)) {
      return target.toAbsolutePath();
    }
    if (!Files.isWritable(target)) {
      throw new UnusableException(target, "may not be written (permission denied)");
    }
    return target.toRealPath();
  }

  /** What is no regular file, such as a named pipe, is written to. */
  private static boolean isReplaced(Path file) {
    return Files.isRegularFile(file) || !Files.exists(file);
  }

  /** What is to stand in a file. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it. */
    void writeTo(OutputStream to) throws IOException;
  }

  /**
   * Puts {@code content} in the place of a file that was tried or checked, and forces it to disk.
   *
   * @param mode in place of the file's own
   */
  static void write(Path file, Content content, FileAttribute<?>... mode) throws IOException {
    write(file, content, true, mode);
  }

  /** The same where it need not be forced. */
  static void writeUnforced(Path file, Content content) throws IOException {
    write(file, content, false);
  }

  private static void write(Path file, Content content, boolean force, FileAttribute<?>... mode)
      throws IOException {
    if (!isReplaced(file)) {
      try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        content.writeTo(to);
      }
      return;
    }
    Path fresh = beside(file);
    try {
      create(fresh, file, mode);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        content.writeTo(Channels.newOutputStream(channel));
        if (force) {
          channel.force(true);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling(
        "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
  }

  /** Creates what takes a file's place, with its permissions unless others are given. */
  private static void create(Path fresh, Path file, FileAttribute<?>... mode) throws IOException {
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, mode);
    if (mode.length == 0 && Files.exists(file)) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
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
}
