package graduate.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One message of the user's, on whatever branch, as far as it is kept while the export is read.
 *
 * @param time Unix seconds; the conversation's own where the message has none
 * @param attached whether files came with it
 * @param answered whether an answer with text followed
 * @param gptFirst whether it opens a conversation with a custom GPT, and so holds no instruction
 * @param hash of its whole text
 * @param whole whether {@link #text} is the whole message, and not its two ends
 * @param packed what is kept of the text, a character for each byte of its UTF-8: one curly quote
 *     would double the room that a plain string takes
 */
record Run(
    Head head,
    String node,
    double time,
    boolean attached,
    boolean answered,
    boolean gptFirst,
    int hash,
    boolean whole,
    String packed) {

  /**
   * @param limit how many characters to keep: of a longer text three quarters of them from its
   *     start and the rest from its end
   */
  static Run of(Conversation conversation, Node node, boolean answered, int limit) {
    Head head = conversation.head();
    Message message = node.said();
    double own = message.created() > 0 ? message.created() : message.updated();
    String text = message.text();
    boolean whole = text.length() <= limit;
    int end = limit / 4;
    String kept =
        whole ? text : text.substring(0, limit - end) + "\n" + text.substring(text.length() - end);
    return new Run(
        head,
        node.id(),
        own > 0 ? own : head.created() > 0 ? head.created() : head.updated(),
        message.files() > 0,
        answered,
        head.customGpt() && conversation.isFirst(node),
        text.hashCode(),
        whole,
        new String(kept.getBytes(UTF_8), ISO_8859_1));
  }

  String text() {
    return new String(packed.getBytes(ISO_8859_1), UTF_8);
  }
}
