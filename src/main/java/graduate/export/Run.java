package graduate.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import graduate.export.Conversation.Head;

/**
 * One message of the user's, on whatever branch, as it is kept while the export is read.
 *
 * @param time Unix seconds: the message's, else the conversation's, else 0
 * @param attached whether files came with it
 * @param answered whether an answer with text followed
 * @param opens whether it opens its conversation, and so gave it its title
 * @param packed the text, a character for each byte of its UTF-8: one curly quote would double the
 *     room that a plain string takes
 */
record Run(
    Head head,
    String node,
    double time,
    boolean attached,
    boolean answered,
    boolean opens,
    String packed) {

  static Run of(Conversation conversation, Node node, boolean answered) {
    return new Run(
        conversation.head(),
        node.id(),
        conversation.time(node),
        node.files() > 0,
        answered,
        conversation.opens(node),
        new String(node.text().getBytes(UTF_8), ISO_8859_1));
  }

  String text() {
    return new String(packed.getBytes(ISO_8859_1), UTF_8);
  }

  /** Whether it goes to a custom GPT, and so holds the input alone. */
  boolean isInputOfGpt() {
    return opens && head.isCustomGpt();
  }
}
