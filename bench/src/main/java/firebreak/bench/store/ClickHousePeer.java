package firebreak.bench.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.bench.wide.Batches;
import firebreak.bench.wide.Form;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** ClickHouse embedded in a Node process of its own, a MergeTree ordered by time. */
final class ClickHousePeer implements Peer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = "events";
  private static final int BATCHES_PER_INSERT = 200;

  private final Path folder;
  private final Workload workload;
  private final Process process;
  private final OutputStream toProcess;
  private final BufferedReader fromProcess;
  private final SqlQuestions questions;

  ClickHousePeer(Path program, Path folder, Workload workload) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.workload = workload;
    process =
        new ProcessBuilder("node", "server.mjs", folder.resolve("data").toString())
            .directory(program.toFile())
            .redirectError(ProcessBuilder.Redirect.to(folder.resolve("log").toFile()))
            .start();
    toProcess = process.getOutputStream();
    fromProcess = process.inputReader(StandardCharsets.UTF_8);
    run("SET max_threads = " + THREADS);
    List<String> columns = new ArrayList<>(List.of("time DateTime64(3, 'UTC')"));
    for (WideField field : workload.events().fields()) {
      columns.add(SqlDialect.quoted(field.name()) + " " + type(field));
    }
    run(
        "CREATE TABLE %s (%s) ENGINE = MergeTree ORDER BY time SETTINGS fsync_after_insert = 1"
            .formatted(TABLE, String.join(", ", columns)));
    questions = new SqlQuestions(new SqlDialect.ClickHouse(TABLE), workload, this::rows);
  }

  private static String type(WideField field) {
    String nullable = NULLABLE.contains(field.name()) ? "Nullable(%s)" : "%s";
    return switch (field.form()) {
      case Form.Word _ -> "LowCardinality(%s)".formatted(nullable.formatted("String"));
      case Form.Numbered _, Form.Hex _, Form.Uuid _ -> nullable.formatted("String");
      case Form.Truth _ -> "Bool";
      case Form.Whole _ -> "Int64";
      case Form.Thousandths _ -> nullable.formatted("Float64");
    };
  }

  private static final List<String> NULLABLE =
      List.of("trace.parent_id", "db.system", "db.operation", "exception.type", "topic", "db_ms");

  @Override
  public String name() {
    return "clickhouse";
  }

  @Override
  public String about() {
    try {
      return "ClickHouse %s embedded (chdb), MergeTree by time, LowCardinality words"
          .formatted(run("SELECT version()").strip().replace("\"", ""));
    } catch (IOException e) {
      return "ClickHouse: " + e.getMessage();
    }
  }

  @Override
  public WideEvents events() {
    return workload.events();
  }

  @Override
  public long process() {
    return process.pid();
  }

  /** In portions of 200,000 lines of JSON, which it reads with as many threads as it likes. */
  @Override
  public void load(Batches events, IntConsumer progress) throws Exception {
    Path lines = folder.resolve("lines.ndjson");
    for (int from = 0; from < events.batches(); from += BATCHES_PER_INSERT) {
      int end = Math.min(events.batches(), from + BATCHES_PER_INSERT);
      int count = 0;
      try (OutputStream out = Files.newOutputStream(lines)) {
        for (int batch = from; batch < end; batch++) {
          out.write(FlatLines.of(events.batch(batch), ""));
          count += events.size(batch);
        }
      }
      run("INSERT INTO %s SELECT * FROM file('%s', JSONEachRow)".formatted(TABLE, lines));
      progress.accept(count);
    }
    Files.delete(lines);
  }

  @Override
  public void settle() throws IOException {
    run("OPTIMIZE TABLE " + TABLE);
  }

  @Override
  public long bytesOnDisk() throws Exception {
    return Long.parseLong(
        run("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = '" + TABLE + "'")
            .strip());
  }

  @Override
  public @Nullable Answer ask(Question question, int round) throws Exception {
    return questions.ask(question, round);
  }

  private List<@Nullable Object[]> rows(String sql) throws IOException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String line : ask(sql, "JSONCompactEachRow").lines().toList()) {
      JsonNode cells = JSON.readTree(line);
      @Nullable Object[] row = new @Nullable Object[cells.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = cells.get(i).isNull() ? null : cells.get(i).asText();
      }
      rows.add(row);
    }
    return rows;
  }

  private String run(String sql) throws IOException {
    return ask(sql, "CSV");
  }

  private String ask(String sql, String format) throws IOException {
    toProcess.write(JSON.writeValueAsBytes(Map.of("sql", sql, "format", format)));
    toProcess.write('\n');
    toProcess.flush();
    String line = fromProcess.readLine();
    if (line == null) {
      throw new IOException("ClickHouse has ended; see " + folder.resolve("log"));
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IOException("ClickHouse: " + answer.get("error").asText());
    }
    return answer.get("text").asText();
  }

  @Override
  public void close() throws IOException {
    ChildProcess.end(process);
  }
}
