package graduate.audit;

/**
 * A file whose text went into a request.
 *
 * @param path as it was given; {@code -} is standard input
 * @param sha256 of the file's bytes, in hex
 */
public record Source(String path, String sha256) {}
