package graduate.export;

import graduate.export.Message.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stood behind ChatGPT's answer and will not stand behind the API's: this explains most of the
 * differences between the two.
 */
final class Missing {
  private final Conversation conversation;
  private final Node prompt;
  private final Answer answer;
  private final List<Node> before;
  private final List<Node> between;

  Missing(Conversation conversation, Node prompt, Answer answer) {
    this.conversation = conversation;
    this.prompt = prompt;
    this.answer = answer;
    List<Node> path = conversation.pathTo(answer.end());
    int at = path.indexOf(prompt);
    this.before = path.subList(0, at);
    this.between = path.subList(at + 1, path.size());
  }

  /** The custom instructions that stood before the prompt; empty if there were none. */
  String instructions() {
    return before.stream()
        .filter(n -> n.message() != null && n.said().kind() == Kind.INSTRUCTIONS)
        .map(n -> n.said().text())
        .reduce("", (first, last) -> last);
  }

  /** The user messages that stood before the prompt, each with the answer it had. */
  List<Turn> turns() {
    return before.stream()
        .filter(Node::isUser)
        .map(n -> new Turn(n, Conversation.after(n, before)))
        .toList();
  }

  /** A user message and what was answered; the answer may be empty. */
  record Turn(Node prompt, Answer answer) {}

  /**
   * Says it, a line for each.
   *
   * @param regenerated how many more answers there are to this very message
   */
  List<String> lines(int regenerated, Capture.Wish wish) {
    List<String> lines = new ArrayList<>();
    String instructions = instructions();
    if (!instructions.isEmpty() && !wish.instructions()) {
      lines.add(
          "custom instructions ("
              + instructions.length()
              + " characters); --instructions takes them");
    }
    if (has(before, Kind.MEMORY) || has(between, Kind.MEMORY)) {
      lines.add("memory: what ChatGPT knew of you from other conversations");
    }
    int turns = turns().size();
    if (turns > 0 && !wish.history()) {
      lines.add(count(turns, "earlier turn") + " of the conversation; --history takes them");
    }
    String gizmo = conversation.head().gizmo();
    if (conversation.head().customGpt()) {
      lines.add("the instructions of the custom GPT " + gizmo + ", which no export holds");
    } else if (gizmo != null) {
      lines.add("the instructions and files of the project " + gizmo);
    }
    int files = prompt.said().files() + before.stream().mapToInt(Missing::files).sum();
    if (files > 0) {
      lines.add(count(files, "attachment") + ": files and images are not sent");
    }
    addTools(lines);
    if (has(between, Kind.THINKING)) {
      lines.add("thinking before the answer; with the API, reasoning_effort sets how much");
    }
    addModel(lines);
    if (regenerated > 0) {
      String more = "; --answers " + (regenerated + 1) + " saves all to this message";
      lines.add(
          "regenerated "
              + (regenerated == 1 ? "once" : regenerated + " times")
              + (wish.answers() > regenerated ? "" : more));
    }
    if (prompt.said().text().startsWith("\uFEFF")) {
      lines.add("the byte-order mark at its start, which is not sent");
    }
    return lines;
  }

  private void addTools(List<String> lines) {
    Set<String> tools = new TreeSet<>();
    boolean web = false;
    for (Node node : between) {
      Message message = node.message();
      if (message != null) {
        web |= message.searched();
        if (!message.tool().isEmpty() && !message.searched() && message.kind() == Kind.PLAIN) {
          tools.add(message.tool());
        }
      }
    }
    if (!tools.isEmpty()) {
      lines.add("tools: " + String.join(", ", tools));
    }
    if (web) {
      lines.add("web search");
    }
  }

  private void addModel(List<String> lines) {
    Message said = answer.end().said();
    @Nullable String model = said.model();
    @Nullable String wanted = said.wanted() != null ? said.wanted() : conversation.head().model();
    if (model != null && wanted != null && !model.equals(wanted) && !wanted.equals("auto")) {
      String lower = model.toLowerCase(Locale.ROOT);
      boolean small = lower.contains("mini") || lower.contains("nano");
      lines.add(
          (small ? "a smaller model: " : "another model: ")
              + model
              + " answered, where "
              + wanted
              + " was chosen");
    }
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static int files(Node node) {
    return node.isUser() ? node.said().files() : 0;
  }

  private static boolean has(List<Node> nodes, Kind kind) {
    return nodes.stream().anyMatch(n -> n.message() != null && n.said().kind() == kind);
  }
}
