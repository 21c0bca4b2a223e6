package graduate.export;

import org.jspecify.annotations.Nullable;

/**
 * A conversation without its messages.
 *
 * @param id its own id, else file and index
 * @param created Unix seconds, 0 where the export has none; {@code updated} likewise
 * @param model the model that was chosen for it
 * @param gizmo the custom GPT ({@code g-…}) or project ({@code g-p-…}) it belongs to
 * @param file the file or zip entry it was read from
 * @param index its place in that file, from 0, as jq counts
 */
record Head(
    String id,
    @Nullable String title,
    double created,
    double updated,
    @Nullable String model,
    @Nullable String gizmo,
    String file,
    int index) {

  /** Whether a custom GPT, whose instructions the export does not have, answered. */
  boolean customGpt() {
    return gizmo != null && gizmo.startsWith("g-") && !gizmo.startsWith("g-p-");
  }

  String titleOr(String other) {
    return title == null || title.isBlank() ? other : title;
  }
}
