package graduate.compare;

/**
 * An answer saved from ChatGPT.
 *
 * @param path its file, as the reports show it
 * @param text the answer, unchanged
 */
public record SavedAnswer(String path, String text) {}
