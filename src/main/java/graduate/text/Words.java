package graduate.text;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes a text apart into words to count or tokens to mark; and puts counts into words. */
public final class Words {
  private static final String UNSPACED =
      "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}ーｰ"
          + "\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}";

  /** Written without blanks between words: one character is one word. */
  private static final String ALONE = "[" + UNSPACED + "&&[\\p{L}\\p{N}]]\\p{M}*+";

  private static final String RUN =
      "[\\p{L}\\p{Nd}&&[^" + UNSPACED + "]][\\p{L}\\p{M}\\p{Nd}&&[^" + UNSPACED + "]]*+";

  private static final Pattern WORD = Pattern.compile(ALONE + "|" + RUN);

  /** A word with what stands inside it, such as 1,250.00 or don't; a run of blanks; a character. */
  private static final Pattern TOKEN =
      Pattern.compile(ALONE + "|" + RUN + "(?:[-_.,:/@'’]" + RUN + ")*+|[^\\S\n]++|(?s:.)\\p{M}*+");

  private static final int NAMED = 3;

  private Words() {}

  /**
   * The words that ROUGE counts, lower case and NFC: runs of letters, combining marks and digits;
   * of scripts without blanks (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) each character. A mark
   * that follows neither letter nor digit starts no word. For ASCII text these are the tokens of
   * google-research's rouge_score without stemming.
   */
  public static List<String> of(String text) {
    String lower = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    return WORD.matcher(lower).results().map(MatchResult::group).toList();
  }

  /** Every character of {@code text}, in tokens; a newline is always one by itself. */
  public static List<String> tokens(String text) {
    return TOKEN.matcher(text).results().map(MatchResult::group).toList();
  }

  /** {@code 1 run}, {@code 2 runs}. */
  public static String counted(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** The first few of many. */
  public static String some(List<String> all) {
    String more = all.size() > NAMED ? ", …" : "";
    return String.join(", ", all.subList(0, Math.min(NAMED, all.size()))) + more;
  }
}
