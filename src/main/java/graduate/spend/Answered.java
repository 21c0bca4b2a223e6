package graduate.spend;

import java.time.Instant;

/**
 * The newest answered call to the same texts.
 *
 * @param requested when it was requested
 * @param offset of its response line in the log; -1 where that lies in a log set aside
 */
public record Answered(String id, Instant requested, long offset) {}
