package graduate.export;

/** A sign that a prompt has outgrown ChatGPT. */
public enum Symptom {
  DAILY(1, "daily"),
  PASTED(2, "pasted on"),
  BULK(3, "bulk"),
  LOG(4, "on record"),
  EVENTS(5, "events");

  private final int number;
  private final String words;

  Symptom(int number, String words) {
    this.number = number;
    this.words = words;
  }

  public String words() {
    return words;
  }

  public int number() {
    return number;
  }

  /** Whether only the user knows; the others are measured. */
  public boolean isAsked() {
    return this != DAILY && this != BULK;
  }
}
