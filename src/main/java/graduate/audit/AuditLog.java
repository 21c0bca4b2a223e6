package graduate.audit;

import graduate.text.Failures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The append-only log {@code audit.jsonl}: JSON objects, one a line, each with the hash of the line
 * before it.
 *
 * <pre>
 * {"v":1,"seq":1,"prev":"000…","type":"request","id":…,"time":…,…}\n
 * {"v":1,"seq":2,"prev":SHA-256 of line 1,"type":"response",…}\n
 * </pre>
 *
 * <p>A line that {@link LockedLog#force} has returned for is on disk. Processes and threads take
 * turns by {@link LogLock}. Nothing is ever truncated or rewritten. After a failed write or force
 * this object writes nothing more, for what the disk then holds is not known.
 *
 * <p>Not promised: anything on a network file system, or across containers that do not share locks.
 */
public final class AuditLog {
  /** How long the recording of an answer waits for the lock. */
  public static final Duration RECORDING = Duration.ofSeconds(60);

  /** How long anything waits for the lock once the process is about to end. */
  private static final Duration ENDING = Duration.ofSeconds(2);

  /** For a file that its owner alone may read and write. */
  public static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path folder;
  private final Path path;
  private final Clock clock;
  private volatile boolean broken;
  private volatile @Nullable Long endingNanos;

  /** The log in {@code folder}, which is made when something is first written. */
  public AuditLog(Path folder, Clock clock) {
    this.folder = folder;
    this.path = folder.resolve("audit.jsonl");
    this.clock = clock;
  }

  /** The log file. */
  public Path path() {
    return path;
  }

  /**
   * Waits until no other process or thread writes, and keeps it so until the result is closed.
   *
   * @param wait how long; less once {@link #hurry} is called
   * @throws LogException where the log cannot be locked or opened
   */
  public LockedLog lock(Duration wait) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw LogException.unusable(folder, "cannot be made: " + Failures.reason(e));
    }
    long until = System.nanoTime() + wait.toNanos();
    try {
      LogLock lock = LogLock.take(folder.resolve("audit.lock"), () -> left(until));
      try {
        create();
        FileChannel append =
            FileChannel.open(path, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
        return new LockedLog(this, lock, clock.instant().truncatedTo(ChronoUnit.MILLIS), append);
      } catch (IOException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
  }

  private long left(long until) {
    Long ending = endingNanos;
    long left = until - System.nanoTime();
    return ending == null ? left : Math.min(left, ending - System.nanoTime());
  }

  /** Lets everything that waits for the lock, now or later, give up in two seconds. */
  public void hurry() {
    endingNanos = System.nanoTime() + ENDING.toNanos();
  }

  /**
   * A reader of the whole log as it stands, without a lock; of nothing where there is none.
   *
   * @throws LogException where the log cannot be opened, or others may touch it
   */
  public LogReader reader() {
    boolean unused = isThere();
    return new LogReader(path);
  }

  /** A reader of its lines, unchecked, with the same errors. */
  LineReader lines(long offset) {
    boolean unused = isThere();
    return LineReader.of(path, offset);
  }

  /**
   * Hands on every line from {@code offset} on, unchecked; where the log goes on from a damaged
   * one, that one's lines first, as far as they parse.
   *
   * @return where the next line will begin
   */
  public long each(long offset, Consumer<LogLine> to) {
    return each(lines(offset), offset, to);
  }

  private static long each(LineReader reader, long offset, Consumer<LogLine> to) {
    long next = offset;
    try (reader) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        if (line.type().equals("carried")) {
          each(LineReader.of(line.carried(), 0), 0, to);
        }
        to.accept(line);
        next = line.end();
      }
      return next;
    }
  }

  /** Whether there is a log. */
  public boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  void breakDown() {
    broken = true;
  }

  /** Forces the folder's own entries: a file's name is on disk only then. */
  void forceFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      breakDown();
      throw e;
    }
  }

  private void create() throws IOException {
    if (broken) {
      throw LogException.unusable(path, "not written after a failed write");
    }
    if (!isThere()) {
      Files.createFile(path, OWNER_ONLY);
    }
    if (Files.size(path) == 0) {
      // Whoever made the file may have ended before its name was on disk.
      forceFolder();
    }
  }

  /** Whether the log exists; that it is the owner's alone. */
  private boolean isThere() {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        // Newer Javas say the same of it.
        throw LogException.unusable(folder, "is a file, not a folder");
      }
      return false;
    } catch (IOException e) {
      throw LogException.failed(path, e);
    }
    if (!attributes.isRegularFile()) {
      throw LogException.unusable(path, "no regular file");
    }
    if (!Collections.disjoint(attributes.permissions(), OTHERS)) {
      String mode = PosixFilePermissions.toString(attributes.permissions());
      throw LogException.unusable(path, "open to others (" + mode + "). Type: chmod 600 " + path);
    }
    return true;
  }
}
