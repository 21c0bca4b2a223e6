package graduate.export;

import graduate.export.Conversation.Head;

/**
 * One message of the user's, on whatever branch, as it is kept while the export is read.
 *
 * @param time Unix seconds: the message's, else the conversation's, else 0
 * @param attached whether files came with it
 * @param answered whether an answer with text followed
 * @param opens whether it opens its conversation, and so gave it its title
 */
record Run(
    Head head,
    String node,
    double time,
    boolean attached,
    boolean answered,
    boolean opens,
    String text) {

  static Run of(Conversation conversation, Node node, boolean answered) {
    return new Run(
        conversation.head(),
        node.id(),
        conversation.time(node),
        node.files() > 0,
        answered,
        conversation.opens(node),
        node.text());
  }

  /** Whether it goes to a custom GPT, and so holds the input alone. */
  boolean isInputOfGpt() {
    return opens && head.isCustomGpt();
  }
}
