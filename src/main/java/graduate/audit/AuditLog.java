package graduate.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * The append-only log {@code audit.jsonl}: JSON objects, one a line, each with the hash of the line
 * before it.
 *
 * <pre>
 * {"v":1,"seq":1,"prev":"000…","type":"request","id":…,"time":…,…}\n
 * {"v":1,"seq":2,"prev":SHA-256 of line 1,"type":"response",…}\n
 * </pre>
 *
 * <p>A line that {@link LogWriter#append} has returned is on disk. Processes and threads take turns
 * by {@link LogLock}. Nothing is ever truncated or rewritten. After a failed write or force this
 * object writes nothing more, for what the disk then holds is not known.
 *
 * <p>Not promised: anything on a network file system, or across containers that do not share locks.
 */
public final class AuditLog {
  /** How long the recording of an answer waits for the lock. */
  public static final Duration RECORDING = Duration.ofSeconds(60);

  static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final String FORM = "0000-00-00T00:00:00.000Z";

  private final Path folder;
  private final Path path;
  private final Clock clock;
  private boolean broken;

  /** The log in {@code folder}, which is made when something is first written. */
  public AuditLog(Path folder, Clock clock) {
    this.folder = folder;
    this.path = folder.resolve("audit.jsonl");
    this.clock = clock;
  }

  /** RFC 3339 in UTC with milliseconds. */
  public static String time(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return time.toLocalDate()
        + "T"
        + digits(time.getHour(), 2)
        + ":"
        + digits(time.getMinute(), 2)
        + ":"
        + digits(time.getSecond(), 2)
        + "."
        + digits(time.getNano() / 1_000_000, 3)
        + "Z";
  }

  private static String digits(int number, int length) {
    String digits = Integer.toString(number);
    return "0".repeat(length - digits.length()) + digits;
  }

  /** The day that {@code text} names, empty where it names none. */
  public static Optional<LocalDate> date(String text) {
    Optional<Instant> start = instant(text + "T00:00:00.000Z");
    return start.isEmpty()
        ? Optional.empty()
        : Optional.of(LocalDate.ofInstant(start.get(), ZoneOffset.UTC));
  }

  /** The moment that {@code text} names, empty where it names none. */
  public static Optional<Instant> instant(String text) {
    try {
      return Optional.of(isTime(text) ? written(text) : Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether {@code text} has the form that {@link #time} gives. A log has so many that reading them
   * by the standard library takes as long as the rest of their lines, and a run so few that its
   * formatters take longer to load than to use.
   */
  private static boolean isTime(String text) {
    boolean same = text.length() == FORM.length();
    for (int i = 0; same && i < FORM.length(); i++) {
      char c = text.charAt(i);
      same = FORM.charAt(i) == '0' ? c >= '0' && c <= '9' : c == FORM.charAt(i);
    }
    // The library knows a midnight at 24:00 and leap seconds.
    return same && number(text, 11, 13) < 24 && number(text, 17, 19) < 60;
  }

  private static Instant written(String text) {
    LocalDateTime time =
        LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            number(text, 20, 23) * 1_000_000);
    return time.toInstant(ZoneOffset.UTC);
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  /** The log file. */
  public Path path() {
    return path;
  }

  /** What is done while the log is open, and what comes of it. */
  @FunctionalInterface
  public interface Work<A, R> {
    R apply(A opened) throws IOException;
  }

  /**
   * Does {@code work} while no other process or thread writes.
   *
   * @param wait how long to wait for the lock
   * @throws LogException where the log cannot be locked, opened or trusted
   */
  public <R> R write(Duration wait, Work<LogWriter, R> work) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw LogException.unwritable(folder, "cannot be made: " + Failures.reason(e), e);
    }
    try (LogLock lock = LogLock.take(folder.resolve("audit.lock"), wait)) {
      for (; ; ) {
        if (broken) {
          throw LogException.unwritable(path, "not written after a failed write", null);
        }
        create();
        try (FileChannel read = open(StandardOpenOption.READ);
            FileChannel append = open(StandardOpenOption.APPEND)) {
          Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
          return work.apply(new LogWriter(this, lock, read, append, now));
        } catch (LockLostException e) {
          lock.retake();
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Does {@code work} with the log as it stands, without a lock; with nothing where there is none.
   *
   * @throws LogException where the log cannot be opened or trusted
   */
  public <R> R read(Work<Optional<FileChannel>, R> work) {
    try {
      if (!check()) {
        return work.apply(Optional.empty());
      }
      try (FileChannel read = open(StandardOpenOption.READ)) {
        return work.apply(Optional.of(read));
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private LogException failed(IOException e) {
    String file = e instanceof FileSystemException f ? f.getFile() : null;
    return LogException.unwritable(file == null ? path : Path.of(file), Failures.reason(e), e);
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
    if (!check()) {
      Files.createFile(path, OWNER_ONLY);
    }
    if (Files.size(path) == 0) {
      // Whoever made the file may have ended before its name was on disk.
      forceFolder();
    }
  }

  /** Whether the log exists; that it is the owner's alone. */
  private boolean check() throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return false;
    }
    if (!attributes.isRegularFile()) {
      throw LogException.unwritable(path, "no regular file", null);
    }
    if (!Collections.disjoint(attributes.permissions(), OTHERS)) {
      String mode = PosixFilePermissions.toString(attributes.permissions());
      throw LogException.unwritable(
          path, "open to others (" + mode + "). Type: chmod 600 " + path, null);
    }
    return true;
  }

  private FileChannel open(StandardOpenOption how) throws IOException {
    return FileChannel.open(path, how, LinkOption.NOFOLLOW_LINKS);
  }
}
