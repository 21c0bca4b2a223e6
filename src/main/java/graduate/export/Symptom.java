package graduate.export;

import java.util.List;
import java.util.regex.Pattern;

/** A sign that a prompt has outgrown ChatGPT: two are measured, three only the user knows. */
public enum Symptom {
  DAILY("daily", "(?!)"),
  PASTED(
      "pasted on",
      "paste|copy|csv|json|xml|yaml|code block|intro line|nothing else|only the"
          + "|einfügen|kopier|ohne einleitung|だけを返|只返回"),
  BULK("bulk", "(?!)"),
  LOG(
      "on record",
      "log (this|that|it|these|every)|audit|compliance|on record|for the records?|keep a record"
          + "|protokollier|nachweis|監査|记录"),
  EVENTS(
      "events",
      "alert|just (fired|arrived|came)|whenever|(every|each) time|as soon as|when a new|webhook"
          + "|by itself|sobald|jedes mal|immer wenn");

  private final String words;
  private final Pattern wording;

  Symptom(String words, String wording) {
    this.words = words;
    this.wording = Pattern.compile(wording, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  public String words() {
    return words;
  }

  /** From 1 to 5, as the help counts them. */
  public int number() {
    return List.of(values()).indexOf(this) + 1;
  }

  /** Whether only the user knows; the others are measured. */
  public boolean isAsked() {
    return this != DAILY && this != BULK;
  }

  /** Whether a sentence reads as if it held, which proves nothing. */
  boolean isHintedAt(String sentence) {
    return wording.matcher(sentence).find();
  }
}
