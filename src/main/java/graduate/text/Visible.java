package graduate.text;

/**
 * Makes visible what a terminal would obey or a reader would not see: control characters, those
 * that turn the direction of writing, other unseen ones and halves of characters. The joiners of
 * Persian words and of emoji stay: they show in what they join.
 */
public final class Visible {
  private static final int NON_JOINER = 0x200c;
  private static final int JOINER = 0x200d;

  private Visible() {}

  /** The text in one line: ends of lines and tabs become blanks, what is hidden \x1b or \u202e. */
  public static String line(String text) {
    return escape(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '), "", "\\x%02x");
  }

  /** The same, but newlines and tabs stay. */
  public static String text(String text) {
    return escape(text, "\n\t", "\\x%02x");
  }

  /** A JSON text that means the same: what JSON lets stand in a string becomes \u009b. */
  public static String json(String json) {
    return escape(json, "\n\t\r", "\\u%04x");
  }

  private static String escape(String text, String kept, String latin) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (!isHidden(c) || kept.indexOf(c) >= 0) {
                visible.appendCodePoint(c);
              } else {
                for (char half : Character.toChars(c)) {
                  visible.append(String.format(half < 0x100 ? latin : "\\u%04x", (int) half));
                }
              }
            });
    return visible.toString();
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT -> c != NON_JOINER && c != JOINER;
      default -> false;
    };
  }
}
