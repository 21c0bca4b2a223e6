/** A class a command: options in, one thing called, the result printed. */
@NullMarked
package graduate.cli;

import org.jspecify.annotations.NullMarked;
