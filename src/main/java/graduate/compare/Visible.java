package graduate.compare;

/**
 * Makes visible what a terminal would obey or a reader would not see: control characters of C0, C1
 * and those that turn the direction of writing.
 */
final class Visible {
  private Visible() {}

  /** Keeps newlines and tabs; everything else that is hidden becomes \x1b or \u202e. */
  static String text(String text) {
    return escape(text, "\n\t", "\\x%02x");
  }

  /** For text that must stay in one line: newlines and tabs become \x0a and \x09. */
  static String line(String text) {
    return escape(text, "", "\\x%02x");
  }

  /** For a JSON text: what JSON itself lets stand in a string becomes \u009b, which is the same. */
  static String json(String json) {
    return escape(json, "\n", "\\u%04x");
  }

  private static String escape(String text, String kept, String latin) {
    StringBuilder visible = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isHidden(c) || kept.indexOf(c) >= 0) {
        visible.append(c);
      } else {
        visible.append((c <= 0xff ? latin : "\\u%04x").formatted((int) c));
      }
    }
    return visible.toString();
  }

  private static boolean isHidden(char c) {
    return Character.isISOControl(c)
        || c == '\u061c'
        || (c >= '\u200e' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
