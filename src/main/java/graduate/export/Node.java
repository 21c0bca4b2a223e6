package graduate.export;

import org.jspecify.annotations.Nullable;

/** A node of a conversation's tree; many hold no message. */
record Node(String id, @Nullable String parent, @Nullable Message message) {
  boolean isUser() {
    return message != null && message.isUser();
  }

  boolean isAnswer() {
    return message != null && message.isAnswer();
  }

  /** The node's own message. */
  Message said() {
    if (message == null) {
      throw new IllegalStateException("node " + id + " has no message");
    }
    return message;
  }

  /** By the rule for the newest node: when it was changed, else made, else 0. */
  double newest() {
    return message == null ? 0 : message.updated() > 0 ? message.updated() : message.created();
  }
}
