package graduate.export;

import static java.lang.Character.COMBINING_SPACING_MARK;
import static java.lang.Character.NON_SPACING_MARK;
import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HANGUL;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;
import static java.lang.Character.UnicodeScript.KHMER;
import static java.lang.Character.UnicodeScript.LAO;
import static java.lang.Character.UnicodeScript.MYANMAR;
import static java.lang.Character.UnicodeScript.THAI;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A message as the grouping sees it, in hashes: its words without case and with their digits
 * masked; of these every row of six (a shingle), and every line or sentence of five or more.
 * Scripts without spaces give one word a character.
 */
final class Shingles {
  private static final int SHINGLE = 6;
  private static final int SENTENCE = 5;
  private static final long PRIME = 0x9E3779B97F4A7C15L;
  private static final String ENDS = ".!?。؟।…";

  /** No script without spaces begins before Thai. */
  private static final int FIRST_ALONE = 0xE00;

  private static final Set<UnicodeScript> ALONE =
      EnumSet.of(HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR);

  private final long[] words;
  private final int[] hashes;
  private int count;
  private int hashed;
  private long word;
  private boolean inNumber;
  private int lineStart;
  private int sentenceStart;

  private Shingles(int length) {
    words = new long[length + 1];
    hashes = new int[2 * length];
  }

  /** The hashes of its shingles, all even, and of its lines and sentences, all odd. */
  static int[] of(String message) {
    String text = Normalizer.normalize(message, Normalizer.Form.NFKC);
    Shingles shingles = new Shingles(text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      i += Character.charCount(c) - 1;
      shingles.add(c, i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1)));
    }
    shingles.add('\n', true);
    for (int end = SHINGLE; end <= shingles.count; end++) {
      shingles.hash(end - SHINGLE, end, 0);
    }
    return Arrays.copyOf(shingles.hashes, shingles.hashed);
  }

  /**
   * @param gap whether a blank follows
   */
  private void add(int c, boolean gap) {
    int type = Character.getType(c);
    if (Character.isLetter(c) || type == NON_SPACING_MARK || type == COMBINING_SPACING_MARK) {
      letter(Character.toLowerCase(Character.toUpperCase(c)));
    } else if (Character.isDigit(c)) {
      word = inNumber ? word : (word ^ '0') * PRIME;
      inNumber = true;
    } else {
      endWord();
      boolean line = c == '\n' || c == '\r';
      if (line || (ENDS.indexOf(c) >= 0 && (gap || c >= 0x80))) {
        end(sentenceStart);
      }
      if (line) {
        end(lineStart);
        lineStart = count;
      }
    }
  }

  private void letter(int folded) {
    boolean alone = folded >= FIRST_ALONE && ALONE.contains(UnicodeScript.of(folded));
    long before = alone ? endWord() : word;
    word = (before ^ folded) * PRIME;
    inNumber = false;
    word = alone ? endWord() : word;
  }

  /** Keeps the word, if any, and returns the empty one. */
  private long endWord() {
    if (word != 0) {
      words[count++] = word;
    }
    inNumber = false;
    word = 0;
    return word;
  }

  private void end(int start) {
    if (count - start >= SENTENCE) {
      hash(start, count, 1);
    }
    sentenceStart = count;
  }

  private void hash(int from, int to, int lowest) {
    long hash = 1;
    for (int i = from; i < to; i++) {
      hash = (Long.rotateLeft(hash, 5) ^ words[i]) * PRIME;
    }
    hashes[hashed++] = ((int) (hash >>> Integer.SIZE) & ~1) | lowest;
  }
}
