/**
 * What a set of events has in common, set against the rest.
 *
 * <p>Start at {@link firebreak.bubbleup.BubbleUp}. The statistics that attribution uses live here
 * too, so that there is one home for them.
 */
@NullMarked
package firebreak.bubbleup;

import org.jspecify.annotations.NullMarked;
