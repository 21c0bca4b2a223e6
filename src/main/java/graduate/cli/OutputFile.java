package graduate.cli;

import graduate.audit.Failures;
import graduate.text.UnusableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The target of {@code -o}: tried for writing before the call, replaced whole after it, and as it
 * was if anything goes wrong in between.
 */
final class OutputFile implements Closeable {
  private final Path target;
  private final @Nullable Path fresh;

  private OutputFile(Path target, @Nullable Path fresh) {
    this.target = target;
    this.fresh = fresh;
  }

  /**
   * Makes missing folders, and for a moment an empty file beside {@code target}.
   *
   * @throws UnusableException where it cannot be written
   */
  static OutputFile open(Path target) {
    try {
      if (Files.isDirectory(target)) {
        throw new UnusableException(target, "is a folder");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        return new OutputFile(target, null);
      }
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      Files.createDirectories(real.getParent());
      if (Files.exists(real) && !Files.isWritable(real)) {
        throw new UnusableException(target, "may not be written (permission denied)");
      }
      String name = "." + real.getFileName() + "." + ProcessHandle.current().pid() + ".new";
      Path fresh = real.resolveSibling(name);
      OutputFile file = new OutputFile(real, fresh);
      file.create(fresh);
      // A signal would leave it behind.
      Files.delete(fresh);
      return file;
    } catch (AccessDeniedException e) {
      throw new UnusableException(target, "may not be written (permission denied)");
    } catch (FileAlreadyExistsException e) {
      throw new UnusableException(target, e.getFile() + " is no folder");
    } catch (IOException e) {
      throw new UnusableException(target, "cannot be written: " + Failures.reason(e));
    }
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

  /** Puts {@code content} in the target's place. */
  void write(byte[] content) throws IOException {
    if (fresh == null) {
      Files.write(target, content, StandardOpenOption.WRITE);
      return;
    }
    create(fresh);
    Files.write(fresh, content);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Leaves nothing behind but the target. */
  @Override
  public void close() throws IOException {
    if (fresh != null) {
      Files.deleteIfExists(fresh);
    }
  }
}
