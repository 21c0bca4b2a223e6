package graduate.compare;

import graduate.compare.Facts.Fact;
import graduate.compare.Facts.Kind;
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
  /** Before a list item, a numbered heading, or a bold line that stands for one. */
  private static final Pattern MARKER =
      pattern("(?m){lead}(?:#{1,6}+[ \\t]++)?+{bold}(\\d{1,3}+[.)]){end}");

  private static final Pattern HEADING_NUMBER =
      pattern("(?m){lead}#{1,6}+[ \\t]++{bold}(\\d{1,3}+(?:\\.\\d{1,3}+)++[.)]?+){end}");

  /**
   * Brackets and quotes, and the punctuation of Chinese and Japanese, end a URL, but not round
   * brackets that it opens and closes itself.
   */
  private static final Pattern URL = pattern("(?i:https?|ftp)://(?:{link}|\\({link}*+\\))++");

  /** At the end of a sentence or in emphasis a URL ends before that. */
  private static final String AFTER_URL = "(?<![.,;:!?*_~'’”])[.,;:!?*_~'’”]++$";

  private static final Pattern TRACKING =
      Pattern.compile("(?i)(?<=[?&])utm_\\w*+(?:=[^&#]*+)?+(?:&|(?=#|$))");
  private static final Pattern EMAIL =
      pattern("(?<![\\w.%+-])[\\w.%+-]++@[A-Za-z\\d-]++(?:\\.[A-Za-z\\d-]++)++");
  private static final Pattern TIME =
      pattern(
          "(?<![A-SU-Za-z\\d_.:])(?<h>\\d{1,2})(?:(?<sign>[:.]|{b}?+h{b}?+)(?<m>\\d{2}"
              + "(?::\\d{2}(?:\\.\\d++)?+(?:Z|[+-]\\d{2}:\\d{2})?+)?+))?(?<clock>{b}?+(?:(?<half>[aApP])"
              + "(?:[mM](?!\\w)|\\.[mM]\\.)|(?:Uhr|uur)(?!\\p{L}))|(?!\\w|:\\d))");

  /** With the country, with a leading 0, or as in North America. */
  private static final Pattern PHONE =
      pattern(
          "(?<![\\w.,/+-])(?:\\+\\d(?:{apart}\\d){6,14}+|\\(?0\\d{1,4}+\\)?(?:{apart}\\d){5,12}+"
              + "|(?:\\(\\d{3}\\){b}?|\\d{3}[-.\\u00A0 ])\\d{3,4}[-.\\u00A0 ]\\d{4})(?!\\w|[.,]\\d)");

  private static final Pattern SLASHED =
      pattern("(?<![\\w/.,])\\d++(?:/\\d++)++(?![\\w/]|[.,]\\d)");
  private static final Pattern DOTTED = pattern("(?<![\\w.])v?+\\d++(?:\\.\\d++){2,}+(?!\\w)");

  /**
   * Capitals, a hyphen and a number (OPS-1877), or a digit after a letter in one word (Q3, p95).
   */
  private static final Pattern ID =
      pattern(
          "(?<!\\w)(?:(?=\\d*+[A-Z])[A-Z\\d]++[-_]\\d[A-Za-z\\d]*+"
              + "|[A-Za-z\\d]*[A-Za-z]\\d[A-Za-z\\d]*+)(?:[-_.][A-Za-z]*+\\d[A-Za-z\\d]*+)*+");

  /** Digits of other scripts, one character each. */
  private static final Pattern DIGIT = Pattern.compile("[\\p{Nd}&&[^0-9\\x{10000}-\\x{10FFFF}]]");

  private final String text;
  private final StringBuilder rest;
  private final Map<Integer, Fact> found = new TreeMap<>();

  private FactFinder(String text) {
    this.text = text;
    this.rest =
        new StringBuilder(
            DIGIT.matcher(text).replaceAll(d -> "" + Character.digit(d.group().charAt(0), 10)));
  }

  /** The facts in order of appearance, those that are written twice twice. */
  static List<Fact> find(String text) {
    FactFinder finder = new FactFinder(text);
    finder.take(URL, m -> List.of(url(m, text)));
    finder.take(Kind.EMAIL, EMAIL, m -> m.group().toLowerCase(Locale.ROOT));
    Dates.PATTERNS.forEach(pattern -> finder.take(pattern, m -> Dates.facts(m, text)));
    finder.drop(MARKER);
    finder.drop(HEADING_NUMBER);
    finder.take(Kind.TIME, TIME, FactFinder::timeKey);
    finder.take(Kind.NUMBER, PHONE, m -> phoneKey(m.group()));
    finder.take(Kind.NUMBER, SLASHED, Matcher::group);
    finder.take(Kind.ID, DOTTED, m -> Numbers.isGrouped(m.group()) ? null : m.group());
    finder.take(Kind.ID, ID, Matcher::group);
    finder.take(Numbers.NUMBER, m -> Numbers.facts(m, text));
    return List.copyOf(finder.found.values());
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(
        regex
            .replace("{link}", "[^\\s<>\"`|()\\[\\]{}\\\\^\\u3000-\\u303F\\uFF00-\\uFFEF]")
            .replace("{apart}", "[ \\u00A0\\u202F./()-]{0,3}")
            .replace("{b}", "[ \\t\\u00A0\\u202F]")
            .replace("{lead}", "^[ \\t>]*+(?:[-*+][ \\t]++)?+")
            .replace("{bold}", "(?:\\*\\*|__)?+")
            .replace("{end}", "(?=[ \\t*_]|$)"));
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
    take(
        pattern,
        m -> {
          String same = key.apply(m);
          return same == null ? List.of() : List.of(Fact.of(kind, same, text, m.start(), m.end()));
        });
  }

  private void take(Pattern pattern, Function<Matcher, List<Fact>> facts) {
    Matcher matcher = pattern.matcher(rest.toString());
    while (matcher.find()) {
      for (Fact fact : facts.apply(matcher)) {
        found.put(fact.start(), fact);
        blank(fact.start(), fact.start() + fact.text().length());
      }
    }
  }

  private void blank(int start, int end) {
    for (int i = start; i < end; i++) {
      rest.setCharAt(i, ' ');
    }
  }

  private static Fact url(Matcher match, String text) {
    String url = match.group().replaceFirst(AFTER_URL, "");
    return Fact.of(Kind.URL, urlKey(url), text, match.start(), match.start() + url.length());
  }

  /** Where it leads: no utm parameters, no last slash; scheme and host in small letters. */
  private static String urlKey(String url) {
    String bare = TRACKING.matcher(url).replaceAll("").replaceFirst("[?&]++(?=#|$)", "");
    String link = bare.replaceFirst("(?<=[^/])/(?=[?#]|$)", "");
    int path = link.indexOf('/', link.indexOf("://") + 3);
    int end = path < 0 ? link.length() : path;
    return link.substring(0, end).toLowerCase(Locale.ROOT) + link.substring(end);
  }

  private static @Nullable String phoneKey(String phone) {
    if (Numbers.isGrouped(phone.replaceFirst("^\\+", "").replace(' ', '\u00a0'))) {
      return null;
    }
    String digits = phone.replace("(0)", "").replaceAll("\\D", "");
    return phone.startsWith("+") ? "+" + digits : digits.replaceFirst("^00", "+");
  }

  private static @Nullable String timeKey(Matcher time) {
    String sign = time.group("sign");
    if (time.group("clock").isEmpty() && (sign == null || sign.equals("."))) {
      return null;
    }
    int hour = Integer.parseInt(time.group("h"));
    String half = time.group("half");
    if (half != null) {
      hour = hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
    }
    String minute = sign == null ? "00" : time.group("m");
    return hour + ":" + (minute.matches("\\d{2}:00") ? minute.substring(0, 2) : minute);
  }
}
