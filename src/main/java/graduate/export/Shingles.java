package graduate.export;

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
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

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
  private final IntStream.Builder sentences = IntStream.builder();
  private int count;
  private long word;
  private boolean inNumber;
  private int lineStart;
  private int sentenceStart;

  Shingles(String message) {
    String text = Normalizer.normalize(message, Normalizer.Form.NFKC);
    words = new long[text.length() + 1];
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetter(c) || Character.isDigit(c) || isMark(c)) {
        add(c);
      } else {
        endWord();
        boolean gap = i == text.length() || Character.isWhitespace(text.charAt(i));
        if (c == '\n' || c == '\r') {
          endLine();
        } else if (ENDS.indexOf(c) >= 0 && (gap || c >= 0x80)) {
          endSentence();
        }
      }
    }
    endWord();
    endLine();
  }

  /** Each once; all hashes differ between shingles and sentences. */
  int[] shingles() {
    IntStream starts = IntStream.rangeClosed(0, count - SHINGLE);
    return starts.map(i -> hash(i, i + SHINGLE, 1)).distinct().toArray();
  }

  /** Each once. It may be asked for once. */
  int[] sentences() {
    return sentences.build().distinct().toArray();
  }

  private void add(int c) {
    boolean digit = Character.isDigit(c);
    if (isAlone(c)) {
      endWord();
      word = c * PRIME;
      endWord();
    } else if (!digit || !inNumber) {
      int folded = digit ? '0' : Character.toLowerCase(Character.toUpperCase(c));
      word = (word ^ folded) * PRIME;
    }
    inNumber = digit;
  }

  private void endWord() {
    if (word != 0) {
      words[count++] = word;
    }
    word = 0;
    inNumber = false;
  }

  private void endLine() {
    endSentence();
    keep(lineStart);
    lineStart = count;
  }

  private void endSentence() {
    keep(sentenceStart);
    sentenceStart = count;
  }

  private void keep(int from) {
    if (count - from >= SENTENCE) {
      sentences.add(hash(from, count, 2));
    }
  }

  private int hash(int from, int to, long seed) {
    long hash = seed;
    for (int i = from; i < to; i++) {
      hash = (Long.rotateLeft(hash, 5) ^ words[i]) * PRIME;
    }
    return (int) (hash >>> Integer.SIZE);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isAlone(int c) {
    return c >= FIRST_ALONE && ALONE.contains(UnicodeScript.of(c));
  }
}
