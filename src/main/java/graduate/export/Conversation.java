package graduate.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: a tree of nodes, of which ChatGPT shows one path. The tree is read by {@code
 * parent} alone, since some exports have no {@code children}; it may have loops and loose ends.
 */
final class Conversation {
  private final Head head;
  private final Map<String, Node> nodes;
  private final @Nullable String current;
  private @Nullable Map<String, List<Node>> children;

  Conversation(Head head, Map<String, Node> nodes, @Nullable String current) {
    this.head = head;
    this.nodes = nodes;
    this.current = current;
  }

  Head head() {
    return head;
  }

  Node node(String id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException("no node " + id);
    }
    return node;
  }

  /** Every message of the user's, on whatever branch. */
  List<Node> userNodes() {
    return nodes.values().stream().filter(Node::isUser).toList();
  }

  /** The visible path, from the root to the current node, else to the newest leaf. */
  List<Node> path() {
    Node end = current == null ? null : nodes.get(current);
    if (end == null) {
      end = newestLeaf(null);
    }
    return end == null ? List.of() : pathTo(end);
  }

  /** The last user message on the visible path that an answer follows. */
  Optional<Node> lastAnswered() {
    List<Node> path = path();
    boolean answered = false;
    for (int i = path.size() - 1; i >= 0; i--) {
      answered |= path.get(i).isAnswer();
      if (answered && path.get(i).isUser()) {
        return Optional.of(path.get(i));
      }
    }
    return Optional.empty();
  }

  /** The path that shows {@code node}: the visible one, else the one to the newest leaf below. */
  List<Node> pathThrough(Node node) {
    List<Node> path = path();
    if (path.contains(node)) {
      return path;
    }
    Node leaf = newestLeaf(node);
    return pathTo(leaf == null ? node : leaf);
  }

  /** The ids of the user's messages that an answer with text follows, on whatever branch. */
  Set<String> answered() {
    Set<String> answered = new HashSet<>();
    for (Node node : nodes.values()) {
      if (node.isAnswer() && !node.said().text().isBlank()) {
        Node up = parentOf(node);
        for (int steps = 0; up != null && !up.isUser() && steps < nodes.size(); steps++) {
          up = parentOf(up);
        }
        if (up != null && up.isUser()) {
          answered.add(up.id());
        }
      }
    }
    return answered;
  }

  /**
   * The answers to {@code prompt}: the one that its path shows, then the regenerated, newest first.
   */
  List<Answer> answers(Node prompt) {
    Set<Answer> others = new LinkedHashSet<>();
    for (Node node : below(prompt)) {
      List<Node> next = children().getOrDefault(node.id(), List.of());
      if (next.isEmpty() || next.stream().anyMatch(Node::isUser)) {
        others.add(after(prompt, pathTo(node)));
      }
    }
    Set<Answer> all = new LinkedHashSet<>();
    all.add(after(prompt, pathThrough(prompt)));
    others.stream()
        .filter(a -> !a.nodes().isEmpty())
        .sorted(Comparator.comparingDouble((Answer a) -> a.end().newest()).reversed())
        .forEach(all::add);
    all.removeIf(a -> a.text().isBlank());
    return List.copyOf(all);
  }

  /** The answer that stands between {@code prompt} and the next user message of {@code path}. */
  static Answer after(Node prompt, List<Node> path) {
    List<Node> shown = new ArrayList<>();
    for (Node node : path.subList(path.indexOf(prompt) + 1, path.size())) {
      if (node.isUser()) {
        break;
      }
      if (node.isAnswer()) {
        shown.add(node);
      }
    }
    return Answer.of(shown);
  }

  /** Whether no message of the user's stands before {@code node}. */
  boolean isFirst(Node node) {
    Set<String> seen = new HashSet<>();
    for (Node up = parentOf(node); up != null && seen.add(up.id()); up = parentOf(up)) {
      if (up.isUser()) {
        return false;
      }
    }
    return true;
  }

  /** The nodes below {@code prompt}, down to where the user speaks again. */
  private List<Node> below(Node prompt) {
    Set<String> seen = new HashSet<>(Set.of(prompt.id()));
    List<Node> found = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>(children().getOrDefault(prompt.id(), List.of()));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!node.isUser() && seen.add(node.id())) {
        found.add(node);
        open.addAll(children().getOrDefault(node.id(), List.of()));
      }
    }
    return found;
  }

  private Map<String, List<Node>> children() {
    if (children == null) {
      children = new HashMap<>();
      for (Node node : nodes.values()) {
        if (node.parent() != null) {
          children.computeIfAbsent(node.parent(), k -> new ArrayList<>(1)).add(node);
        }
      }
    }
    return children;
  }

  private @Nullable Node parentOf(Node node) {
    return node.parent() == null ? null : nodes.get(node.parent());
  }

  List<Node> pathTo(Node end) {
    Map<String, Node> path = new LinkedHashMap<>();
    for (Node n = end; n != null && path.putIfAbsent(n.id(), n) == null; ) {
      n = parentOf(n);
    }
    List<Node> nodesUp = new ArrayList<>(path.values());
    Collections.reverse(nodesUp);
    return nodesUp;
  }

  /** The newest node that is nobody's parent, of two the later in the file. */
  private @Nullable Node newestLeaf(@Nullable Node above) {
    Node newest = null;
    for (Node node : nodes.values()) {
      if (!children().containsKey(node.id())
          && (newest == null || node.newest() >= newest.newest())
          && (above == null || pathTo(node).contains(above))) {
        newest = node;
      }
    }
    return newest;
  }
}
