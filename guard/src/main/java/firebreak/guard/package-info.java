/**
 * From a burn to a decision to an action, and the record of it.
 *
 * <p>Start at {@link firebreak.guard.Guard#respond}.
 */
@NullMarked
package firebreak.guard;

import org.jspecify.annotations.NullMarked;
