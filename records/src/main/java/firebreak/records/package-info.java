/**
 * What people and the guard write down: incidents, mitigations, the audit chain.
 *
 * <p>Start at {@link firebreak.records.Records}. This is the only home of SQL.
 */
@NullMarked
package firebreak.records;

import org.jspecify.annotations.NullMarked;
