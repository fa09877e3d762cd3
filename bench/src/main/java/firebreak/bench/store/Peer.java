package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A store that takes the same events and answers the same questions. */
interface Peer extends AutoCloseable {
  /** Two threads each, so that none has more of the machine than another. */
  int THREADS = 2;

  String name();

  /** Which version of what, in which form. */
  String about();

  /** What it is given: all events, or a smaller day of the same kind. */
  WideEvents events();

  /** Where its work is done; CPU time is that process's. */
  long process();

  /**
   * Takes all events, JSON bytes in; returns when the last one is acknowledged as durable.
   *
   * @param progress is told the size of each batch that is in
   */
  void load(Batches events, IntConsumer progress) throws Exception;

  /** Brings everything into the form in which it will lie; not part of what is acknowledged. */
  void settle() throws Exception;

  long bytesOnDisk() throws Exception;

  /**
   * Asks a question, worded a little differently in each round so that no remembered answer is
   * measured; null where the store cannot say it.
   */
  @Nullable Answer ask(Question question, int round) throws Exception;

  @Override
  void close() throws IOException, SQLException;
}
