package graduate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's cron daemon with one user and one crontab, in mount and process namespaces of its own.
 *
 * <p>{@code /etc} there is a copy with one user more and no system crontab, {@code /usr/sbin} holds
 * cron and a {@code sendmail} that puts the mail into a file, and the spool and {@code /run} are
 * empty. Nothing of the machine is changed, a cron that already runs there sees none of it, and the
 * kernel ends all of it with its first process.
 */
public final class CronDaemon {
  /** A tick comes within a minute; what it starts may take as long again on a loaded machine. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final String START =
      """
      set -eu
      dir=$1
      chmod 755 "$dir"
      mount -t tmpfs tmpfs "$dir/private"
      cp -a /etc "$dir/private/etc"
      mkdir -p "$dir/private/sbin" "$dir/private/spool/crontabs"
      cp /usr/sbin/cron "$dir/private/sbin/cron"
      cp "$dir/sendmail" "$dir/private/sbin/sendmail"
      chmod 755 "$dir/private/sbin/sendmail"
      chgrp crontab "$dir/private/spool/crontabs"
      chmod 1730 "$dir/private/spool/crontabs"
      mount --bind "$dir/private/etc" /etc
      mount --bind "$dir/private/sbin" /usr/sbin
      mount --bind "$dir/private/spool" /var/spool/cron
      mount -t tmpfs tmpfs /run
      echo "graduate-test:x:64321:64321::$dir/home:/bin/sh" >>/etc/passwd
      echo 'graduate-test:*:19000:0:99999:7:::' >>/etc/shadow
      echo 'graduate-test:x:64321:' >>/etc/group
      rm -rf /etc/cron.d /etc/crontab
      chown -R graduate-test:graduate-test "$dir/home"
      crontab -u graduate-test "$dir/crontab"
      exec timeout "$2" /usr/sbin/cron -f
      """;

  private static final String SENDMAIL =
      """
      #!/bin/sh
      cat >'HOME/mail.tmp' && mv 'HOME/mail.tmp' 'HOME/mail'
      """;

  private CronDaemon() {}

  /**
   * Runs a crontab until all {@code files} are in the user's home, {@code dir/home}. A mail to the
   * user is {@code mail} there; the last one stays.
   */
  public static void run(Path dir, String crontab, List<String> files) throws Exception {
    Path home = Files.createDirectories(dir.resolve("home"));
    Files.createDirectory(dir.resolve("private"));
    Files.writeString(dir.resolve("crontab"), crontab);
    Files.writeString(dir.resolve("sendmail"), SENDMAIL.replace("HOME", home.toString()));
    Path log = dir.resolve("cron.log");
    try (WatchService created = dir.getFileSystem().newWatchService()) {
      home.register(created, StandardWatchEventKinds.ENTRY_CREATE);
      Process daemon = start(dir, log);
      try {
        await(created, home, files, log);
      } finally {
        List<ProcessHandle> all = daemon.descendants().toList();
        daemon.destroyForcibly().waitFor();
        all.forEach(process -> process.onExit().join());
      }
    }
  }

  private static Process start(Path dir, Path log) throws IOException {
    Path script = Files.writeString(dir.resolve("start"), START);
    return new ProcessBuilder(
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "/bin/sh",
            script.toString(),
            dir.toString(),
            Long.toString(LIMIT.toSeconds()))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void await(WatchService created, Path home, List<String> files, Path log)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!files.stream().allMatch(file -> Files.exists(home.resolve(file)))) {
      WatchKey key = created.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(key)
          .as("%s in the user's home; cron said: %s", files, Files.readString(log))
          .isNotNull();
      key.pollEvents();
      key.reset();
    }
  }
}
