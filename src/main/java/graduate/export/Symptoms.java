package graduate.export;

import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the five symptoms a prompt has, a point each.
 *
 * @param held those it has
 * @param open those that nobody has been asked for yet
 */
public record Symptoms(Set<Symptom> held, Set<Symptom> open) {
  private static final int GRADUATES = 3;

  /**
   * Measures two of them.
   *
   * @param answers which of the others hold, or null if the user has not said
   */
  public static Symptoms of(Family family, ZoneId zone, @Nullable Set<Symptom> answers) {
    Set<Symptom> held = EnumSet.noneOf(Symptom.class);
    Set<Symptom> open = EnumSet.noneOf(Symptom.class);
    for (Symptom symptom : Symptom.values()) {
      boolean holds =
          switch (symptom) {
            case DAILY -> family.daily(zone);
            case BULK -> family.bulk(zone);
            case PASTED, LOG, EVENTS -> answers != null && answers.contains(symptom);
          };
      if (holds) {
        held.add(symptom);
      } else if (symptom.isAsked() && answers == null) {
        open.add(symptom);
      }
    }
    return new Symptoms(held, open);
  }

  public int score() {
    return held.size();
  }

  /** What the score says: three points or more graduate, two leave it open, fewer stay. */
  public String verdict() {
    return score() >= GRADUATES
        ? "graduate it"
        : score() == GRADUATES - 1 ? "your call" : "stays in ChatGPT";
  }
}
