package graduate.export;

import java.nio.IntBuffer;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A message as the grouping sees it, in 32-bit hashes: its words without case and with their digits
 * masked, of these every row of six (a shingle), and every line or sentence of five or more.
 * Scripts without spaces give one word a character.
 */
record Words(IntBuffer shingles, IntBuffer sentences) {
  private static final int SHINGLE = 6;
  private static final int SENTENCE = 5;
  private static final long PRIME = 0x9E3779B97F4A7C15L;
  private static final String ENDS = ".!?。؟।…";

  static Words of(String message) {
    Scan scan = new Scan(normal(message).toCharArray());
    scan.run();
    int[] shingles = new int[Math.max(0, scan.count - SHINGLE + 1)];
    for (int i = 0; i < shingles.length; i++) {
      shingles[i] = scan.hash(i, i + SHINGLE, 1);
    }
    int[] sentences = Arrays.copyOf(scan.sentences, scan.sentenceCount);
    return new Words(IntBuffer.wrap(shingles), IntBuffer.wrap(sentences));
  }

  /** The compatibility forms of a letter as one; ASCII has none. */
  private static String normal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
      }
    }
    return text;
  }

  /** Thai, Lao, Burmese, Khmer, kana, Han and Hangul, by blocks: asking for scripts is slow. */
  private static boolean isAlone(int c) {
    return c >= 0xE00
        && (c < 0xF00
            || (c >= 0x1000 && c < 0x10A0)
            || (c >= 0x1780 && c < 0x1800)
            || (c >= 0x3040 && c < 0xA000)
            || (c >= 0xAC00 && c < 0xD7B0)
            || (c >= 0xF900 && c < 0xFB00)
            || c >= 0x20000);
  }

  private static long mix(long hash) {
    long h = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 32);
  }

  /** The way through one text, whose letters and digits make hashes of words. */
  private static final class Scan {
    private final char[] text;
    private long[] words;
    private int count;
    private int[] sentences = new int[16];
    private int sentenceCount;
    private int lineStart;
    private int sentenceStart;

    Scan(char[] text) {
      this.text = text;
      this.words = new long[text.length / 4 + 16];
    }

    void run() {
      long word = 0;
      for (int i = 0; i < text.length; i++) {
        int c = text[i];
        if (c < 0x80 && Character.isLetter(c)) {
          word = (word ^ (c | 0x20)) * PRIME;
        } else if (c >= '0' && c <= '9') {
          boolean more = i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9';
          word = more ? word : (word ^ '0') * PRIME;
        } else if (c < 0x80) {
          add(word);
          word = 0;
          end(c, i);
        } else {
          int point = Character.codePointAt(text, i);
          i += Character.charCount(point) - 1;
          word = beyondAscii(point, word, i);
        }
      }
      add(word);
      end('\n', text.length);
    }

    private long beyondAscii(int c, long word, int at) {
      if (Character.isDigit(c)) {
        return (word ^ '0') * PRIME;
      }
      int type = Character.getType(c);
      boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
      if (!mark && !Character.isLetter(c)) {
        add(word);
        end(c, at);
        return 0;
      }
      if (isAlone(c)) {
        add(word);
        add(mix(c));
        return 0;
      }
      return (word ^ Character.toLowerCase(Character.toUpperCase(c))) * PRIME;
    }

    private void add(long word) {
      if (word != 0) {
        if (count == words.length) {
          words = Arrays.copyOf(words, count * 2);
        }
        words[count++] = word;
      }
    }

    /** Closes the sentence, and the line, where {@code c} at {@code at} ends one. */
    private void end(int c, int at) {
      if (c == '\n' || c == '\r') {
        keep(sentenceStart);
        if (sentenceStart > lineStart) {
          keep(lineStart);
        }
        lineStart = count;
        sentenceStart = count;
      } else if (ENDS.indexOf(c) >= 0
          && (c >= 0x80 || at + 1 == text.length || Character.isWhitespace(text[at + 1]))) {
        keep(sentenceStart);
        sentenceStart = count;
      }
    }

    private void keep(int from) {
      if (count - from >= SENTENCE) {
        if (sentenceCount == sentences.length) {
          sentences = Arrays.copyOf(sentences, sentenceCount * 2);
        }
        sentences[sentenceCount++] = hash(from, count, 2);
      }
    }

    int hash(int from, int to, long seed) {
      long hash = seed;
      for (int i = from; i < to; i++) {
        hash = (Long.rotateLeft(hash, 5) ^ words[i]) * PRIME;
      }
      return (int) (mix(hash) >>> 32);
    }
  }
}
