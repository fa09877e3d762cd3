package firebreak.eventstore.columns;

/** Tells which rows of which source are written to a new part. */
@FunctionalInterface
public interface RowFilter {
  RowFilter ALL = (_, _) -> true;

  boolean keeps(Part source, int row);
}
