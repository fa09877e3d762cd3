package firebreak.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.sim.fleet.Notice;
import java.time.Instant;
import java.util.List;

/** Tells a server of a production's changes, when each notice arrives: late, twice, or never. */
final class FleetTellings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Notice> notices;
  private final FleetFlags flags;
  private final ServerClient server;
  private int next;

  /**
   * What is told.
   *
   * @param notices in the order in which they arrive
   */
  FleetTellings(List<Notice> notices, FleetFlags flags, ServerClient server) {
    this.notices = notices;
    this.flags = flags;
    this.server = server;
  }

  /** Tells what has arrived until a time and has not been told yet. */
  void until(Instant time) {
    while (next < notices.size() && !notices.get(next).arrives().isAfter(time)) {
      tell(notices.get(next++));
    }
  }

  /** How many notices have been told. */
  int told() {
    return next;
  }

  private void tell(Notice notice) {
    switch (notice.type()) {
      case DEPLOY ->
          server.fact(
              Facts.DEPLOYS,
              Facts.deploy(
                  notice.service(),
                  notice.subject(),
                  "",
                  notice.finishedAt() == null ? "started" : "succeeded",
                  notice.time(),
                  notice.finishedAt(),
                  notice.id()));
      // A flag's provider does not know which services ask for it.
      case FLAG ->
          server.fact(
              Facts.FLAG_CHANGES,
              Facts.flagChange(
                  notice.subject(),
                  "",
                  flags.fence(notice),
                  notice.time(),
                  tree(notice.before()),
                  tree(notice.after())));
      case MARKER -> server.marker(notice.service(), notice.subject(), notice.time(), notice.id());
    }
  }

  private static JsonNode tree(String definition) {
    try {
      return JSON.readTree(FlagFileEdit.tagged(definition));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a flag's definition is JSON, was " + definition, e);
    }
  }
}
