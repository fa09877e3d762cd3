package firebreak.eventstore.columns;

import org.jspecify.annotations.Nullable;

/** A coded column put together from its pieces. */
record CodedColumn(Codes codes, Dictionary dictionary, @Nullable Marginals marginals)
    implements Column.Coded {}
