package graduate.export;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The texts of a family side by side: what stays, what changes, and where to cut between them. */
final class Wording {
  private static final Pattern BREAK = Pattern.compile("\\R+|(?<=[.!?])\\s+|(?<=[。！？؟।])");
  private static final Pattern NO_NAME = Pattern.compile("[^\\p{L}\\p{Nd}_]+");
  private static final int RECENT = 10;
  private static final int OLDEST = 50;
  private static final int NAME_WORDS = 5;
  private static final int NAME_BYTES = 40;

  private Wording() {}

  /** For searching: compatibility forms as one, without case. */
  static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** The lines and sentences of a text that are not blank. */
  private static List<String> segments(String text) {
    return BREAK.splitAsStream(text).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /**
   * A short name from the oldest message: the first words of its first sentence that half of the
   * oldest messages have, else of the message.
   *
   * @param runs the oldest first
   */
  static String name(List<Run> runs) {
    List<String> oldest = runs.stream().limit(OLDEST).map(Run::text).toList();
    String start =
        segments(oldest.get(0)).stream()
            .filter(s -> Words.of(s).sentences().hasRemaining())
            .filter(s -> oldest.stream().filter(t -> t.contains(s)).count() * 2 >= oldest.size())
            .findFirst()
            .orElse(oldest.get(0));
    String name = slug(start, NAME_WORDS, NAME_BYTES);
    return name.isEmpty() ? "prompt" : name;
  }

  /** Letters, digits and {@code _} in lower case, with {@code -} between the words. */
  static String slug(String text, int words, int bytes) {
    StringBuilder slug = new StringBuilder();
    String[] parts = NO_NAME.split(fold(text).strip());
    List<String> some = Arrays.stream(parts).filter(p -> !p.isEmpty()).limit(words).toList();
    for (String part : some) {
      String longer = slug.isEmpty() ? part : slug + "-" + part;
      if (bytes(longer) > bytes && !slug.isEmpty()) {
        break;
      }
      slug = new StringBuilder(longer);
    }
    while (bytes(slug) > bytes) {
      slug.setLength(slug.offsetByCodePoints(slug.length(), -1));
    }
    return slug.toString();
  }

  private static int bytes(CharSequence text) {
    return text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  /**
   * What changes in the newest message against the ten newest, by whole lines and sentences.
   *
   * @param runs the oldest first
   */
  static Varies varies(List<Run> runs) {
    List<Run> recent = runs.subList(Math.max(0, runs.size() - RECENT), runs.size());
    List<String> texts = recent.stream().map(Run::text).toList();
    List<Set<String>> others =
        texts.stream().<Set<String>>map(t -> new HashSet<>(segments(t))).toList();
    List<String> newest = segments(texts.get(texts.size() - 1));
    List<Boolean> stays =
        newest.stream()
            .map(s -> others.stream().filter(o -> o.contains(s)).count() * 2 >= others.size())
            .toList();
    if (!stays.contains(false)) {
      boolean files = recent.stream().anyMatch(Run::attached);
      return files ? Varies.ATTACHMENT : Varies.NOTHING;
    }
    if (!stays.contains(true)) {
      return Varies.ALL;
    }
    if (!stays.get(0)) {
      return Varies.START;
    }
    return stays.get(stays.size() - 1) ? Varies.MIDDLE : Varies.END;
  }

  /**
   * Where to cut a prompt from its input: right before the last blank line up to which {@code text}
   * equals at least two other texts, and a quarter of those that begin with the same paragraph.
   *
   * @return the number of characters before that blank line, or -1
   */
  static int cut(String text, List<String> texts) {
    int cut = -1;
    List<String> like = texts.stream().filter(t -> !t.equals(text)).distinct().toList();
    long least = 2;
    for (int at = blankLine(text, 0); at >= 0; at = blankLine(text, at)) {
      String start = text.substring(0, at + 1);
      like = like.stream().filter(t -> t.startsWith(start)).toList();
      if (like.size() < least || text.substring(at).isBlank()) {
        break;
      }
      least = Math.max(least, (like.size() + 3) / 4);
      cut = at;
    }
    return cut;
  }

  /** The first blank line at or after {@code from} that text stands before, or -1. */
  static int blankLine(String text, int from) {
    int at = text.indexOf("\n\n", from);
    while (at >= 0 && text.substring(0, at).isBlank()) {
      at = text.indexOf("\n\n", at + 1);
    }
    return at < 0 ? -1 : at + 1;
  }
}
