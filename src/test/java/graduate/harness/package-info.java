/** What tests of every package stand on: the program as a process, its server, its clock. */
@NullMarked
package graduate.harness;

import org.jspecify.annotations.NullMarked;
