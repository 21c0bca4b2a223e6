package graduate.cron;

/** What was asked for cannot be said in one line of a crontab. */
public final class CronException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CronException(String message) {
    super(message);
  }
}
