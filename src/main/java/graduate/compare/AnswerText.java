package graduate.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graduate.text.Words;
import java.text.Normalizer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One answer, read.
 *
 * @param clean without what no reader sees: citation marks, line ends, blanks at ends, code points
 * @param words those that ROUGE counts
 */
record AnswerText(String raw, String clean, List<String> words) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A span from U+E200 to U+E201; one that is not closed is left as it stands. */
  private static final Pattern SPAN = Pattern.compile("\uE200([^\uE200\uE201]*+)\uE201");

  /** The marks of 2023 and 2024, told from ordinary brackets by the number and the dagger. */
  private static final Pattern OLD_SPAN = Pattern.compile("【\\d++(?::\\d++)*+†[^【】\n]*+】");

  private static final Pattern LONE_MARK = Pattern.compile("[\uE203\uE204]");

  static AnswerText of(String raw) {
    String clean = clean(raw);
    return new AnswerText(raw, clean, Words.of(clean));
  }

  /** Removes citation marks; ends lines with one newline, the last with none; makes it NFC. */
  private static String clean(String raw) {
    String text =
        withoutCitations(raw).lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
    return Normalizer.normalize(text.stripTrailing(), Normalizer.Form.NFC);
  }

  private static String withoutCitations(String raw) {
    String text = SPAN.matcher(raw).replaceAll(span -> visible(span.group(1)));
    text = OLD_SPAN.matcher(text).replaceAll("");
    return LONE_MARK.matcher(text).replaceAll("");
  }

  /** What a reader sees of a span: the second item of an entity, nothing of any other. */
  private static String visible(String span) {
    int separator = span.indexOf('\uE202');
    if (separator < 0 || !span.substring(0, separator).equals("entity")) {
      return "";
    }
    try {
      String name = JSON.readTree(span.substring(separator + 1)).path(1).asText();
      return Matcher.quoteReplacement(name);
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
