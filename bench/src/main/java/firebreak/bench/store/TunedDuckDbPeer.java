package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB tuned by hand with what Firebreak works out by itself: a code of one byte for each number,
 * the time bucket, and even the selection, as columns of a second table.
 */
final class TunedDuckDbPeer implements Peer {
  private static final String TABLE = "tuned";
  private static final int HIGHEST_CODE = 255;
  private static final int LOWEST_OCTAVE = -10;

  private final DuckDbPeer plain;
  private final Workload workload;
  private final String source;
  private final SqlQuestions questions;

  TunedDuckDbPeer(DuckDbPeer plain, Workload workload, String source) {
    this.plain = plain;
    this.workload = workload;
    this.source = source;
    questions = new SqlQuestions(new SqlDialect.TunedDuckDb(TABLE), workload, plain::rows);
  }

  @Override
  public String name() {
    return "duckdb_tuned";
  }

  @Override
  public String about() {
    return "DuckDB with one-byte codes for numbers, time bucket and selection precomputed";
  }

  @Override
  public WideEvents events() {
    return workload.events();
  }

  @Override
  public long process() {
    return plain.process();
  }

  /** Copies the other table, which holds the same events; not an ingest to be compared. */
  @Override
  public void load(Batches events, IntConsumer progress) throws Exception {
    SqlDialect.DuckDb dialect = new SqlDialect.DuckDb(source);
    StringBuilder sql = new StringBuilder("CREATE TABLE " + TABLE + " AS SELECT *");
    for (WideField field : workload.events().fields()) {
      if (field.isNumber()) {
        sql.append(", %s AS \"%s\"".formatted(code(field), SqlDialect.TunedDuckDb.code(field)));
      }
    }
    sql.append(", %s::UTINYINT AS bucket".formatted(dialect.bucket()));
    sql.append(", (%s) AS selected".formatted(dialect.isSelected(workload.slowMillis(0))));
    plain.execute(sql + " FROM " + source);
    progress.accept((int) Math.min(Integer.MAX_VALUE, workload.events().count()));
  }

  /** Eight codes an octave from about a thousandth up; what is less shares the lowest. */
  private static String code(WideField field) {
    return "greatest(0, least(%d, floor((log2(greatest(%s, 1e-3)) - %d) * 8)))::UTINYINT"
        .formatted(HIGHEST_CODE, SqlDialect.quoted(field.name()), LOWEST_OCTAVE);
  }

  @Override
  public void settle() throws Exception {
    plain.settle();
  }

  /** Shares the file of the other; not told apart. */
  @Override
  public long bytesOnDisk() {
    return 0;
  }

  @Override
  public @Nullable Answer ask(Question question, int round) throws Exception {
    return questions.ask(question, round);
  }

  @Override
  public void close() {}
}
