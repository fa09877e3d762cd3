package firebreak.guard;

import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Withdrawal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A flag provider whose versions are fences, with an audit log that lags behind, an outage now and
 * then, and a network that loses, delays and repeats what is sent.
 */
final class SimulatedFlags {
  /** By whom a write was when no intent made it. */
  static final String HUMAN = "human";

  static final String UNDO = "undo";
  static final String STEP = "step";

  /** A change that took effect. */
  record Write(String flag, String by, long version, long millis, @Nullable Withdrawal withdrawal) {
    boolean isIntended() {
      return withdrawal != null;
    }
  }

  /** One flag: those it is withdrawn from, and whether its owners have closed it to the guard. */
  static final class Flag {
    final String key;
    final List<Write> writes = new ArrayList<>();
    final Set<String> withdrawnFrom = new TreeSet<>();
    boolean on = true;
    boolean archived;
    Set<String> tags = Set.of();
    long version = 1;
    private @Nullable FlagState before;

    Flag(String key) {
      this.key = key;
    }

    FlagState state() {
      return new FlagState(
          key,
          Long.toString(version),
          on,
          List.of("true", "false"),
          "false",
          true,
          archived,
          tags,
          "{\"version\":" + version + "}");
    }

    boolean serves(String context) {
      return on && !withdrawnFrom.contains(context);
    }
  }

  /** An audit log's dates may differ so much from the flag's own. */
  private static final long DATES_DIFFER_MILLIS = 1_000;

  private final Simulation simulation;
  private final Map<String, Flag> flags = new TreeMap<>();

  /** Whether the provider compares fences; a provider that does not is a wrong one. */
  boolean fenced = true;

  /** Hears every write that took effect. */
  Consumer<Write> onWrite = _ -> {};

  SimulatedFlags(Simulation simulation) {
    this.simulation = simulation;
  }

  Flag add(String key) {
    return flags.computeIfAbsent(key, Flag::new);
  }

  Flag flag(String key) {
    Flag flag = flags.get(key);
    if (flag == null) {
      throw new IllegalArgumentException("there is no flag " + key + ", only " + flags.keySet());
    }
    return flag;
  }

  List<String> keys() {
    return List.copyOf(flags.keySet());
  }

  List<Write> writes() {
    return flags.values().stream().flatMap(flag -> flag.writes.stream()).toList();
  }

  /** A person changes the flag at the provider: puts it back, turns it off, or only touches it. */
  void changeByHand(String key, int how) {
    Flag flag = flag(key);
    wrote(
        flag,
        HUMAN,
        null,
        () -> {
          if (how == 0) {
            flag.on = true;
            flag.withdrawnFrom.clear();
          } else if (how == 1) {
            flag.on = false;
          }
        });
  }

  /** As the provider answers a reader, now and then a few moments old. */
  Optional<FlagState> read(String key) {
    unlessAway();
    Flag flag = flags.get(key);
    if (flag == null) {
      return Optional.empty();
    }
    boolean stale =
        flag.before != null
            && simulation.now() - flag.writes.getLast().millis() < 5_000
            && simulation.happens(simulation.weather.staleRead());
    return Optional.of(stale && flag.before != null ? flag.before : flag.state());
  }

  private void unlessAway() {
    if (simulation.isProviderAway()) {
      throw new UncheckedIOException(new IOException("connection refused"));
    }
  }

  /** One request over the network. */
  Outcome apply(Withdrawal withdrawal) {
    Weather weather = simulation.weather;
    if (simulation.isProviderAway()) {
      return new Outcome.Unavailable("connection refused", Duration.ofSeconds(5));
    }
    if (simulation.happens(weather.busy())) {
      simulation.disturbed();
      return new Outcome.Unavailable(
          "too many requests", Duration.ofSeconds(simulation.between(1, 30)));
    }
    if (simulation.happens(weather.forbidden())) {
      simulation.disturbed();
      return simulation.happens(0.5)
          ? new Outcome.NeedsApproval("the environment needs approval")
          : new Outcome.Refused("no right");
    }
    if (simulation.happens(weather.requestLost())) {
      simulation.disturbed();
      if (simulation.happens(0.5)) {
        long later = simulation.now() + simulation.between(100, 600_000);
        simulation.at(later, () -> write(withdrawal));
      }
      return new Outcome.Unknown("no answer");
    }
    Outcome outcome = write(withdrawal);
    if (simulation.happens(weather.repeated())) {
      simulation.disturbed();
      long later = simulation.now() + simulation.between(100, 300_000);
      simulation.at(later, () -> write(withdrawal));
    }
    if (simulation.happens(weather.replyLost())) {
      simulation.disturbed();
      return new Outcome.Unknown("no answer");
    }
    return outcome;
  }

  private Outcome write(Withdrawal withdrawal) {
    Flag flag = flag(withdrawal.flag());
    if (fenced && !withdrawal.fence().equals(Long.toString(flag.version))) {
      return new Outcome.Superseded(Long.toString(flag.version));
    }
    String before = flag.state().definition();
    wrote(flag, withdrawal.intent(), withdrawal, () -> withdraw(flag, withdrawal.audience()));
    return new Outcome.Applied(Long.toString(flag.version), before, flag.state().definition());
  }

  private static void withdraw(Flag flag, Audience audience) {
    switch (audience) {
      case Audience.Contexts contexts -> flag.withdrawnFrom.addAll(contexts.keys());
      case Audience.Segment _, Audience.Everyone _ -> flag.on = false;
    }
  }

  private void wrote(Flag flag, String by, @Nullable Withdrawal withdrawal, Runnable change) {
    flag.before = flag.state();
    change.run();
    flag.version++;
    Write write = new Write(flag.key, by, flag.version, simulation.now(), withdrawal);
    flag.writes.add(write);
    onWrite.accept(write);
  }

  Outcome undo(Withdrawal withdrawal, String fence) {
    Flag flag = flag(withdrawal.flag());
    if (simulation.isProviderAway()) {
      return new Outcome.Unavailable("connection refused", Duration.ofSeconds(5));
    }
    if (!fence.equals(Long.toString(flag.version))) {
      return new Outcome.Superseded(Long.toString(flag.version));
    }
    String before = flag.state().definition();
    wrote(
        flag,
        UNDO,
        null,
        () -> {
          flag.on = true;
          flag.withdrawnFrom.clear();
        });
    return new Outcome.Applied(Long.toString(flag.version), before, flag.state().definition());
  }

  /** Gives a part back; until all is, this flag serves nobody, which no promise is about. */
  Outcome restore(Restoration step) {
    Flag flag = flag(step.withdrawal().flag());
    if (simulation.isProviderAway()) {
      return new Outcome.Unavailable("connection refused", Duration.ofSeconds(5));
    }
    if (!step.fence().equals(Long.toString(flag.version))) {
      return new Outcome.Superseded(Long.toString(flag.version));
    }
    String before = flag.state().definition();
    wrote(
        flag,
        STEP,
        null,
        () -> {
          switch (step.portion()) {
            case Restoration.Portion.Share share -> flag.on = share.percent() == 100;
            case Restoration.Portion.Contexts(List<String> keys) ->
                flag.withdrawnFrom.removeAll(keys);
          }
        });
    return new Outcome.Applied(Long.toString(flag.version), before, flag.state().definition());
  }

  /** Asks the provider's audit log, whose newest entries may not be there yet. */
  Landing landed(Withdrawal withdrawal) {
    if (simulation.isProviderAway()) {
      return new Landing.Unreachable("connection refused");
    }
    Flag flag = flag(withdrawal.flag());
    if (withdrawal.fence().equals(Long.toString(flag.version))) {
      return new Landing.Absent();
    }
    long seenUntil = simulation.now() - simulation.weather.auditLagMillis();
    for (Write write : flag.writes) {
      if (write.by().equals(withdrawal.intent()) && write.millis() <= seenUntil) {
        return new Landing.Landed(Long.toString(write.version()), "{}", "{}");
      }
    }
    long newest =
        flag.writes.stream()
            .mapToLong(Write::millis)
            .filter(written -> written <= seenUntil)
            .max()
            .orElse(0);
    boolean complete = flag.writes.getLast().millis() <= newest + DATES_DIFFER_MILLIS;
    return complete
        ? new Landing.Absent()
        : new Landing.Unreachable("the audit log does not have the flag's last change yet");
  }

  /** How many writes of each intent took effect. */
  long effects(String intent) {
    return writes().stream().filter(write -> write.by().equals(intent)).count();
  }

  /** The intents that took effect. */
  Set<String> intents() {
    Set<String> intents = new HashSet<>();
    for (Write write : writes()) {
      if (write.isIntended()) {
        intents.add(write.by());
      }
    }
    return intents;
  }
}
