/** The Chat Completions endpoint: one request, one attempt, one response. */
@NullMarked
package graduate.openai;

import org.jspecify.annotations.NullMarked;
