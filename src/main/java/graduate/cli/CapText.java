package graduate.cli;

import graduate.run.Job;
import graduate.spend.Cap;
import graduate.spend.CapExceededException;
import graduate.spend.Committed;
import graduate.spend.Standing;
import graduate.text.Words;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What is said of a cap. */
final class CapText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm z", Locale.ENGLISH);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ENGLISH);

  private CapText() {}

  /** How it stands: {@code cap $1.00: spent $0.41, held $0.58 (3 calls), left $0.01; ends …}. */
  static String standing(Standing standing, ZoneId zone) {
    return standing(standing, DATE.withZone(zone));
  }

  private static String standing(Standing standing, DateTimeFormatter ends) {
    Committed committed = standing.committed();
    int n = committed.calls();
    return "cap %s: spent %s, held %s%s, left %s%s"
        .formatted(
            Usd.near(standing.cap().usd()),
            Usd.near(committed.spent()),
            Usd.near(committed.held()),
            n == 0 ? "" : " (" + Words.counted(n, "call") + ")",
            Usd.down(standing.left()),
            standing.ends().map(end -> "; ends " + ends.format(end)).orElse(""));
  }

  /** Why a call was not sent. */
  static String refusal(CapExceededException e, ZoneId zone) {
    Standing standing = e.standing();
    boolean today = standing.cap().per() == Cap.Per.DAY;
    String stands = standing(standing, (today ? TIME : DATE).withZone(zone));
    return "could cost " + Usd.up(e.worst()) + "; " + standing.cap().per() + " " + stands;
  }

  /** The same, with what would fit and where to look. */
  static String refusal(CapExceededException e, Job job, ZoneId zone) {
    long fits = job.fittingLimit(e.standing().left());
    return refusal(e, zone)
        + (fits > 0 ? ". It would fit with -p " + job.request().limit() + "=" + fits : "")
        + ". See: graduate spend";
  }
}
