package graduate.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: a tree of nodes, of which ChatGPT shows one path. The tree is read by {@code
 * parent} alone, since some exports have no {@code children}; it may have loops and loose ends.
 */
final class Conversation {
  private final Head head;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, List<Node>> children = new HashMap<>();
  private final List<Node> path;

  /**
   * A conversation without its messages.
   *
   * @param id its own id, else file and index
   * @param created Unix seconds, 0 where the export has none; {@code updated} likewise
   * @param model the model that was chosen for it
   * @param gizmo the custom GPT ({@code g-…}) or project ({@code g-p-…}) it belongs to
   * @param file the file or zip entry it was read from
   * @param index its place in that file, from 0, as jq counts
   */
  record Head(
      String id,
      String title,
      double created,
      double updated,
      @Nullable String model,
      @Nullable String gizmo,
      String file,
      int index) {

    /** Whether a custom GPT, whose instructions the export does not have, answered. */
    boolean isCustomGpt() {
      return gizmo != null && gizmo.startsWith("g-") && !gizmo.startsWith("g-p-");
    }
  }

  /** One answer to a prompt: of the messages that ChatGPT showed, those that make it up. */
  record Answer(List<Node> nodes) {
    String text() {
      return nodes.stream().map(Node::text).collect(Collectors.joining());
    }

    Node end() {
      return nodes.get(nodes.size() - 1);
    }
  }

  Conversation(JsonNode json, String file, int index) {
    String own = Node.word(json.path("conversation_id"));
    String id = own.isEmpty() ? Node.word(json.path("id")) : own;
    head =
        new Head(
            id.isEmpty() ? file + "#" + index : id,
            Node.word(json.path("title")),
            Node.time(json.path("create_time")),
            Node.time(json.path("update_time")),
            json.path("default_model_slug").textValue(),
            json.path("gizmo_id").textValue(),
            file,
            index);
    json.path("mapping").properties().forEach(n -> add(Node.of(n.getKey(), n.getValue())));
    Node current = nodes.get(Node.word(json.path("current_node")));
    path = Optional.ofNullable(current).or(this::newestLeaf).map(this::pathTo).orElse(List.of());
  }

  private void add(Node node) {
    nodes.put(node.id(), node);
    if (node.parent() != null) {
      children.computeIfAbsent(node.parent(), k -> new ArrayList<>(1)).add(node);
    }
  }

  Head head() {
    return head;
  }

  /** The node of that id, which is one of this conversation's. */
  Node node(String id) {
    return Objects.requireNonNull(nodes.get(id), id);
  }

  /** When a message was written: its own time, else the conversation's, else 0. */
  double time(Node node) {
    double own = node.created();
    return own > 0 ? own : head.created() > 0 ? head.created() : head.updated();
  }

  Collection<Node> nodes() {
    return nodes.values();
  }

  /** The visible path, from the root to the current node, else to the newest leaf. */
  List<Node> path() {
    return path;
  }

  /** The last message of the user's on the visible path that an answer follows. */
  Optional<Node> lastAnswered() {
    return path.stream().filter(Node::isAnswer).reduce((a, b) -> b).flatMap(this::userBefore);
  }

  /** The user's messages that an answer with text follows, on whatever branch. */
  Set<Node> answered() {
    return nodes.values().stream()
        .filter(node -> node.isAnswer() && !node.text().isBlank())
        .map(this::userBefore)
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  /** The nearest message of the user's above {@code node}. */
  private Optional<Node> userBefore(Node node) {
    Node up = parentOf(node);
    for (int steps = 0; up != null && !up.isUser() && steps < nodes.size(); steps++) {
      up = parentOf(up);
    }
    return Optional.ofNullable(up).filter(Node::isUser);
  }

  /** The answers to {@code prompt}: the one that is shown, then the others, newest first. */
  List<Answer> answers(Node prompt) {
    return nodes.values().stream()
        .filter(node -> userBefore(node).equals(Optional.of(prompt)) && endsTurn(node))
        .map(node -> after(prompt, pathTo(node)))
        .filter(answer -> !answer.text().isBlank())
        .distinct()
        .sorted(
            Comparator.comparing((Answer a) -> !path.contains(a.end()))
                .thenComparing(a -> -a.end().changed()))
        .toList();
  }

  private boolean endsTurn(Node node) {
    List<Node> next = children.getOrDefault(node.id(), List.of());
    return next.isEmpty() || next.stream().anyMatch(Node::isUser);
  }

  /**
   * The answer that stands between {@code prompt} and the next user message of {@code path}: the
   * messages with channel {@code final}; else the last one and the cut-off ones before it.
   */
  static Answer after(Node prompt, List<Node> path) {
    List<Node> shown =
        path.stream()
            .skip(path.indexOf(prompt) + 1L)
            .takeWhile(node -> !node.isUser())
            .filter(Node::isAnswer)
            .toList();
    List<Node> last = shown.stream().filter(Node::isFinal).toList();
    if (!last.isEmpty() || shown.isEmpty()) {
      return new Answer(last);
    }
    int from = shown.size() - 1;
    while (from > 0 && shown.get(from - 1).isCut()) {
      from--;
    }
    return new Answer(List.copyOf(shown.subList(from, shown.size())));
  }

  /** The custom instructions that stood before {@code prompt}; empty if there were none. */
  String instructions(Node prompt) {
    Stream<String> all = pathTo(prompt).stream().map(Node::instructions);
    return all.filter(text -> !text.isEmpty()).reduce("", (first, last) -> last);
  }

  /** Whether no message of the user's stands before {@code node}. */
  boolean opens(Node node) {
    return userBefore(node).isEmpty();
  }

  /** The nodes from the root down to {@code end}. */
  List<Node> pathTo(Node end) {
    Set<Node> up = new LinkedHashSet<>();
    for (Node node = end; node != null && up.add(node); ) {
      node = parentOf(node);
    }
    List<Node> down = new ArrayList<>(up);
    Collections.reverse(down);
    return down;
  }

  private @Nullable Node parentOf(Node node) {
    return node.parent() == null ? null : nodes.get(node.parent());
  }

  /** The newest node that is nobody's parent, of two the later in the file. */
  private Optional<Node> newestLeaf() {
    return nodes.values().stream()
        .filter(node -> !children.containsKey(node.id()))
        .reduce((newest, node) -> node.changed() >= newest.changed() ? node : newest);
  }
}
