package firebreak.records;

import java.time.Instant;

/**
 * Something to be told to one destination, at least once.
 *
 * @param id what it is and for whom: the same thing is not written down twice
 * @param subject what it is about, such as an incident's id: one subject's notices go out in order
 * @param body what to say, JSON text
 */
public record Notice(String id, String destination, String subject, String body) {

  /** A notice that has not reached its destination yet. */
  public record Waiting(Notice notice, long sequence, int attempts, Instant writtenAt) {}
}
