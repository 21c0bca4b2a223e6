package graduate.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an answer is built, counted by the marks of Markdown outside of code blocks.
 *
 * @param words as ROUGE counts them
 * @param markdown whether there is any Markdown at all, emphasis and code in a line included
 */
record Shape(int headings, int listItems, int tables, int codeBlocks, int words, boolean markdown) {
  private static final Pattern FENCE =
      Pattern.compile(" *+(?:>[ ]?+)*+(?:[-*+] ++)?+(```+|~~~+).*");
  private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}(?:[ \\t].*)?");
  private static final Pattern ITEM =
      Pattern.compile("[ \\t>]*+(?:[-*+]|\\d{1,9}+[.)])[ \\t]++(?![-*_ \\t]*+$).*");
  private static final Pattern TABLE =
      Pattern.compile("[ \\t>]*+(?=.*\\|)\\|?+ *+:?+-++:?+ *+(?:\\| *+:?+-++:?+ *+)*+\\|?+ *+");
  private static final Pattern INLINE =
      Pattern.compile("\\*\\*\\S|(?<!\\w)__\\S|`[^`\n]++`|\\]\\(\\w++:");

  static Shape of(String text, int words) {
    int headings = 0;
    int items = 0;
    int tables = 0;
    int blocks = 0;
    String fence = null;
    for (String line : text.split("\n", -1)) {
      Matcher mark = FENCE.matcher(line);
      boolean fenced = mark.matches();
      if (fence != null) {
        fence = fenced && closes(fence, mark.group(1), line) ? null : fence;
      } else if (fenced) {
        fence = mark.group(1);
        blocks++;
      } else if (HEADING.matcher(line).matches()) {
        headings++;
      } else if (ITEM.matcher(line).matches()) {
        items++;
      } else if (TABLE.matcher(line).matches()) {
        tables++;
      }
    }
    boolean markdown = headings + items + tables + blocks > 0 || INLINE.matcher(text).find();
    return new Shape(headings, items, tables, blocks, words, markdown);
  }

  private static boolean closes(String fence, String mark, String line) {
    return mark.startsWith(fence) && line.stripTrailing().endsWith(mark);
  }
}
