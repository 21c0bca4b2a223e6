package graduate.audit;

/**
 * Bytes after the last good line that were never forced as a line: what a crash or a full disk
 * leaves.
 *
 * @param offset where they begin
 * @param bytes how many, without a newline at their end
 * @param sha256 of these bytes, in hex
 */
public record Torn(long offset, long bytes, String sha256) {}
