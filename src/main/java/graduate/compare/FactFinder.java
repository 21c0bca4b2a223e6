package graduate.compare;

import graduate.compare.Fact.Kind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the facts in a text, kind by kind; what one pattern takes, the later ones no longer see. No
 * pattern may try the same characters again and again, or recurse: answers may be long and hostile.
 * And none may catch a group inside a possessive repetition: Java keeps it from failed attempts.
 */
final class FactFinder {
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  /** What the patterns below name in braces. */
  private static final Map<String, String> PARTS =
      Map.of(
          "{blank}", "[ \\t\\u00A0\\u202F]",
          "{day}", "(\\d{1,2})(?:st|nd|rd|th)?+",
          "{month}",
              "(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
                  + "|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![a-z])",
          "{year}", "((?:1[89]|2[01])\\d{2})(?!\\d)",
          "{lead}", "^[ \\t>]*+(?:[-*+][ \\t]++)?+",
          "{bold}", "(?:\\*\\*|__)?+",
          "{end}", "(?=[ \\t*_]|$)");

  /** Before a list item, a numbered heading, or a bold line that stands for one. */
  private static final Pattern MARKER =
      pattern("(?m){lead}(?:#{1,6}+[ \\t]++)?+{bold}(\\d{1,3}+[.)]){end}");

  private static final Pattern HEADING_NUMBER =
      pattern("(?m){lead}#{1,6}+[ \\t]++{bold}(\\d{1,3}+(?:\\.\\d{1,3}+)++[.)]?+){end}");

  /** Brackets and quotes, and the punctuation of Chinese and Japanese, end a URL. */
  private static final Pattern URL =
      pattern("(?i:https?|ftp)://[^\\s<>\"`|\\[\\]{}\\\\^\\u3000-\\u303F\\uFF00-\\uFFEF]++");

  private static final Pattern EMAIL =
      pattern("(?<![\\w.%+-])[\\w.%+-]++@[A-Za-z\\d-]++(?:\\.[A-Za-z\\d-]++)++");
  private static final Pattern ISO_DATE =
      pattern("(?<!\\w)\\d{4}-\\d{2}-\\d{2}(?:(?![\\w-]|\\.\\d)|(?=T\\d{2}:)|(?=-\\D))");
  private static final Pattern DAY_MONTH =
      pattern("(?<![\\w.,]){day}{blank}(?:of{blank})?+{month}(?:\\.?+,?+{blank}{year})?");
  private static final Pattern MONTH_DAY =
      pattern("(?<!\\w){month}\\.?+{blank}{day}(?![\\w:]|[.,]\\d)(?:,?+{blank}{year})?");
  private static final Pattern MONTH_YEAR = pattern("(?<!\\w){month}\\.?+{blank}{year}");
  private static final Pattern HALF_DAY_TIME =
      pattern("(?<![\\w.:,])(\\d{1,2})(?::(\\d{2}))?{blank}?+(?i:([ap])(?:m(?!\\w)|\\.m\\.))");
  private static final Pattern TIME =
      pattern(
          "(?<![A-SU-Za-z\\d_.:])(\\d{1,2}):(\\d{2}(?::\\d{2}(?:\\.\\d++)?+"
              + "(?:Z|[+-]\\d{2}:\\d{2})?+)?+)(?!\\w|:\\d)");
  private static final Pattern SLASHED =
      pattern("(?<![\\w/.,])\\d++(?:/\\d++)++(?![\\w/]|[.,]\\d)");
  private static final Pattern DOTTED = pattern("(?<![\\w.])v?+\\d++(?:\\.\\d++){2,}+(?!\\w)");

  /**
   * Capitals, a hyphen and a number (OPS-1877), or a digit after a letter in one word (Q3, p95).
   */
  private static final Pattern IDENTIFIER =
      pattern(
          "(?<!\\w)(?:(?=\\d*+[A-Z])[A-Z\\d]++[-_]\\d[A-Za-z\\d]*+"
              + "|[A-Za-z\\d]*[A-Za-z]\\d[A-Za-z\\d]*+)(?:[-_.][A-Za-z]*+\\d[A-Za-z\\d]*+)*+");

  private final String text;
  private final StringBuilder rest;
  private final Map<Integer, Fact> found = new TreeMap<>();

  private FactFinder(String text) {
    this.text = text;
    this.rest = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '9' && Character.isDigit(text.charAt(i))) {
        rest.setCharAt(i, (char) ('0' + Character.digit(text.charAt(i), 10)));
      }
    }
  }

  /** The facts in order of appearance, those that are written twice twice. */
  static List<Fact> find(String text) {
    FactFinder finder = new FactFinder(text);
    finder.drop(MARKER);
    finder.drop(HEADING_NUMBER);
    finder.take(Kind.URL, URL, m -> urlKey(trimUrl(m.group())));
    finder.take(Kind.EMAIL, EMAIL, m -> m.group().toLowerCase(Locale.ROOT));
    finder.take(Kind.DATE, ISO_DATE, m -> isoKey(m.group()));
    finder.take(Kind.DATE, DAY_MONTH, m -> dateKey(m.group(3), m.group(2), m.group(1)));
    finder.take(Kind.DATE, MONTH_DAY, m -> dateKey(m.group(3), m.group(1), m.group(2)));
    finder.take(
        Kind.DATE,
        MONTH_YEAR,
        m -> YearMonth.of(Integer.parseInt(m.group(2)), month(m.group(1))).toString());
    finder.take(Kind.TIME, HALF_DAY_TIME, FactFinder::halfDayKey);
    finder.take(Kind.TIME, TIME, m -> timeKey(Integer.parseInt(m.group(1)), m.group(2)));
    finder.take(Kind.NUMBER, SLASHED, Matcher::group);
    finder.take(Kind.IDENTIFIER, DOTTED, m -> Numbers.isGrouped(m.group()) ? null : m.group());
    finder.take(Kind.IDENTIFIER, IDENTIFIER, Matcher::group);
    Numbers.find(finder.rest, text).forEach(finder.found::put);
    return List.copyOf(finder.found.values());
  }

  private static Pattern pattern(String regex) {
    for (Map.Entry<String, String> part : PARTS.entrySet()) {
      regex = regex.replace(part.getKey(), part.getValue());
    }
    return Pattern.compile(regex);
  }

  /** Blanks out what the pattern's first group matches. */
  private void drop(Pattern pattern) {
    Matcher matcher = pattern.matcher(rest.toString());
    while (matcher.find()) {
      blank(matcher.start(1), matcher.end(1));
    }
  }

  /** Turns each match into a fact, unless {@code key} gives it no key. */
  private void take(Kind kind, Pattern pattern, Function<Matcher, @Nullable String> key) {
    Matcher matcher = pattern.matcher(rest.toString());
    while (matcher.find()) {
      String same = key.apply(matcher);
      if (same != null) {
        String written = text.substring(matcher.start(), matcher.end());
        found.put(
            matcher.start(), new Fact(kind, kind == Kind.URL ? trimUrl(written) : written, same));
        blank(matcher.start(), matcher.end());
      }
    }
  }

  private void blank(int start, int end) {
    for (int i = start; i < end; i++) {
      rest.setCharAt(i, ' ');
    }
  }

  /** A URL at the end of a sentence, in emphasis or in brackets ends before those. */
  private static String trimUrl(String url) {
    long unopened =
        url.chars().filter(c -> c == ')').count() - url.chars().filter(c -> c == '(').count();
    int end = url.length();
    while (".,;:!?*_~'’”)".indexOf(url.charAt(end - 1)) >= 0) {
      if (url.charAt(end - 1) == ')' && unopened-- <= 0) {
        break;
      }
      end--;
    }
    return url.substring(0, end);
  }

  /** Scheme and host do not tell capitals from small letters, and an empty path is "/". */
  private static String urlKey(String url) {
    int path = url.indexOf('/', url.indexOf("://") + 3);
    String host = (path < 0 ? url : url.substring(0, path)).toLowerCase(Locale.ROOT);
    return host + (path < 0 ? "/" : url.substring(path));
  }

  private static @Nullable String isoKey(String date) {
    try {
      return LocalDate.parse(date).toString();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Null where there is no such day. */
  private static @Nullable String dateKey(@Nullable String year, String month, String day) {
    try {
      MonthDay date = MonthDay.of(month(month), Integer.parseInt(day));
      return year == null ? date.toString() : date.atYear(Integer.parseInt(year)).toString();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int month(String name) {
    return MONTHS.indexOf(name.substring(0, 3)) / 3 + 1;
  }

  private static String halfDayKey(Matcher matcher) {
    boolean afternoon = matcher.group(3).equalsIgnoreCase("p");
    String minute = matcher.group(2);
    int hour = Integer.parseInt(matcher.group(1)) % 12 + (afternoon ? 12 : 0);
    return timeKey(hour, minute == null ? "00" : minute);
  }

  private static String timeKey(int hour, String rest) {
    return hour + ":" + (rest.matches("\\d{2}:00") ? rest.substring(0, 2) : rest);
  }
}
