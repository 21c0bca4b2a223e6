/** The way of one prompt, alone, as one of many at once, or in a batch. */
@NullMarked
package graduate.run;

import org.jspecify.annotations.NullMarked;
