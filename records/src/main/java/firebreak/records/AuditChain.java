package firebreak.records;

import firebreak.guard.AuditLog;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit log in the database: each record carries the hash of the one before, so that no record
 * can be changed, dropped or put in without breaking every hash after it.
 *
 * <p>Dropping the newest records leaves a shorter chain that is sound in itself; only a head that
 * was remembered elsewhere tells, see {@link #verify(long, String)}.
 */
public final class AuditChain implements AuditLog {

  /** The previous hash of the first record. */
  public static final String NO_HASH = "0".repeat(64);

  private static final int PAGE = 1_000;

  /** Goes into every hash, so that no other kind of record can pass for one of these. */
  private static final String DOMAIN = "firebreak.audit.1";

  private static final String COLUMNS =
      "sequence, second, nano, actor, kind, incident, mitigation, body, hash, previous_hash";

  private final Database database;

  AuditChain(Database database) {
    this.database = database;
  }

  /** Whether the chain holds. */
  public sealed interface Verification {

    /** All records are as they were written; remember the count and the head. */
    record Intact(long count, String head) implements Verification {}

    /** The record with this number is not as it was written, or not there. */
    record Broken(long sequence, String why) implements Verification {}
  }

  @Override
  public AuditRecord append(
      Instant time, String actor, String kind, String incident, String mitigation, String body) {
    AuditRecord[] written = new AuditRecord[1];
    database.inTurn(() -> written[0] = appendNext(time, actor, kind, incident, mitigation, body));
    return written[0];
  }

  private AuditRecord appendNext(
      Instant time, String actor, String kind, String incident, String mitigation, String body) {
    AuditRecord last = last();
    long sequence = last == null ? 1 : last.sequence() + 1;
    String previous = last == null ? NO_HASH : last.hash();
    String hash = hash(sequence, time, actor, kind, incident, mitigation, body, previous);
    database.write(
        "INSERT INTO audit (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sequence,
        time.getEpochSecond(),
        time.getNano(),
        actor,
        kind,
        incident,
        mitigation,
        body,
        hash,
        previous);
    return new AuditRecord(sequence, time, actor, kind, incident, mitigation, body, hash, previous);
  }

  @Override
  public List<AuditRecord> since(long sequence, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit cannot be negative, was " + limit);
    }
    return database.read(
        AuditChain::read,
        "SELECT " + COLUMNS + " FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
        sequence,
        limit);
  }

  @Override
  public String head() {
    AuditRecord last = last();
    return last == null ? NO_HASH : last.hash();
  }

  private @Nullable AuditRecord last() {
    return database
        .first(AuditChain::read, "SELECT " + COLUMNS + " FROM audit ORDER BY sequence DESC LIMIT 1")
        .orElse(null);
  }

  /** Reads the whole chain and recomputes every hash. */
  public Verification verify() {
    return verify(0, NO_HASH);
  }

  /**
   * Reads the whole chain, which must contain the remembered one.
   *
   * @param count and {@code head}: what an earlier {@link Verification.Intact} said, kept elsewhere
   */
  public Verification verify(long count, String head) {
    long sequence = 0;
    String previous = NO_HASH;
    if (count == 0 && !head.equals(NO_HASH)) {
      throw new IllegalArgumentException("no records have no head, was " + head);
    }
    for (List<AuditRecord> page = page(0); !page.isEmpty(); page = page(sequence)) {
      for (AuditRecord each : page) {
        long expected = sequence + 1;
        if (each.sequence() != expected) {
          return new Verification.Broken(expected, "is missing");
        }
        if (!each.previousHash().equals(previous)) {
          return new Verification.Broken(expected, "does not follow the record before it");
        }
        if (!each.hash().equals(hash(each))) {
          return new Verification.Broken(expected, "has been changed");
        }
        if (expected == count && !each.hash().equals(head)) {
          return new Verification.Broken(expected, "is not the one remembered");
        }
        sequence = expected;
        previous = each.hash();
      }
    }
    return sequence < count
        ? new Verification.Broken(sequence + 1, "is missing, there were " + count)
        : new Verification.Intact(sequence, previous);
  }

  /** The records after {@code sequence}; the first page also holds any that sort before 1. */
  private List<AuditRecord> page(long sequence) {
    return since(sequence == 0 ? Long.MIN_VALUE : sequence, PAGE);
  }

  private static AuditRecord read(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getLong(1),
        Instant.ofEpochSecond(row.getLong(2), row.getLong(3)),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10));
  }

  /** What the hash of a record with these parts is; the hash it carries plays no part. */
  static String hash(AuditRecord all) {
    return hash(
        all.sequence(),
        all.time(),
        all.actor(),
        all.kind(),
        all.incident(),
        all.mitigation(),
        all.body(),
        all.previousHash());
  }

  /** SHA-256 of all parts, each text led by its length, so that no two records read alike. */
  private static String hash(
      long sequence,
      Instant time,
      String actor,
      String kind,
      String incident,
      String mitigation,
      String body,
      String previousHash) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      List<String> texts = new ArrayList<>(List.of(DOMAIN, previousHash));
      texts.addAll(List.of(actor, kind, incident, mitigation, body));
      out.writeLong(sequence);
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
      for (String text : texts) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
