package graduate.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes visible what a terminal would obey or a reader would not see: control characters, those
 * that turn the direction of writing, other unseen ones and halves of characters. The joiners of
 * Persian words and of emoji stay: they show in what they join.
 */
public final class Visible {
  private static final Pattern HIDDEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n\t\u200c\u200d]]");

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
}
