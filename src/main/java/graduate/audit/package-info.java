/** The append-only log of every request and response. */
@NullMarked
package graduate.audit;

import org.jspecify.annotations.NullMarked;
