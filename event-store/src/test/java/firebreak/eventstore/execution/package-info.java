@NullMarked
package firebreak.eventstore.execution;

import org.jspecify.annotations.NullMarked;
