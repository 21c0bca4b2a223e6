package graduate.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as a terminal shows them. Makes visible what it would obey or a reader would not see:
 * control characters, those that turn the direction of writing, other unseen ones and halves of
 * characters. The joiners of Persian words and of emoji stay: they show in what they join.
 */
public final class Visible {
  private static final Pattern HIDDEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n\t\u200c\u200d]]");

  /** East Asia's wide characters, and emoji. */
  private static final String WIDE =
      "[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60"
          + "\\uffe0-\\uffe6\\x{1f300}-\\x{1faff}\\x{20000}-\\x{3ffff}]";

  private Visible() {}

  /** The text in one line: ends of lines and tabs become blanks, what is hidden \x1b or \u202e. */
  public static String line(String text) {
    return text(text.replaceAll("[\r\n\t]", " "));
  }

  /** The same, but newlines and tabs stay. */
  public static String text(String text) {
    return escape(text, "\\x%02x");
  }

  /** A JSON text that means the same: what JSON lets stand in a string becomes \u009b. */
  public static String json(String json) {
    return escape(json, "\\u%04x");
  }

  /** The text if it takes fewer than so many columns, else its start and an ellipsis. */
  public static String shorten(String text, int columns) {
    int taken = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      taken += columns(Character.toString(text.codePointAt(i)));
      if (taken >= columns) {
        return text.substring(0, i) + "…";
      }
    }
    return text;
  }

  private static String escape(String text, String latin) {
    return HIDDEN
        .matcher(text)
        .replaceAll(
            hidden -> {
              StringBuilder visible = new StringBuilder();
              for (char half : hidden.group().toCharArray()) {
                visible.append(String.format(half < 0x100 ? latin : "\\u%04x", (int) half));
              }
              return Matcher.quoteReplacement(visible.toString());
            });
  }

  private static int columns(String character) {
    return character.matches("[\\p{Mn}\\p{Me}]") ? 0 : character.matches(WIDE) ? 2 : 1;
  }
}
