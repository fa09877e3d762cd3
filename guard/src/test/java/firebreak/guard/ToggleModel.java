package firebreak.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every state that two replicas, a provider, a network and a person can get into while a flag is
 * turned off, for a protocol and its wrong relatives.
 *
 * <p>Any step of anybody may come next: a request arrives, late or never, its answer is lost, a
 * replica dies and starts anew with what it wrote down, a person turns the flag. Versions count
 * from 0, the one that the blamed change made.
 */
final class ToggleModel {
  static final int CRASHES = 3;
  static final int HUMAN_ACTS = 3;
  static final int SENDS = 4;

  private static final int NO_FENCE = -1;

  /** Which version a request names. */
  enum Fence {
    NONE,
    /** The one in force at each sending. */
    CURRENT,
    /** The one that the replica read when it decided, kept from then on. */
    FIRST_READ,
    /** The one that the blamed change made. */
    BLAMED
  }

  /**
   * A protocol.
   *
   * @param intent whether it writes down what it will do before it sends
   * @param shared whether both replicas write to one store
   * @param asksAfterRefusal whether a refused request makes it ask for its intent in the provider's
   *     log, as another replica may have made the change
   */
  record Variant(Fence fence, boolean intent, boolean shared, boolean asksAfterRefusal) {}

  /** Where a replica stands; all of it is lost in a crash. */
  private enum Step {
    IDLE,
    DECIDED,
    INTENDED,
    WAITING,
    UNKNOWN,
    APPLIED,
    SUPERSEDED,
    STOOD_DOWN
  }

  private record Replica(Step step, int fence) {
    static final Replica NEW = new Replica(Step.IDLE, NO_FENCE);

    Replica to(Step next) {
      return new Replica(next, fence);
    }
  }

  /** What is written down, as the furthest step and the fence. */
  private record Entry(Step step, int fence) {
    static final Entry NONE = new Entry(Step.IDLE, NO_FENCE);
  }

  /** A request on its way; the replica that waits for its answer, or -1. */
  private record Request(int fence, int waiting) {}

  private record State(
      int version,
      boolean on,
      int effects,
      boolean humanActed,
      boolean overHuman,
      int crashes,
      int humans,
      int sends,
      List<Request> network,
      List<Replica> replicas,
      List<Entry> store) {

    State with(int i, Replica replica) {
      return new State(
          version,
          on,
          effects,
          humanActed,
          overHuman,
          crashes,
          humans,
          sends,
          network,
          replaced(replicas, i, replica),
          store);
    }

    State writing(int slot, Entry entry) {
      return new State(
          version,
          on,
          effects,
          humanActed,
          overHuman,
          crashes,
          humans,
          sends,
          network,
          replicas,
          replaced(store, slot, entry));
    }

    State through(List<Request> requests) {
      return new State(
          version,
          on,
          effects,
          humanActed,
          overHuman,
          crashes,
          humans,
          sends,
          requests,
          replicas,
          store);
    }

    State crashed() {
      return new State(
          version,
          on,
          effects,
          humanActed,
          overHuman,
          crashes - 1,
          humans,
          sends,
          network,
          replicas,
          store);
    }

    State sent() {
      return new State(
          version,
          on,
          effects,
          humanActed,
          overHuman,
          crashes,
          humans,
          sends - 1,
          network,
          replicas,
          store);
    }

    State turned() {
      return new State(
          version + 1,
          !on,
          effects,
          true,
          overHuman,
          crashes,
          humans - 1,
          sends,
          network,
          replicas,
          store);
    }

    State changed() {
      return new State(
          version + 1,
          false,
          effects + 1,
          humanActed,
          overHuman || humanActed,
          crashes,
          humans,
          sends,
          network,
          replicas,
          store);
    }

    private static <T> List<T> replaced(List<T> list, int i, T value) {
      List<T> copy = new ArrayList<>(list);
      copy.set(i, value);
      return List.copyOf(copy);
    }
  }

  /**
   * How many states there are, and in how many a promise is broken.
   *
   * @param twice one intent has changed the flag twice
   * @param overHuman a change of ours came after a person's
   * @param falseRecord all is at rest, and the record is not what happened
   */
  record Verdict(int states, int twice, int overHuman, int falseRecord) {
    boolean isSafe() {
      return twice + overHuman + falseRecord == 0;
    }
  }

  private final Variant variant;
  private final Set<State> seen = new HashSet<>();
  private final Deque<State> next = new ArrayDeque<>();

  private ToggleModel(Variant variant) {
    this.variant = variant;
  }

  /** Visits every state, nearest first. */
  static Verdict check(Variant variant) {
    return new ToggleModel(variant).check();
  }

  private Verdict check() {
    List<Replica> replicas = List.of(Replica.NEW, Replica.NEW);
    List<Entry> store = List.of(Entry.NONE, Entry.NONE);
    visit(
        new State(
            0, true, 0, false, false, CRASHES, HUMAN_ACTS, SENDS, List.of(), replicas, store));
    int twice = 0;
    int overHuman = 0;
    int falseRecord = 0;
    while (!next.isEmpty()) {
      State state = next.remove();
      twice += state.effects > 1 ? 1 : 0;
      overHuman += state.overHuman ? 1 : 0;
      falseRecord += isAtRest(state) && isFalse(state) ? 1 : 0;
      follow(state);
    }
    return new Verdict(seen.size(), twice, overHuman, falseRecord);
  }

  private void visit(State state) {
    if (seen.add(state)) {
      next.add(state);
    }
  }

  private void follow(State state) {
    if (state.humans > 0) {
      visit(state.turned());
    }
    for (int i = 0; i < state.network.size(); i++) {
      arrive(state, i);
    }
    for (int i = 0; i < state.replicas.size(); i++) {
      if (state.crashes > 0 && state.replicas.get(i).step != Step.IDLE) {
        visit(abandoned(state.crashed(), i).with(i, Replica.NEW));
      }
      act(state, i);
    }
  }

  /** A request is lost, or arrives; its answer is lost or reaches who waits for it. */
  private void arrive(State state, int index) {
    Request request = state.network.get(index);
    List<Request> others = new ArrayList<>(state.network);
    others.remove(index);
    State lost = state.through(List.copyOf(others));
    visit(lost);
    boolean admitted = request.fence == NO_FENCE || request.fence == state.version;
    boolean changes = admitted && state.on;
    State after = changes ? lost.changed() : lost;
    visit(after);
    if (request.waiting >= 0) {
      visit(answered(after, request.waiting, admitted));
    }
  }

  private State answered(State state, int i, boolean admitted) {
    Replica replica = state.replicas.get(i);
    if (admitted) {
      return settle(state, i, Step.APPLIED);
    }
    return variant.asksAfterRefusal
        ? state.with(i, replica.to(Step.UNKNOWN))
        : settle(state, i, Step.SUPERSEDED);
  }

  private State settle(State state, int i, Step how) {
    Replica replica = state.replicas.get(i).to(how);
    return state.with(i, replica).writing(slot(i), new Entry(how, replica.fence));
  }

  private int slot(int replica) {
    return variant.shared ? 0 : replica;
  }

  /** No answer will be listened for any more. */
  private static State abandoned(State state, int i) {
    List<Request> requests = new ArrayList<>();
    for (Request one : state.network) {
      requests.add(one.waiting == i ? new Request(one.fence, -1) : one);
    }
    return state.through(sorted(requests));
  }

  private static List<Request> sorted(List<Request> requests) {
    return requests.stream()
        .sorted(
            (a, b) ->
                a.fence != b.fence
                    ? Integer.compare(a.fence, b.fence)
                    : Integer.compare(a.waiting, b.waiting))
        .toList();
  }

  private void act(State state, int i) {
    Replica replica = state.replicas.get(i);
    switch (replica.step) {
      case IDLE -> decide(state, i);
      case DECIDED -> {
        Entry entry = state.store.get(slot(i));
        if (entry.step != Step.IDLE) {
          visit(state.with(i, resumed(entry)));
        } else if (variant.intent) {
          visit(
              state
                  .with(i, replica.to(Step.INTENDED))
                  .writing(slot(i), new Entry(Step.INTENDED, replica.fence)));
        } else {
          visit(state.with(i, replica.to(Step.INTENDED)));
        }
      }
      case INTENDED -> send(state, i);
      case WAITING -> visit(abandoned(state, i).with(i, replica.to(Step.UNKNOWN)));
      case UNKNOWN -> reconcile(state, i);
      case APPLIED, SUPERSEDED, STOOD_DOWN -> {}
    }
  }

  /** What is written down comes first; of what was only intended, nobody knows how far it got. */
  private static Replica resumed(Entry entry) {
    Step step = entry.step == Step.INTENDED ? Step.UNKNOWN : entry.step;
    return new Replica(step, entry.fence);
  }

  private void decide(State state, int i) {
    Entry entry = state.store.get(slot(i));
    if (entry.step != Step.IDLE) {
      visit(state.with(i, resumed(entry)));
    } else if (state.on) {
      boolean touched = variant.fence == Fence.BLAMED && state.version != 0;
      int fence =
          switch (variant.fence) {
            case NONE, CURRENT -> NO_FENCE;
            case FIRST_READ -> state.version;
            case BLAMED -> 0;
          };
      Step step = touched ? Step.STOOD_DOWN : Step.DECIDED;
      visit(state.with(i, new Replica(step, fence)));
    }
  }

  private void send(State state, int i) {
    if (state.sends == 0) {
      return;
    }
    int fence =
        switch (variant.fence) {
          case NONE -> NO_FENCE;
          case CURRENT -> state.version;
          case FIRST_READ, BLAMED -> state.replicas.get(i).fence;
        };
    List<Request> requests = new ArrayList<>(state.network);
    requests.add(new Request(fence, i));
    visit(state.sent().through(sorted(requests)).with(i, state.replicas.get(i).to(Step.WAITING)));
  }

  private void reconcile(State state, int i) {
    Replica replica = state.replicas.get(i);
    switch (variant.fence) {
      case NONE -> {
        if (state.on) {
          send(state, i);
        } else {
          visit(settle(state, i, Step.APPLIED)); // it is off, so it must have been us
        }
      }
      case CURRENT -> {
        if (state.effects > 0) {
          visit(settle(state, i, Step.APPLIED));
        } else if (state.on) {
          send(state, i);
        } else {
          visit(settle(state, i, Step.SUPERSEDED));
        }
      }
      case FIRST_READ, BLAMED -> {
        if (state.effects > 0) {
          visit(settle(state, i, Step.APPLIED));
        } else if (state.version != replica.fence) {
          visit(settle(state, i, Step.SUPERSEDED));
        } else {
          send(state, i);
        }
      }
    }
  }

  private boolean isAtRest(State state) {
    boolean quiet = state.network.isEmpty();
    for (int i = 0; i < state.replicas.size(); i++) {
      quiet &=
          switch (state.replicas.get(i).step) {
            case IDLE -> !state.on && state.store.get(slot(i)).step == Step.IDLE;
            case APPLIED, SUPERSEDED, STOOD_DOWN -> true;
            case DECIDED, INTENDED, WAITING, UNKNOWN -> false;
          };
    }
    return quiet;
  }

  private static boolean isFalse(State state) {
    boolean changed = state.effects > 0;
    boolean saysSo = state.store.stream().anyMatch(entry -> entry.step == Step.APPLIED);
    boolean deniesIt = state.store.stream().anyMatch(entry -> entry.step == Step.SUPERSEDED);
    return changed != saysSo || (changed && deniesIt);
  }
}
