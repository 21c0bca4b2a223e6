package graduate.export;

import java.util.List;
import java.util.stream.Collectors;

/** One answer to a prompt: of the messages that ChatGPT showed, those that make it up. */
record Answer(List<Node> nodes) {
  /** The messages with channel {@code final}; else the last one and the cut-off ones before it. */
  static Answer of(List<Node> shown) {
    List<Node> last = shown.stream().filter(n -> n.said().last()).toList();
    if (!last.isEmpty() || shown.isEmpty()) {
      return new Answer(last);
    }
    int from = shown.size() - 1;
    while (from > 0 && shown.get(from - 1).said().cut()) {
      from--;
    }
    return new Answer(List.copyOf(shown.subList(from, shown.size())));
  }

  String text() {
    return nodes.stream().map(n -> n.said().text()).collect(Collectors.joining());
  }

  Node end() {
    return nodes.get(nodes.size() - 1);
  }
}
