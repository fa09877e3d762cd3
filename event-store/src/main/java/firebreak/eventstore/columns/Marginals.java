package firebreak.eventstore.columns;

/**
 * What the rows of each code weigh together, counted when the part was written, so that the sum
 * over many rows costs nothing.
 */
public interface Marginals {
  /** The weight of all rows of the part that have the code, {@link Column#ABSENT} included. */
  long weight(int code);

  /** Whether each block of {@link Part#BLOCK} rows was counted by itself too. */
  boolean hasBlocks();

  /** Adds the weights of a block's rows to those in {@code weights}, by code. */
  void addBlock(int block, long[] weights);
}
