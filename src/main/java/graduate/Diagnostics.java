package graduate;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import graduate.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The diagnostics {@code graduate.log}: exits and retries, never prompt, answer or key. Set up in
 * code, for Logback's XML takes 40 ms at start.
 */
final class Diagnostics implements Supplier<Logger> {
  private static final long ROLLED_BYTES = 1 << 20;

  private final Path folder;
  private @Nullable Logger logger;

  /** Diagnostics in {@code folder}, of which nothing is made before something is said. */
  Diagnostics(Path folder) {
    this.folder = folder;
  }

  /** The logger; where the folder cannot be written, it says nothing. */
  @Override
  public synchronized Logger get() {
    if (logger == null) {
      logger = open();
    }
    return logger;
  }

  private Logger open() {
    LoggerContext context = new LoggerContext();
    // SLF4J sets it where it makes the context itself; without one no event is ever written.
    context.setMDCAdapter(new LogbackMDCAdapter());
    Path file = folder.resolve("graduate.log");
    if (Files.isDirectory(folder) && Files.isWritable(folder)) {
      roll(file);
      create(file);
      FileAppender<ILoggingEvent> appender = new FileAppender<>();
      appender.setContext(context);
      appender.setFile(file.toString());
      appender.setEncoder(encoder(context));
      appender.start();
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
    return context.getLogger("graduate");
  }

  /**
   * Puts a file of over a megabyte aside, and what was aside before it; the third is gone. Not by
   * Logback, which takes a percent sign in the folder's name for a pattern.
   */
  private static void roll(Path file) {
    Path first = Path.of(file + ".1");
    try {
      if (Files.size(file) > ROLLED_BYTES) {
        if (Files.exists(first)) {
          Files.move(first, Path.of(file + ".2"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(file, first);
      }
    } catch (IOException e) {
      // There is none yet, or another run puts it aside, or it grows on.
    }
  }

  /** Creates the file for its owner alone, whatever the umask. */
  private static void create(Path file) {
    try {
      Files.createFile(file, AuditLog.OWNER_ONLY);
    } catch (IOException e) {
      // Its mode was set when it was made, or the appender fails too, and says nothing.
    }
  }

  private static PatternLayoutEncoder encoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %level %replace(%msg){'[\\r\\n]+',' '}%n%nopex");
    encoder.start();
    return encoder;
  }
}
