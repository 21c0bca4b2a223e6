/** Prices, worst cases, caps and the ledger that holds calls to them. */
@NullMarked
package graduate.spend;

import org.jspecify.annotations.NullMarked;
