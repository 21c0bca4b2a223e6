package graduate.compare;

import graduate.compare.Facts.Fact;
import graduate.compare.Facts.Kind;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Year;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds days and months: with the month's name in English, German, French, Spanish, Italian,
 * Portuguese or Dutch, as Chinese, Japanese and Korean write them, and in figures. A range of days
 * is its first and its last. What may be read as two days is compared as written.
 */
final class Dates {
  /**
   * For each month its names and the short forms that are not their beginnings, without accents.
   */
  private static final String[] MONTHS = {
    "january januar janner janvier enero gennaio janeiro januari",
    "february februar fevrier febrero febbraio fevereiro februari",
    "march marz mars marzo marco maart mrz mrt",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro"
  };

  /** Months in short that are words of English too. */
  private static final Pattern WORD_TOO = Pattern.compile("may|(?i:set|out|gen)");

  private static final Pattern CJK =
      pattern(
          "(?<!\\d)(?:(?<y>{year}){b}*[年년]{b}*)?(?<m1>\\d\\d?){b}*[月월](?:{b}*(?<d1>\\d\\d?{b}*[日号號일])"
              + "(?:{b}*(?:{dash}|[至到]|から|부터){b}*(?:(?<m2>\\d\\d?){b}*[月월]{b}*)?"
              + "(?<d2>\\d\\d?{b}*[日号號일]))?)?");
  private static final Pattern YEAR_FIRST =
      pattern(
          "(?<![\\w.])(?<y>\\d{4})([-/.])(?<m1>\\d\\d?)\\2(?<d1>\\d\\d?)"
              + "(?:(?![\\w-]|[./]\\d)|(?=T\\d{2}:)|(?=-\\D))");
  private static final Pattern YEAR_LAST =
      pattern(
          "(?<![\\w/.,-])(?:(?<d1>\\d\\d?)\\.(?:(?<m1>\\d\\d?)\\.)?{to})?"
              + "(?<d2>\\d\\d?)([-/.])(?<m2>\\d\\d?)\\4(?<y>{year})(?![\\w/]|[.,-]\\d)");
  private static final Pattern DAY_FIRST =
      pattern(
          "(?<![\\w.,])(?:(?<d1>\\d\\d?){th}(?:{b}{of}(?<m1>{word})\\.?+)?{to})?(?<d2>\\d\\d?)"
              + "(?:{th}{b}|[.-]){of}(?<m2>{word})(?:(?:\\.?+,?+{b}{of}|[.-])(?<y>{year}))?");
  private static final Pattern MONTH_FIRST =
      pattern(
          "(?<!\\w)(?<m1>{english})\\.?+{b}(?<d1>\\d\\d?){th}"
              + "(?:{to}(?:(?<m2>{english})\\.?+{b})?(?<d2>\\d\\d?){th})?"
              + "(?![\\w:]|[.,]\\d)(?:,?+{b}(?<y>{year}))?");
  private static final Pattern MONTH =
      pattern("(?<![\\p{L}\\d_])(?<m1>{word})\\.?+{b}{of}(?<y>{year})");

  /** To be tried in this order. */
  static final List<Pattern> PATTERNS =
      List.of(CJK, YEAR_FIRST, YEAR_LAST, DAY_FIRST, MONTH_FIRST, MONTH);

  private Dates() {}

  /** Fills in what stands in braces, and gives each pattern the groups that it lacks. */
  private static Pattern pattern(String regex) {
    for (String group : List.of("y", "m1", "d1", "m2", "d2")) {
      regex += regex.contains("(?<" + group + ">") ? "" : "(?<" + group + ">(?!))?";
    }
    return Pattern.compile(
        regex
            .replace("{to}", "(?:{b}?{dash}{b}?|{b}(?:{until}){b}(?:el{b}|the{b})?)")
            .replace("{until}", "to|through|until|bis|au|al|a|tot|t/m|até|hasta|and|und|et|y|e|en")
            .replace("{dash}", "[-–—~〜～]")
            .replace("{th}", "(?:st|nd|rd|th|er|\\.?[ºª°]|\\.)?+")
            .replace("{of}", "(?:(?:of|the|de|del|di|do){b}|d['’])?+")
            .replace("{word}", "\\p{L}{3,10}+")
            .replace(
                "{english}",
                "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
                    + "|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![a-z])")
            .replace("{year}", "(?:1[89]|2[01])\\d\\d(?!\\d)")
            .replace("{b}", "[ \\t\\u00A0\\u202F]"));
  }

  /**
   * The day or month that was matched, or both ends of a range; none where there is no such day.
   */
  static List<Fact> facts(Matcher match, String answer) {
    String year = match.group("y");
    String month = match.group(match.group("m2") == null ? "m1" : "m2");
    String day = match.group(match.group("d2") == null ? "d1" : "d2");
    String key = key(year, month, day, 0);
    if (match.pattern() == YEAR_LAST) {
      String swapped = key(year, day, month, 0);
      boolean either = key != null && swapped != null && !key.equals(swapped);
      key = either ? match.group() : key == null ? swapped : key;
    }
    boolean range = match.group("d1") != null && match.group("d2") != null;
    if (key == null) {
      return List.of();
    }
    if (!range) {
      return List.of(Fact.of(Kind.DATE, key, answer, match.start(), match.end()));
    }
    int next = Math.min(match.start("d2"), match.start("m2") < 0 ? match.end() : match.start("m2"));
    Fact last = Fact.of(Kind.DATE, key, answer, next, match.end());
    String first = match.group("m1") == null ? month : match.group("m1");
    String start = key(year, first, match.group("d1"), month(first) > month(month) ? 1 : 0);
    if (start == null) {
      // A count before a date, as in 43 and 17 November.
      return List.of(last);
    }
    int end = Math.max(match.end("d1"), match.end("m1"));
    return List.of(Fact.of(Kind.DATE, start, answer, match.start(), end), last);
  }

  /** Null where there is no such day or month. */
  private static @Nullable String key(
      @Nullable String year, String month, @Nullable String day, int back) {
    boolean alone = year == null || day == null;
    if ((year == null && day == null) || (alone && WORD_TOO.matcher(month).matches())) {
      return null;
    }
    try {
      YearMonth of =
          Year.of(year == null ? 2000 : Integer.parseInt(year) - back).atMonth(month(month));
      if (day == null) {
        return of.toString();
      }
      LocalDate date = of.atDay(Integer.parseInt(day.replaceAll("\\D", "")));
      return year == null ? MonthDay.from(date).toString() : date.toString();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The month's number; 0 for a word that is none, or the beginning of two. */
  private static int month(String word) {
    if (Character.isDigit(word.charAt(0))) {
      return Integer.parseInt(word);
    }
    String plain = Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    String name = plain.toLowerCase(Locale.ROOT);
    int[] months = IntStream.rangeClosed(1, 12).filter(i -> isName(name, MONTHS[i - 1])).toArray();
    return months.length == 1 ? months[0] : 0;
  }

  private static boolean isName(String word, String names) {
    String form = word.length() <= 4 ? "\\b" + word : "\\b" + word + "\\b";
    return Pattern.compile(form).matcher(names).find();
  }
}
