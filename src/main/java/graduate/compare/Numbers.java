package graduate.compare;

import graduate.compare.Fact.Kind;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<sign>(?<![\\w)\\]}%-])[-−])?(?<before>{currency}{blank}?+(?<inner>[-−])?)?"
              .concat("(?<![A-Za-z\\d])(?<run>(?:(?<![\\w.)])\\.)?+\\d++(?:{separator}\\d++)*+)")
              .concat("(?:{blank}?+(?<scale>(?i:thousand|million|billion|trillion))(?!\\w)")
              .concat("|(?<letter>[kKMB]|bn)(?!\\w))?")
              .concat("(?:{blank}?+(?<after>%|(?:percent|per cent)(?!\\w)|{currency}(?!\\d)))?")
              .replace("{blank}", "[ \\t\\u00A0\\u202F]")
              .replace("{currency}", CURRENCY)
              .replace("{separator}", SEPARATOR));

  private static final Pattern GROUPED =
      Pattern.compile("(\\d{1,3})(" + SEPARATOR + ")\\d{3}(?:\\2\\d{3})*+(?:(?!\\2)[.,]\\d++)?+");
  private static final Pattern DECIMAL = Pattern.compile("\\d*+(?:[.,]\\d++)?+");

  private static final Map<String, String> CODES =
      Map.of("$", "USD", "US$", "USD", "€", "EUR", "£", "GBP", "¥", "JPY", "₹", "INR");

  private Numbers() {}

  /**
   * The numbers by where they start.
   *
   * @param rest where to look
   * @param text what to show, as long as {@code rest}
   */
  static Map<Integer, Fact> find(CharSequence rest, String text) {
    Map<Integer, Fact> found = new TreeMap<>();
    Matcher matcher = NUMBER.matcher(rest);
    while (matcher.find()) {
      String value = value(matcher.group("run"));
      if (value == null) {
        singly(matcher, text, found);
      } else {
        String written = text.substring(matcher.start(), matcher.end());
        found.put(matcher.start(), fact(matcher, written, value));
      }
    }
    return found;
  }

  private static Fact fact(Matcher matcher, String written, String value) {
    boolean negative = matcher.group("sign") != null || matcher.group("inner") != null;
    String number = (negative ? "-" : "") + scaled(value, matcher);
    String currency = matcher.group("before");
    String after = matcher.group("after");
    if (currency == null && after != null && (after.equals("%") || after.startsWith("per"))) {
      return new Fact(Kind.NUMBER, written, number + "%");
    }
    if (currency == null && after == null) {
      return new Fact(Kind.NUMBER, written, number);
    }
    String name = (currency == null ? after : currency).replaceAll("[^A-Z$€£¥₹]", "");
    return new Fact(Kind.AMOUNT, written, CODES.getOrDefault(name, name) + " " + number);
  }

  /** A run that is no single number, such as 1,2,3: each of its numbers by itself. */
  private static void singly(Matcher matcher, String text, Map<Integer, Fact> found) {
    Matcher part = Pattern.compile("\\d++").matcher(matcher.group("run"));
    while (part.find()) {
      int start = matcher.start("run") + part.start();
      String written = text.substring(start, start + part.group().length());
      found.put(start, new Fact(Kind.NUMBER, written, plain(part.group())));
    }
  }

  /** Whether these are thousands with separators and nothing else, whichever the separator. */
  static boolean isGrouped(String run) {
    return GROUPED.matcher(run).matches();
  }

  /** The value in plain digits, the run itself where its grouping is not clear, or null. */
  private static @Nullable String value(String run) {
    Matcher grouped = GROUPED.matcher(run);
    if (!grouped.matches() || run.startsWith("0")) {
      return DECIMAL.matcher(run).matches() ? plain(run.replace(',', '.')) : null;
    }
    String separator = grouped.group(2);
    if (separator.equals(".") && run.indexOf('.') == run.length() - 4) {
      return run;
    }
    return plain(run.replace(separator, "").replace(',', '.'));
  }

  private static String plain(String decimal) {
    if (decimal.length() > MAX_LENGTH) {
      return decimal;
    }
    return new BigDecimal(decimal).stripTrailingZeros().toPlainString();
  }

  private static String scaled(String value, Matcher matcher) {
    String word = matcher.group("scale") == null ? matcher.group("letter") : matcher.group("scale");
    if (word == null || value.length() > MAX_LENGTH) {
      return value;
    }
    int zeros =
        switch (word.toLowerCase(Locale.ROOT)) {
          case "k", "thousand" -> 3;
          case "m", "million" -> 6;
          case "b", "bn", "billion" -> 9;
          default -> 12;
        };
    return new BigDecimal(value).scaleByPowerOfTen(zeros).stripTrailingZeros().toPlainString();
  }
}
