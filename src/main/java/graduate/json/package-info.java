/** JSON as trees. */
@NullMarked
package graduate.json;

import org.jspecify.annotations.NullMarked;
