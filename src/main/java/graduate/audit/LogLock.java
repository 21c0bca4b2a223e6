package graduate.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One writer at a time: a mutex within the process, then a lock on a file that nothing else opens.
 *
 * <p>POSIX drops a process's locks on a file when it closes any descriptor of it, so the log itself
 * can't be the locked file. Someone may delete the lock file: one that was deleted while it was
 * waited for is taken anew, and {@link #check} tells of one that was deleted since.
 *
 * @param key of the file that is locked
 */
record LogLock(Path path, FileChannel channel, Object key) implements Closeable {
  private static final ReentrantLock PROCESS = new ReentrantLock();
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final long NAP_MILLIS = 5;

  /**
   * Waits for the lock.
   *
   * @param left nanoseconds until it is given up; asked every second while another thread has it,
   *     every 5 ms while another process has
   * @throws LogException where it was not free in time
   */
  static LogLock take(Path path, LongSupplier left) throws IOException {
    LogLock lock = null;
    try {
      while (!PROCESS.tryLock(Math.min(left.getAsLong(), LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
        requireTime(path, left);
      }
      try {
        for (lock = tryFile(path); lock == null; lock = tryFile(path)) {
          requireTime(path, left);
          Thread.sleep(NAP_MILLIS);
        }
        return lock;
      } finally {
        if (lock == null) {
          PROCESS.unlock();
        }
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while waiting for the lock", e);
    }
  }

  private static void requireTime(Path path, LongSupplier left) {
    if (left.getAsLong() < 0) {
      throw LogException.unusable(path, "locked by another run");
    }
  }

  /** The lock; null where another has it, or the file was made or deleted just now. */
  private static @Nullable LogLock tryFile(Path path) throws IOException {
    Object before = key(path);
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
            AuditLog.OWNER_ONLY);
    LogLock lock = null;
    try {
      // The same file before it was opened and after it was locked: so that one was locked.
      if (before != null && opened.tryLock() != null && before.equals(key(path))) {
        lock = new LogLock(path, opened, before);
      }
      return lock;
    } finally {
      if (lock == null) {
        opened.close();
      }
    }
  }

  /** Throws where the file that is locked is no longer the one at its path. */
  void check() throws IOException {
    if (!key.equals(key(path))) {
      throw LogException.unusable(path, "deleted while a run held it. Run again");
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      PROCESS.unlock();
    }
  }
}
