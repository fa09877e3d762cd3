package firebreak.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes the result of a query in Honeycomb's shape. */
final class ResultJson {
  private final NamedQuery named;
  private final boolean withSeries;

  ResultJson(NamedQuery named, boolean withSeries) {
    this.named = named;
    this.withSeries = withSeries;
  }

  /** The result with its series and the two aggregates, as far as they were asked for. */
  ObjectNode view(QueryResult result) {
    ObjectNode view = JsonTree.object();
    ArrayNode rows = view.putArray("results");
    for (Row row : result.rows()) {
      ObjectNode entry = rows.addObject();
      entry.set("data", cells(row.cells(), group(row)));
      if (!row.compared().isEmpty()) {
        entry.set("compare_data", cells(row.compared(), group(row)));
      }
    }
    view.set("series", series(result.rows(), this::group));
    if (!result.total().cells().isEmpty()) {
      view.set("total_by_aggregate", cells(result.total().cells(), JsonTree.object()));
      if (withSeries) {
        view.set(
            "total_by_aggregate_series", series(List.of(result.total()), _ -> JsonTree.object()));
      }
    }
    if (!result.other().cells().isEmpty()) {
      view.set("other_by_aggregate", cells(result.other().cells(), JsonTree.object()));
    }
    ObjectNode info = view.putObject("info");
    info.put("granularity_seconds", named.query().granularity().toSeconds());
    info.put("rows_examined", result.rowsExamined());
    return view;
  }

  private ArrayNode series(List<Row> rows, Function<Row, ObjectNode> group) {
    TreeMap<Instant, ArrayNode> times = new TreeMap<>();
    for (Row row : withSeries ? rows : List.<Row>of()) {
      for (QueryResult.Point point : row.series()) {
        ObjectNode line = JsonTree.object();
        line.set("time", JsonTree.time(point.time()));
        line.set("data", cells(point.cells(), group.apply(row)));
        times.computeIfAbsent(point.time(), _ -> Json.MAPPER.createArrayNode()).add(line);
      }
    }
    ArrayNode series = Json.MAPPER.createArrayNode();
    times.values().forEach(series::addAll);
    return series;
  }

  private ObjectNode group(Row row) {
    Query query = named.query();
    ObjectNode data = JsonTree.object();
    for (int i = 0; i < query.breakdowns().size(); i++) {
      data.set(query.breakdowns().get(i), JsonTree.value(row.group().get(i)));
    }
    return data;
  }

  private ObjectNode cells(List<Cell> cells, ObjectNode into) {
    for (int i = 0; i < cells.size(); i++) {
      String name = named.names().get(i);
      switch (cells.get(i)) {
        case Cell.Figure figure -> into.set(name, JsonTree.number(figure.value()));
        case Cell.Absent() -> into.putNull(name);
        case Cell.Heatmap heatmap ->
            into.set(
                name,
                JsonTree.object().set("bins", JsonTree.array(heatmap.bins(), ResultJson::bin)));
      }
    }
    for (NamedQuery.ResultFormula formula : named.formulas()) {
      into.set(formula.name(), JsonTree.value(RowFormulas.value(formula, named, cells)));
    }
    return into;
  }

  static ObjectNode bin(QueryResult.Bin bin) {
    ObjectNode view = JsonTree.object();
    view.set("low", JsonTree.number(bin.low()));
    view.set("high", JsonTree.number(bin.high()));
    view.set("count", JsonTree.number(bin.weight()));
    return view;
  }
}
