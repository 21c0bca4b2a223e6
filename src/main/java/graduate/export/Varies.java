package graduate.export;

/** What of a recurring prompt changes from run to run. */
public enum Varies {
  END("the end"),
  START("the start"),
  MIDDLE("the middle"),
  ATTACHMENT("the attachment"),
  ALL("all of it"),
  NOTHING("nothing");

  private final String words;

  Varies(String words) {
    this.words = words;
  }

  /** As it reads after "changes from run to run". */
  public String words() {
    return words;
  }
}
