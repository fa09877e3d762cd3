package firebreak.bench;

import firebreak.eventstore.Event;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A store that takes the same events and answers the same questions. */
interface Peer extends AutoCloseable {
  String name();

  void load(List<Event> events) throws Exception;

  /** Called once when all is loaded. */
  void loaded() throws Exception;

  /** What to run, by the question's name; each returns a number to compare across peers. */
  Map<String, Question> questions();

  @Override
  void close() throws IOException, SQLException;

  /** Runs once and returns a figure that all peers must agree on. */
  @FunctionalInterface
  interface Question {
    double run() throws Exception;
  }
}
