package firebreak.bench.accuracy;

import java.util.List;

/** Names what the bad events share, best first. */
interface Ranker {
  String name();

  List<Slice> rank(Incident incident);
}
