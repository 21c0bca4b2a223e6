/** What several packages say about text. */
@NullMarked
package graduate.text;

import org.jspecify.annotations.NullMarked;
