package firebreak.eventstore;

import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A query while it is being changed. */
final class QueryDraft {
  List<String> datasets;
  TimeRange range;
  List<Calculation> calculations;
  Filter filter;
  List<String> breakdowns;
  List<Order> orders;
  List<Having> havings;
  int limit;
  Duration granularity;
  Duration comparisonOffset;
  Map<String, Formula> derived;
  boolean wantsTotal;
  boolean wantsOther;

  QueryDraft(Query query) {
    datasets = query.datasets();
    range = query.range();
    calculations = query.calculations();
    filter = query.filter();
    breakdowns = query.breakdowns();
    orders = query.orders();
    havings = query.havings();
    limit = query.limit();
    granularity = query.granularity();
    comparisonOffset = query.comparisonOffset();
    derived = query.derived();
    wantsTotal = query.wantsTotal();
    wantsOther = query.wantsOther();
  }

  Query query() {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        havings,
        limit,
        granularity,
        comparisonOffset,
        derived,
        wantsTotal,
        wantsOther);
  }
}
