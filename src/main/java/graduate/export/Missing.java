package graduate.export;

import graduate.export.Conversation.Head;
import graduate.text.Words;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stood behind ChatGPT's answer and will not stand behind the API's: this explains most of the
 * differences between the two.
 */
final class Missing {
  private Missing() {}

  /**
   * Says it, a line for each.
   *
   * @param end the last node of the answer
   * @param instructed whether the custom instructions are taken along
   * @param regenerated how many more answers there were to this very message
   */
  static List<String> lines(
      Conversation from, Node prompt, Node end, boolean instructed, int regenerated) {
    List<Node> path = from.pathTo(end);
    List<Node> before = path.subList(0, path.indexOf(prompt));
    List<Node> between = path.subList(before.size() + 1, path.size());
    List<Node> turns = before.stream().filter(Node::isUser).toList();
    Head head = from.head();
    boolean gpt = head.isCustomGpt();
    int own = instructed ? 0 : from.instructions(prompt).length();
    int files = prompt.files() + turns.stream().mapToInt(Node::files).sum();
    String tools =
        between.stream()
            .filter(node -> !node.isSearch() && !node.isMemory() && !node.isThinking())
            .map(Node::tool)
            .filter(tool -> !tool.isEmpty())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    String often = regenerated == 1 ? "once" : regenerated + " times";
    Stream<String> lines =
        Stream.of(
            when(
                own > 0, "custom instructions (" + own + " characters); --instructions takes them"),
            when(
                path.stream().anyMatch(Node::isMemory),
                "memory: what ChatGPT knew of you from other conversations"),
            when(
                !turns.isEmpty(),
                Words.counted(turns.size(), "earlier turn") + " of the conversation"),
            when(
                gpt,
                "the instructions of the custom GPT " + head.gizmo() + ", which no export holds"),
            when(
                !gpt && head.gizmo() != null,
                "the instructions and files of the project " + head.gizmo()),
            when(files > 0, Words.counted(files, "attachment") + ": files and images are not sent"),
            when(!tools.isEmpty(), "tools: " + tools),
            when(between.stream().anyMatch(Node::isSearch), "web search"),
            when(
                between.stream().anyMatch(Node::isThinking),
                "thinking before the answer; with the API, reasoning_effort sets how much"),
            model(end.model(), end.chosen() != null ? end.chosen() : head.model()),
            when(regenerated > 0, "regenerated " + often + ": all are saved"),
            when(
                prompt.text().startsWith("\uFEFF"),
                "the byte-order mark at its start, which is not sent"));
    return lines.filter(line -> !line.isEmpty()).toList();
  }

  private static String model(@Nullable String model, @Nullable String chosen) {
    if (model == null || chosen == null || model.equals(chosen) || chosen.equals("auto")) {
      return "";
    }
    String kind = model.matches("(?i).*(mini|nano).*") ? "a smaller model: " : "another model: ";
    return kind + model + " answered, where " + chosen + " was chosen";
  }

  private static String when(boolean holds, String line) {
    return holds ? line : "";
  }
}
