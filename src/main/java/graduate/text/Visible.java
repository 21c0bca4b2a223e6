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

  /** From each first to before each second: East Asia's wide characters, and emoji. */
  private static final int[] WIDE = {
    0x1100, 0x1160, 0x2E80, 0xA4D0, 0xAC00, 0xD7A4, 0xF900, 0xFB00, 0xFE30, 0xFE70, 0xFF01, 0xFF61,
    0xFFE0, 0xFFE7, 0x1F300, 0x1FB00, 0x20000, 0x40000
  };

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
      taken += columns(text.codePointAt(i));
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

  private static int columns(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (c >= WIDE[i] && c < WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }
}
