package graduate.compare;

import java.util.List;

/**
 * Whether the checks that were asked for hold.
 *
 * @param failures a line for each that does not, beginning with its option
 */
public record Verdict(List<String> failures) {
  public Verdict {
    failures = List.copyOf(failures);
  }

  /** Whether all hold. */
  public boolean pass() {
    return failures.isEmpty();
  }
}
