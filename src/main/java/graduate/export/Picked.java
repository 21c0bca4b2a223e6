package graduate.export;

import graduate.text.UnusableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The message that was picked, read again with all that stands around it.
 *
 * @param family the family it was picked from
 * @param answers those to this very message first, the shown one at their head, then those to
 *     messages of the same bytes, the newest first
 * @param regenerated how many of the answers after the first are to this very message
 */
record Picked(
    Conversation conversation,
    Node prompt,
    @Nullable Family family,
    List<Answer> answers,
    int regenerated) {
  private static final Pattern LINK = Pattern.compile("https?://[^/]+/(?:.*/)?c/([^/?#]+).*");

  /** The newest answered run of a family. */
  static Picked candidate(Survey survey, String name, int answers) {
    Family family =
        survey.families().stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnusableException(
                        name + ": no such candidate. See: graduate candidates, with --top 99"));
    Run run =
        family.runs().stream()
            .filter(Run::answered)
            .reduce((older, newer) -> newer)
            .orElseThrow(() -> new UnusableException(name + ": no run of it was answered"));
    Conversation conversation = again(survey, run.head());
    return of(survey, conversation, conversation.node(run.node()), family, answers);
  }

  /**
   * The last answered turn of a conversation.
   *
   * @param id the conversation's id, or a link that ends in it
   */
  static Picked conversation(Survey survey, String id, int answers) {
    Matcher link = LINK.matcher(id);
    Head head =
        survey
            .conversation(link.matches() ? link.group(1) : id)
            .orElseThrow(() -> new UnusableException(id + ": no such conversation in the export"));
    Conversation conversation = again(survey, head);
    Optional<Node> prompt = conversation.lastAnswered();
    if (prompt.isEmpty()) {
      throw new UnusableException(id + ": nothing in this conversation was answered");
    }
    return of(survey, conversation, prompt.get(), null, answers);
  }

  private static Picked of(
      Survey survey, Conversation conversation, Node prompt, @Nullable Family family, int wanted) {
    List<Answer> answers = new ArrayList<>(conversation.answers(prompt));
    if (answers.isEmpty()) {
      String place = place(conversation.head(), prompt);
      throw new UnusableException(
          place + ": the answer has no text, so there is nothing to compare");
    }
    int regenerated = answers.size() - 1;
    if (answers.size() < wanted && prompt.said().files() == 0) {
      answers.addAll(toTheSame(survey, conversation, prompt));
    }
    List<Answer> some = List.copyOf(answers.subList(0, Math.min(wanted, answers.size())));
    return new Picked(conversation, prompt, family, some, regenerated);
  }

  /** The answers to other messages of the same bytes that had no attachments. */
  private static List<Answer> toTheSame(Survey survey, Conversation conversation, Node prompt) {
    int hash = prompt.said().text().hashCode();
    Set<Head> heads =
        survey.runs().stream()
            .filter(r -> !r.attached() && r.hash() == hash)
            .map(Run::head)
            .collect(Collectors.toSet());
    List<Answer> answers = new ArrayList<>();
    survey
        .export()
        .read(
            c -> {
              if (heads.remove(c.head())) {
                c.userNodes().stream()
                    .filter(n -> !c.head().equals(conversation.head()) || !n.equals(prompt))
                    .filter(n -> n.said().files() == 0)
                    .filter(n -> n.said().text().equals(prompt.said().text()))
                    .forEach(n -> answers.addAll(c.answers(n)));
              }
              return !heads.isEmpty();
            });
    answers.sort(Comparator.comparingDouble((Answer a) -> a.end().newest()).reversed());
    return answers;
  }

  /** Reads one conversation again. */
  private static Conversation again(Survey survey, Head head) {
    List<Conversation> found = new ArrayList<>();
    survey
        .export()
        .read(
            c -> {
              if (c.head().equals(head)) {
                found.add(c);
              }
              return found.isEmpty();
            });
    if (found.isEmpty()) {
      throw new UnusableException(survey.export().path() + ": changed while it was read");
    }
    return found.get(0);
  }

  /** Where in the export a message is. */
  static String place(Head head, Node node) {
    return head.file() + " #" + head.index() + ", message " + node.id();
  }
}
