package graduate.export;

import graduate.export.Conversation.Head;
import graduate.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stood behind ChatGPT's answer and will not stand behind the API's: this explains most of the
 * differences between the two.
 */
final class Missing {
  private final Conversation conversation;
  private final Node prompt;
  private final Node end;
  private final List<Node> before;
  private final List<Node> between;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param end the last node of the answer
   */
  Missing(Conversation conversation, Node prompt, Node end) {
    this.conversation = conversation;
    this.prompt = prompt;
    this.end = end;
    List<Node> path = conversation.pathTo(end);
    int at = path.indexOf(prompt);
    this.before = path.subList(0, at);
    this.between = path.subList(at + 1, path.size());
  }

  /** The custom instructions that stood before the prompt; empty if there were none. */
  String instructions() {
    return before.stream()
        .map(Node::instructions)
        .filter(text -> !text.isEmpty())
        .reduce("", (first, last) -> last);
  }

  /**
   * Says it, a line for each.
   *
   * @param instructed whether the custom instructions are taken along
   * @param regenerated how many more answers there were to this very message
   */
  List<String> lines(boolean instructed, int regenerated) {
    int own = instructed ? 0 : instructions().length();
    say(own > 0, "custom instructions (" + own + " characters); --instructions takes them");
    Stream<Node> all = Stream.concat(before.stream(), between.stream());
    say(all.anyMatch(Node::isMemory), "memory: what ChatGPT knew of you from other conversations");
    List<Node> turns = before.stream().filter(Node::isUser).toList();
    say(!turns.isEmpty(), Words.counted(turns.size(), "earlier turn") + " of the conversation");
    Head head = conversation.head();
    boolean gpt = head.isCustomGpt();
    say(gpt, "the instructions of the custom GPT " + head.gizmo() + ", which no export holds");
    boolean project = !gpt && head.gizmo() != null;
    say(project, "the instructions and files of the project " + head.gizmo());
    int files = prompt.files() + turns.stream().mapToInt(Node::files).sum();
    say(files > 0, Words.counted(files, "attachment") + ": files and images are not sent");
    Set<String> tools = new TreeSet<>();
    between.stream()
        .filter(node -> !node.isSearch() && !node.isMemory() && !node.isThinking())
        .forEach(node -> tools.add(node.tool()));
    tools.remove("");
    say(!tools.isEmpty(), "tools: " + String.join(", ", tools));
    say(between.stream().anyMatch(Node::isSearch), "web search");
    boolean thought = between.stream().anyMatch(Node::isThinking);
    say(thought, "thinking before the answer; with the API, reasoning_effort sets how much");
    sayModel();
    String often = regenerated == 1 ? "once" : regenerated + " times";
    say(regenerated > 0, "regenerated " + often + ": all are saved");
    boolean mark = prompt.text().startsWith("\uFEFF");
    say(mark, "the byte-order mark at its start, which is not sent");
    return lines;
  }

  private void sayModel() {
    String model = end.model();
    @Nullable String chosen = end.chosen() != null ? end.chosen() : conversation.head().model();
    if (model != null && chosen != null && !model.equals(chosen) && !chosen.equals("auto")) {
      String kind = model.matches("(?i).*(mini|nano).*") ? "a smaller model: " : "another model: ";
      say(true, kind + model + " answered, where " + chosen + " was chosen");
    }
  }

  private void say(boolean holds, String line) {
    if (holds) {
      lines.add(line);
    }
  }
}
