/** Reads a ChatGPT data export, finds the prompts that recur in it, and captures one of them. */
@NullMarked
package graduate.export;

import org.jspecify.annotations.NullMarked;
