/** The Chat Completions endpoint: one request, one attempt, one response; and the Batch API. */
@NullMarked
package graduate.openai;

import org.jspecify.annotations.NullMarked;
