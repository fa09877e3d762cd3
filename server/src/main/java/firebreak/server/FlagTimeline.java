package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what happens to flags on the timeline, with the fence that each change produced; this is how
 * the guard knows which fence was in force when a burn began.
 *
 * <p>A flag's first sight is put there too. It is no change, but from then on its fence is known.
 */
final class FlagTimeline {
  private static final Logger LOG = LoggerFactory.getLogger(FlagTimeline.class);

  /** Senders' clocks may run this much ahead of ours. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private static final int SUMMARY_CHARACTERS = 120;

  private final FlagSwitch flags;
  private final ChangeLog changes;
  private final String environment;
  private final String service;

  /** The newest flag change on the timeline, by flag. */
  private final Map<String, Change.FlagChange> newest = new HashMap<>();

  private boolean recalled;

  FlagTimeline(FlagSwitch flags, ChangeLog changes, String environment, String service) {
    this.flags = flags;
    this.changes = changes;
    this.environment = environment;
    this.service = service;
  }

  /**
   * Looks at every flag, once at the start and now and then, in case a notice was missed. A
   * provider that is away is looked at again the next time: it may be away just when something
   * burns.
   */
  synchronized void observeAll(Instant now) {
    try {
      flags.all().forEach(flag -> observe(flag, now));
    } catch (UncheckedIOException e) {
      LOG.warn("flags cannot be read: {}; they are looked at again soon", e.getMessage());
    }
  }

  /** Looks at a flag that is said to have changed. */
  synchronized void observe(String flag, Instant now) {
    try {
      flags.read(flag).ifPresent(state -> observe(state, now));
    } catch (UncheckedIOException e) {
      LOG.warn("flag {} cannot be read: {}; it is looked at again soon", flag, e.getMessage());
    }
  }

  /** Reads the timeline once; from then on this is the one who writes flags to it. */
  private void recall(Instant now) {
    if (recalled) {
      return;
    }
    for (Change change : changes.changes(new TimeRange(Instant.EPOCH, now.plus(AHEAD)))) {
      if (change instanceof Change.FlagChange flag
          && flag.environment().equals(environment)
          && !flag.fence().isEmpty()) {
        newest.put(flag.flag(), flag);
      }
    }
    recalled = true;
  }

  private void observe(FlagState state, Instant now) {
    recall(now);
    Change.FlagChange last = newest.get(state.key());
    if (last != null && last.fence().equals(state.fence())) {
      return;
    }
    String id = Change.flagChangeId(state.key(), environment, state.fence());
    @Nullable Change told = changes.find(id).orElse(null);
    boolean known = told instanceof Change.FlagChange flag && flag.own();
    // A fence that is a hash comes back with what it is the hash of, and that is a new change: told
    // under its old name it would be folded into the first, as if nothing had been touched since.
    if (told != null && last != null && told.time().isBefore(last.time())) {
      known = false;
      id = Change.id(id, now.toString());
    }
    Change.FlagChange seen =
        new Change.FlagChange(
            id,
            now,
            state.key(),
            service,
            environment,
            state.fence(),
            last == null ? "" : last.after(),
            state.definition(),
            false,
            summary(state, last == null),
            "",
            "");
    newest.put(state.key(), seen);
    if (!known) {
      changes.record(seen);
    }
  }

  private static String summary(FlagState state, boolean isFirstSight) {
    String text =
        isFirstSight
            ? state.key() + " as it was found"
            : state.key() + " changed in the flag provider";
    return text.length() > SUMMARY_CHARACTERS ? text.substring(0, SUMMARY_CHARACTERS) : text;
  }
}
