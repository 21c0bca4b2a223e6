package graduate.compare;

/**
 * Something in an answer that is right or wrong, whatever words stand around it.
 *
 * @param kind what it is
 * @param text as written
 * @param key the same for facts that mean the same
 */
record Fact(Kind kind, String text, String key) {
  /** What a fact is; the name is the singular that the verdict uses. */
  enum Kind {
    NUMBER("number"),
    AMOUNT("amount"),
    DATE("date"),
    TIME("time"),
    URL("URL"),
    EMAIL("e-mail address"),
    IDENTIFIER("identifier");

    private final String noun;

    Kind(String noun) {
      this.noun = noun;
    }

    String noun(int count) {
      return count == 1 ? noun : this == EMAIL ? noun + "es" : noun + "s";
    }
  }
}
