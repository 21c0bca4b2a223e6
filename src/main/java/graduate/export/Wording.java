package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The texts of a family side by side: what stays, what changes, and where to cut between them. */
final class Wording {
  private static final Pattern BREAK = Pattern.compile("\\R+|(?<=[.!?])\\s+|(?<=[。！？؟।])");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}_][\\p{L}\\p{M}\\p{Nd}_]*");
  private static final int RECENT = 10;
  private static final int OLDEST = 50;
  private static final int NAME_WORDS = 6;
  private static final int NAME_BYTES = 60;
  private static final int FEWEST_OTHERS = 2;

  private Wording() {}

  /** Compatibility forms as one, without case. */
  static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** The lines and sentences of a text that are not blank. */
  static List<String> segments(String text) {
    return BREAK.splitAsStream(text).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** The file name that the first of these texts makes which makes one. */
  static String name(String... texts) {
    Stream<String> slugs = Stream.of(texts).map(Wording::slug);
    return slugs.filter(slug -> !slug.isEmpty()).findFirst().orElse("prompt");
  }

  /**
   * A text's first words: letters with their marks, digits and {@code _} in lower case, {@code -}
   * between the words; nothing where there are digits alone, which would be a rank.
   */
  static String slug(String text) {
    Stream<String> words = WORD.matcher(fold(text)).results().map(MatchResult::group);
    String slug = words.limit(NAME_WORDS).collect(Collectors.joining("-"));
    while (slug.getBytes(UTF_8).length > NAME_BYTES) {
      slug = slug.replaceFirst("-?\\P{M}\\p{M}*$", "");
    }
    return slug.matches("[0-9-]*") ? "" : slug;
  }

  /**
   * A name by the oldest message's first sentence that half of the oldest messages have, else by
   * the oldest message.
   *
   * @param runs the oldest first
   */
  static String fixedName(List<Run> runs) {
    List<String> oldest = runs.stream().limit(OLDEST).map(Run::text).toList();
    String sentence =
        segments(oldest.get(0)).stream()
            .filter(s -> Shingles.of(s).length > 0)
            .filter(s -> oldest.stream().filter(t -> t.contains(s)).count() * 2 >= oldest.size())
            .findFirst()
            .orElse("");
    return name(sentence, oldest.get(0));
  }

  /**
   * The lines and sentences of the newest message that half of the ten newest have; empty stands
   * for each that they have not.
   *
   * @param runs the oldest first
   */
  static List<Optional<String>> kept(List<Run> runs) {
    List<Set<String>> all = new ArrayList<>();
    for (Run run : runs.subList(Math.max(0, runs.size() - RECENT), runs.size())) {
      all.add(new HashSet<>(segments(run.text())));
    }
    return segments(runs.get(runs.size() - 1).text()).stream()
        .map(s -> all.stream().filter(o -> o.contains(s)).count() * 2 >= all.size() ? s : null)
        .map(Optional::ofNullable)
        .toList();
  }

  /** A message cut up at blank lines, so that a run joins it again; prompt or end may be empty. */
  record Parts(String prompt, String input, String end) {}

  /**
   * Cuts the input out of a message, at blank lines alone: what stands before and behind it is in
   * at least two other messages, and in a quarter of those that share its outermost paragraph.
   *
   * @param startStays whether something is to stand before the input
   * @param endStays whether something is to stand behind it
   * @return null where no such lines show the input
   */
  static @Nullable Parts parts(
      String text, List<String> others, boolean startStays, boolean endStays) {
    List<String> like = others.stream().filter(t -> !t.equals(text)).distinct().toList();
    List<Integer> lines = blankLines(text);
    int start =
        startStays ? cut(lines, like, (t, at) -> t.startsWith(text.substring(0, at + 1))) : 0;
    List<Integer> upwards = new ArrayList<>(lines);
    Collections.reverse(upwards);
    int length = text.length();
    int end = endStays ? cut(upwards, like, (t, at) -> t.endsWith(text.substring(at - 1))) : length;
    int input = startStays ? start + 1 : 0;
    if (start < 0 || end < input) {
      return null;
    }
    String behind = endStays ? text.substring(end + 1) : "";
    Parts parts = new Parts(text.substring(0, start), text.substring(input, end), behind);
    return parts.input().isBlank() ? null : parts;
  }

  /** The last of {@code lines} up to which enough other texts are the same, or -1. */
  private static int cut(
      List<Integer> lines, List<String> others, BiPredicate<String, Integer> same) {
    int last = -1;
    int least = FEWEST_OTHERS;
    List<String> like = others;
    for (int at : lines) {
      like = like.stream().filter(text -> same.test(text, at)).toList();
      if (like.size() < least) {
        break;
      }
      least = Math.max(least, (like.size() + 3) / 4);
      last = at;
    }
    return last;
  }

  /** Where blank lines begin that text stands before and behind. */
  private static List<Integer> blankLines(String text) {
    int first = text.length() - text.stripLeading().length();
    IntStream inside = IntStream.range(first, text.stripTrailing().length());
    return inside.filter(at -> text.startsWith("\n\n", at)).mapToObj(at -> at + 1).toList();
  }
}
