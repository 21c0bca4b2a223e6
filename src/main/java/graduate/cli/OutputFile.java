package graduate.cli;

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
import java.time.LocalDate;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.jspecify.annotations.Nullable;

/**
 * The target of {@code -o}: tried for writing before the call, replaced whole after it, and as it
 * was if anything goes wrong in between.
 */
final class OutputFile implements Closeable {
  private static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");
  private static final Pattern PLACE = Pattern.compile("\\{(?!date\\}|name\\})[^{}/]*\\}");
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
   * @throws UsageException where it is the prompt's or the input's own file, or has another {@code
   *     {…}}
   */
  static @Nullable OutputFile of(
      CommandLine line, Context context, Workspace workspace, Prompt prompt) {
    if (!line.hasOption(RunOptions.OUTPUT)) {
      return null;
    }
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), workspace.settings().zone());
    String given = line.getOptionValue(RunOptions.OUTPUT);
    Matcher unknown = PLACE.matcher(given);
    if (unknown.find()) {
      throw new UsageException("--output: " + unknown.group() + ": known are {date} and {name}");
    }
    String name = given.replace("{date}", today.toString()).replace("{name}", prompt.name());
    if (STANDARD_OUTPUT.contains(name)) {
      return null;
    }
    Path target = Workspace.path(name);
    Path input =
        line.hasOption(RunOptions.INPUT)
            ? Workspace.path(line.getOptionValue(RunOptions.INPUT))
            : prompt.sidecarText(".input");
    boolean end = prompt.end() != null && isSame(target, Path.of(prompt.end().path()));
    if (end || isSame(target, prompt.path()) || isSame(target, input)) {
      throw new UsageException("--output: " + name + " would replace what is read");
    }
    return open(target);
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.isRegularFile(a) && Files.isRegularFile(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
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
