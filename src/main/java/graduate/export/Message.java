package graduate.export;

import org.jspecify.annotations.Nullable;

/**
 * What counts of one message of the export.
 *
 * @param visible whether ChatGPT shows it: by role, recipient, flags and content
 * @param text the words as typed or answered, unchanged; of custom instructions, those
 * @param files how many attachments, images and other parts without text came with it
 * @param created Unix seconds, 0 where the export has none; {@code updated} likewise
 * @param last whether it went to the channel {@code final}
 * @param cut whether it ends where the model was cut off, so that the next one continues it
 * @param model the model that wrote it
 * @param wanted the model that had been chosen
 * @param tool the tool that it called or came from; empty where there was none
 * @param searched whether results of a web search stand behind it
 */
record Message(
    Role role,
    Kind kind,
    boolean visible,
    String text,
    int files,
    double created,
    double updated,
    boolean last,
    boolean cut,
    @Nullable String model,
    @Nullable String wanted,
    String tool,
    boolean searched) {

  /** Who a message is from. */
  enum Role {
    USER,
    ASSISTANT,
    OTHER
  }

  /** What a message is, where it is more than its text. */
  enum Kind {
    PLAIN,
    INSTRUCTIONS,
    MEMORY,
    THINKING
  }

  boolean isUser() {
    return visible && role == Role.USER;
  }

  boolean isAnswer() {
    return visible && role == Role.ASSISTANT;
  }
}
