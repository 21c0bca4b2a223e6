/** A captured prompt and its settings. */
@NullMarked
package graduate.prompt;

import org.jspecify.annotations.NullMarked;
