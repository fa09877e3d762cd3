/** How questions are answered from parts: once over the rows, then once over the groups. */
@NullMarked
package firebreak.eventstore.execution;

import org.jspecify.annotations.NullMarked;
