package graduate.compare;

import graduate.compare.Facts.Fact;
import graduate.compare.Facts.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers and amounts of money. They are the same where their values are, as far as the
 * grouping is clear: 1,250 and 1'250 group (a decimal comma with three places is rare in English),
 * 1.250 may be either and is compared as written. Other units are no part of a number; percent is.
 */
final class Numbers {
  /** A value above this many characters is compared as written. */
  private static final int MAX_LENGTH = 60;

  private static final String SEPARATOR = "[.,'’\\u00A0\\u202F\\u2009]";
  private static final String CURRENCY =
      "(?:US\\$|[$€£¥₹]|(?:USD|EUR|GBP|JPY|INR|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CNY)(?![A-Za-z]))";

  private static final String PERCENT =
      "(?:%|(?:percent|per cent|Prozent|pour cent|por ciento|por cento|per cento|procent)(?!\\w))";

  /** Words and letters for powers of ten, in the languages whose months are known. */
  private static final String SCALE =
      "(?:(?<ten9>(?i:billion|mil+[ij]ard[a-z]*+|mil millones|mrd\\.?)|B|bn)|(?<ten12>(?i:trillion))"
          + "|(?<ten6>(?i:mill?i[oó]n[a-z]*+|millones|milhões|milhão|miljoen|mio\\.?)|M)"
          + "|(?<ten3>(?i:thousand|tausend|duizend|mille|mil|k)))(?![\\p{L}\\d_])";

  static final Pattern NUMBER =
      Pattern.compile(
          "(?<sign>(?<![\\w)\\]}%-])[-−])?(?<before>{currency}{b}?+(?<inner>[-−])?)?"
              .concat("(?<![A-Za-z\\d])(?<run>(?:(?<![\\w.)])\\.)?+\\d++(?:{separator}\\d++)*+)")
              .concat(
                  "(?:{b}?+{scale})?(?:{b}?+(?:(?<percent>{percent})|(?<after>{currency}(?!\\d))))?")
              .replace("{b}", "[ \\t\\u00A0\\u202F]")
              .replace("{scale}", SCALE)
              .replace("{percent}", PERCENT)
              .replace("{currency}", CURRENCY)
              .replace("{separator}", SEPARATOR));

  private static final Pattern GROUPED =
      Pattern.compile("(\\d{1,3})(" + SEPARATOR + ")\\d{3}(?:\\2\\d{3})*+(?:(?!\\2)[.,]\\d++)?+");
  private static final Pattern DIGITS = Pattern.compile("\\d++");
  private static final Pattern DECIMAL = Pattern.compile("\\d*+(?:[.,]\\d++)?+");

  private static final Map<String, String> CODES =
      Map.of("$", "USD", "US$", "USD", "€", "EUR", "£", "GBP", "¥", "JPY", "₹", "INR");

  private Numbers() {}

  /** The number that was matched; of a run that is none, such as 1,2,3, each of its numbers. */
  static List<Fact> facts(Matcher number, String answer) {
    String value = value(number.group("run"));
    if (value != null) {
      String key = key(number, value);
      return List.of(Fact.of(Kind.NUMBER, key, answer, number.start(), number.end()));
    }
    int start = number.start("run");
    return DIGITS
        .matcher(number.group("run"))
        .results()
        .map(
            m ->
                Fact.of(
                    Kind.NUMBER, plain(m.group(), 0), answer, start + m.start(), start + m.end()))
        .toList();
  }

  private static String key(Matcher number, String value) {
    boolean negative = number.group("sign") != null || number.group("inner") != null;
    String signed = (negative ? "-" : "") + scaled(value, number);
    String currency = number.group(number.group("before") == null ? "after" : "before");
    if (currency == null) {
      return signed + (number.group("percent") == null ? "" : "%");
    }
    String name = currency.replaceAll("[^A-Z$€£¥₹]", "");
    return CODES.getOrDefault(name, name) + " " + signed;
  }

  /** Whether these are thousands with separators and nothing else, whichever the separator. */
  static boolean isGrouped(String run) {
    return GROUPED.matcher(run).matches();
  }

  /** The value in plain digits, the run itself where its grouping is not clear, or null. */
  private static @Nullable String value(String run) {
    Matcher grouped = GROUPED.matcher(run);
    if (!grouped.matches() || run.startsWith("0")) {
      return DECIMAL.matcher(run).matches() ? plain(run.replace(',', '.'), 0) : null;
    }
    String separator = grouped.group(2);
    if (separator.equals(".") && run.indexOf('.') == run.length() - 4) {
      return run;
    }
    return plain(run.replace(separator, "").replace(',', '.'), 0);
  }

  private static String plain(String decimal, int zeros) {
    return decimal.length() > MAX_LENGTH
        ? decimal
        : new BigDecimal(decimal).scaleByPowerOfTen(zeros).stripTrailingZeros().toPlainString();
  }

  private static String scaled(String value, Matcher number) {
    int zeros = 0;
    for (int tens : new int[] {3, 6, 9, 12}) {
      zeros += number.group("ten" + tens) == null ? 0 : tens;
    }
    return zeros == 0 ? value : plain(value, zeros);
  }
}
