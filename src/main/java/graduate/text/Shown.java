package graduate.text;

import java.util.List;

/** Texts as a terminal is to show them. */
public final class Shown {
  /** From each first to before each second: East Asia's wide characters, and emoji. */
  private static final int[] WIDE = {
    0x1100, 0x1160, 0x2E80, 0xA4D0, 0xAC00, 0xD7A4, 0xF900, 0xFB00, 0xFE30, 0xFE70, 0xFF01, 0xFF61,
    0xFFE0, 0xFFE7, 0x1F300, 0x1FB00, 0x20000, 0x40000
  };

  private static final int NAMED = 3;

  private Shown() {}

  /** The text if it takes fewer than so many columns, else its start and an ellipsis. */
  public static String shorten(String text, int columns) {
    int taken = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      taken += of(text.codePointAt(i));
      if (taken >= columns) {
        return text.substring(0, i) + "…";
      }
    }
    return text;
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

  /** In words, where Java has but a path and the name of a class. */
  public static String reason(Exception e) {
    return switch (e.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "no such file";
      case "FileAlreadyExistsException" -> "a file of that name is there";
      case "UncheckedIOException" -> "a folder in it can't be read";
      case "AccessDeniedException" -> "no permission";
      default -> e.getMessage() + "";
    };
  }

  private static int of(int c) {
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
