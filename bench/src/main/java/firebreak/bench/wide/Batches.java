package firebreak.bench.wide;

/**
 * The events as clients send them: batches of JSON, each to be had by its number, by any thread.
 */
public interface Batches extends AutoCloseable {
  WideEvents events();

  int batches();

  /** How many events a batch has. */
  int size(int batch);

  /** A batch as a client would send it. */
  byte[] batch(int number);

  @Override
  void close();

  /** Batches that are made when they are asked for, for more events than a disk would hold. */
  static Batches made(WideEvents events, int most) {
    return new MadeBatches(events, most);
  }
}
