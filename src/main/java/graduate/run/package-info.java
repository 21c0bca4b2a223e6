/** The way of one prompt. */
@NullMarked
package graduate.run;

import org.jspecify.annotations.NullMarked;
