/** A loopback endpoint that answers with a saved answer. */
@NullMarked
package graduate.replay;

import org.jspecify.annotations.NullMarked;
