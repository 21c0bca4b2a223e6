package graduate.spend;

/**
 * A wish to call at most once in a window.
 *
 * @param texts see {@link Balance#texts}
 */
public record OncePer(Cap.Per per, String texts) {}
