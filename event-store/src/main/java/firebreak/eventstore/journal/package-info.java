/** The files to which events go before anybody is told that they are kept. */
@NullMarked
package firebreak.eventstore.journal;

import org.jspecify.annotations.NullMarked;
