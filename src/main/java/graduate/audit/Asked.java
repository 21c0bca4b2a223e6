package graduate.audit;

/**
 * What one call asked, whatever its files are called: the hashes of their bytes, empty where there
 * is no such file.
 */
public record Asked(String prompt, String input, String end) {}
