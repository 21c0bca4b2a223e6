package graduate.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Debian's cron daemon does minute by minute, written apart from {@link Schedule}: it compares
 * the wall clock with the minute up to which it has run everything, and tells a clock change by the
 * distance of the two. Slow, and trusting of its expression.
 */
record DaemonScan(String minute, String hour, String day, String month, String weekday) {
  static DaemonScan of(String schedule) {
    String fields =
        switch (schedule) {
          case "@yearly", "@annually" -> "0 0 1 1 *";
          case "@monthly" -> "0 0 1 * *";
          case "@weekly" -> "0 0 * * 0";
          case "@daily", "@midnight" -> "0 0 * * *";
          case "@hourly" -> "0 * * * *";
          default -> schedule;
        };
    List<String> parts = List.of(fields.toLowerCase(Locale.ROOT).split(" ", -1));
    return new DaemonScan(
        parts.get(0),
        parts.get(1),
        parts.get(2),
        numbered(parts.get(3), "???janfebmaraprmayjunjulaugsepoctnovdec"),
        numbered(parts.get(4), "sunmontuewedthufrisat"));
  }

  private static String numbered(String field, String names) {
    String text = field;
    for (int i = 0; i < names.length(); i += 3) {
      text = text.replace(names.substring(i, i + 3), Integer.toString(i / 3));
    }
    return text;
  }

  /** Every run later than {@code from} and no later than {@code to}. */
  List<ZonedDateTime> runs(ZonedDateTime from, ZonedDateTime to) {
    List<ZonedDateTime> runs = new ArrayList<>();
    ZoneId zone = from.getZone();
    boolean wild = minute.charAt(0) == '*' || hour.charAt(0) == '*';
    long done = wallMinute(from.toInstant(), zone);
    for (Instant now = from.toInstant().plusSeconds(60);
        !now.isAfter(to.toInstant());
        now = now.plusSeconds(60)) {
      long clock = wallMinute(now, zone);
      long ahead = clock - done;
      boolean corrected = ahead > 180 || ahead <= -180;
      long first = wild || corrected ? clock : done + 1;
      for (long minute = first; minute <= clock; minute++) {
        if (matches(minute)) {
          runs.add(now.atZone(zone));
        }
      }
      done = ahead > 0 || corrected ? clock : done;
    }
    return runs;
  }

  private static long wallMinute(Instant instant, ZoneId zone) {
    int offset = zone.getRules().getOffset(instant).getTotalSeconds();
    return Math.floorDiv(instant.getEpochSecond() + offset, 60L);
  }

  private boolean matches(long wallMinute) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(wallMinute * 60, 0, ZoneOffset.UTC);
    if (!has(minute, time.getMinute(), 0, 59)
        || !has(hour, time.getHour(), 0, 23)
        || !has(month, time.getMonthValue(), 1, 12)) {
      return false;
    }
    int sunday0 = time.getDayOfWeek().getValue() % 7;
    boolean byDay = has(day, time.getDayOfMonth(), 1, 31);
    boolean byWeekday = has(weekday, sunday0, 0, 7) || (sunday0 == 0 && has(weekday, 7, 0, 7));
    boolean starred = day.charAt(0) == '*' || weekday.charAt(0) == '*';
    return starred ? byDay && byWeekday : byDay || byWeekday;
  }

  private static boolean has(String field, int value, int low, int high) {
    for (String item : field.split(",", -1)) {
      int slash = item.indexOf('/');
      int step = slash < 0 ? 1 : Integer.parseInt(item.substring(slash + 1));
      String range = slash < 0 ? item : item.substring(0, slash);
      int dash = range.indexOf('-');
      int from =
          range.equals("*") ? low : Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int to =
          range.equals("*") ? high : dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
      if (value >= from && value <= to && (value - from) % step == 0) {
        return true;
      }
    }
    return false;
  }
}
