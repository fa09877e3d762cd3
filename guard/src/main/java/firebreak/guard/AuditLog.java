package firebreak.guard;

import java.time.Instant;
import java.util.List;

/**
 * The record of what was intended and done: append-only, each record chained to the one before by
 * its hash, on disk when the call returns.
 */
public interface AuditLog {

  /** Writes the next record. The body is JSON text. */
  AuditRecord append(
      Instant time, String actor, String kind, String incident, String mitigation, String body);

  /** The records after {@code sequence}, oldest first, at most {@code limit}. */
  List<AuditRecord> since(long sequence, int limit);

  /** The hash of the newest record; 64 zeros when there is none. */
  String head();

  /**
   * One record.
   *
   * @param sequence 1, 2, 3 … without a gap
   * @param hash SHA-256, hex, of all other parts, the previous hash among them
   */
  record AuditRecord(
      long sequence,
      Instant time,
      String actor,
      String kind,
      String incident,
      String mitigation,
      String body,
      String hash,
      String previousHash) {}
}
