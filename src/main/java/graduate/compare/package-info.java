/**
 * A saved answer against a new one: facts, shape, likeness, difference, and three reports of it.
 */
@NullMarked
package graduate.compare;

import org.jspecify.annotations.NullMarked;
