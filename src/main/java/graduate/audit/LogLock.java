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
import org.jspecify.annotations.Nullable;

/**
 * One writer at a time: a mutex within the process, then a lock on a file that nothing else opens.
 *
 * <p>POSIX drops a process's locks on a file when it closes any descriptor of it, so the log itself
 * can't be the locked file. Someone may delete the lock file: its key is compared with the path's
 * after locking and again by {@link #check} before each write.
 */
final class LogLock implements Closeable {
  private static final ReentrantLock PROCESS = new ReentrantLock();
  private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path path;
  private final long until;
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  private LogLock(Path path, long until) {
    this.path = path;
    this.until = until;
  }

  /**
   * Waits for the lock.
   *
   * @throws LogException where it is not free within {@code wait}, or cannot be made
   */
  static LogLock take(Path path, Duration wait) throws IOException {
    LogLock lock = new LogLock(path, System.nanoTime() + wait.toNanos());
    try {
      if (!PROCESS.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw lock.busy();
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while waiting for the lock", e);
    }
    try {
      lock.lockFile();
      return lock;
    } catch (IOException | RuntimeException e) {
      PROCESS.unlock();
      throw e;
    }
  }

  private void lockFile() throws IOException {
    long nap = TimeUnit.MILLISECONDS.toNanos(1);
    for (; ; ) {
      Object before = key();
      FileChannel opened = open(before == null);
      try {
        if (opened.tryLock() != null) {
          Object after = key();
          if (after != null && after.equals(before)) {
            channel = opened;
            key = after;
            return;
          }
          opened.close();
          continue;
        }
      } catch (IOException e) {
        opened.close();
        throw e;
      }
      opened.close();
      if (System.nanoTime() - until > 0) {
        throw busy();
      }
      nap(nap);
      nap = Math.min(2 * nap, LONGEST_NAP_NANOS);
    }
  }

  private FileChannel open(boolean create) throws IOException {
    if (!create) {
      try {
        return FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) {
        return open(true);
      }
    }
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
        AuditLog.OWNER_ONLY);
  }

  /** Throws where the file that is locked is no longer the one at its path. */
  void check() throws IOException {
    if (key == null || !key.equals(key())) {
      throw new LockLostException();
    }
  }

  /** Locks the file that is at the path now. */
  void retake() throws IOException {
    release();
    lockFile();
  }

  private @Nullable Object key() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private LogException busy() {
    return LogException.unwritable(path, "locked by another run", null);
  }

  private static void nap(long nanos) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw new IOException("interrupted while waiting for the lock", e);
    }
  }

  private void release() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      release();
    } finally {
      PROCESS.unlock();
    }
  }
}
