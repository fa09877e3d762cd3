/**
 * Flags are read, changed for the smallest audience, and changed back here.
 *
 * <p>Start at {@link firebreak.flags.FlagSwitch}. This is the only home of LaunchDarkly.
 */
@NullMarked
package firebreak.flags;

import org.jspecify.annotations.NullMarked;
