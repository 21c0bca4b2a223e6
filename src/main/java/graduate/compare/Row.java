package graduate.compare;

import java.util.List;

/**
 * What stands side by side: a line that is the same, a line with changes in it, or a block of lines
 * that are all replaced, left out or put in. Only a block holds newlines, between its lines.
 */
record Row(List<Run> runs) {
  /** Which answer has a run. */
  enum Kind {
    EQUAL,
    DELETED,
    INSERTED
  }

  /** A stretch of text that stands in both answers or in one of them. */
  record Run(Kind kind, String text) {}

  boolean same() {
    return runs.stream().allMatch(run -> run.kind() == Kind.EQUAL);
  }

  boolean block() {
    return runs.stream().noneMatch(run -> run.kind() == Kind.EQUAL);
  }
}
