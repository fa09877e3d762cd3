/**
 * What people and the guard write down: incidents, mitigations, the audit chain, what was set up
 * over the API, and what is still to be told.
 *
 * <p>Start at {@link firebreak.records.Records}. This is the only home of SQL.
 */
@NullMarked
package firebreak.records;

import org.jspecify.annotations.NullMarked;
