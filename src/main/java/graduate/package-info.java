/** The entry: wires the program and maps failures to exit codes. */
@NullMarked
package graduate;

import org.jspecify.annotations.NullMarked;
