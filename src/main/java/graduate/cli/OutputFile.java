package graduate.cli;

import graduate.prompt.PromptException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
   * Makes missing folders and an empty file beside {@code target}.
   *
   * @throws PromptException where it cannot be written
   */
  static OutputFile open(Path target) {
    try {
      if (Files.isDirectory(target)) {
        throw new PromptException(target, "is a folder");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        return new OutputFile(target, null);
      }
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      Files.createDirectories(real.getParent());
      if (Files.exists(real) && !Files.isWritable(real)) {
        throw new PromptException(target, "may not be written (permission denied)");
      }
      String name = "." + real.getFileName() + "." + ProcessHandle.current().pid() + ".new";
      Path fresh = real.resolveSibling(name);
      Files.deleteIfExists(fresh);
      Files.createFile(fresh);
      if (Files.exists(real)) {
        Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(real));
      }
      return new OutputFile(real, fresh);
    } catch (IOException e) {
      throw new PromptException(target, "cannot be written: " + e);
    }
  }

  /** Puts {@code content} in the target's place. */
  void write(byte[] content) throws IOException {
    if (fresh == null) {
      Files.write(target, content, StandardOpenOption.WRITE);
      return;
    }
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
