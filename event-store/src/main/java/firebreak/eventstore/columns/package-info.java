/**
 * The form in which events lie in the store: rows of one dataset in parts, and in a part one column
 * a field. A part is either the memtable, which grows, or a file, which never changes.
 */
@NullMarked
package firebreak.eventstore.columns;

import org.jspecify.annotations.NullMarked;
