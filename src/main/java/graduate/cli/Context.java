package graduate.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * What a command may touch of the outside world, handed in so that a test can hand in its own.
 *
 * @param home the launcher's own folder, where {@code prompts/} and {@code logs/} are found
 * @param diagnostics opens {@code logs/graduate.log} when first asked
 */
public record Context(
    Path home,
    Map<String, String> env,
    Console console,
    Clock clock,
    Supplier<Logger> diagnostics) {}
